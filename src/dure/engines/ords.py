"""Read and write the Open Repair Data Standard (ORDS 0.3): lenient in, strict out.

Nouns: a *line* is one row of a file as text; a *repair* is what we understood of it; a *deviation*
is a place where the line breaks its own published schema; a *reading* is all of a file.
Law: every line of a file is a repair, a repeat of an earlier line, or an unusable line with its
reason; the three add up to the number of lines. A deviation never loses a line. What is exported
passes the published table schema.
Source: Open Repair Alliance, table schema `tableschema.json` of the 2025-07 release; categories
v0.3.
"""

import csv
import hashlib
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dure.engines.ords_words import (
    BARRIER_SPELLINGS,
    BARRIER_TEXT,
    CATEGORIES,
    STATUS_TEXT,
    Barrier,
    Outcome,
)

FIELDS = (
    "id", "data_provider", "country", "partner_product_category", "product_category",
    "product_category_id", "brand", "year_of_manufacture", "product_age", "repair_status",
    "repair_barrier_if_end_of_life", "group_identifier", "event_date", "problem",
)  # fmt: skip
REQUIRED = ("id", "data_provider", "country", "product_category_id", "repair_status", "event_date")

LINES_MAX = 1_000_000
TEXT_MAX = 5_000
ID_MAX = 60

_ID = re.compile(r"[a-z]+-[0-9]+", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{3}", re.ASCII)
_CATEGORY_ID = re.compile(r"[0-9]{1,2}", re.ASCII)
_YEAR = re.compile(r"[0-9]{4}", re.ASCII)
_AGE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})?", re.ASCII)
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_DATE_LENIENT = re.compile(r"([0-9]{4})[-./ ]([0-9]{1,2})[-./ ]([0-9]{1,2})(?:[T ].*)?", re.ASCII)
_USABLE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,59}", re.ASCII)


class Deviation(StrEnum):
    """A way in which a line breaks the schema that it claims to follow; the line is kept."""

    ID_PATTERN = "id_pattern"
    COUNTRY_PATTERN = "country_pattern"
    CATEGORY_UNKNOWN = "category_unknown"
    CATEGORY_NAME = "category_name"
    YEAR_PATTERN = "year_pattern"
    AGE_NUMBER = "age_number"
    STATUS_SPELLING = "status_spelling"
    STATUS_UNKNOWN = "status_unknown"
    BARRIER_SPELLING = "barrier_spelling"
    BARRIER_UNKNOWN = "barrier_unknown"
    BARRIER_MISPLACED = "barrier_misplaced"
    DATE_FORM = "date_form"
    TEXT_CLEANED = "text_cleaned"
    TEXT_CUT = "text_cut"
    TEXT_BLANKED = "text_blanked"
    CELLS_EXTRA = "cells_extra"
    CELLS_MISSING = "cells_missing"


class Unusable(StrEnum):
    """Why a line cannot become a repair."""

    NO_ID = "no_id"
    BAD_ID = "bad_id"
    NO_DATE = "no_date"
    ID_TAKEN = "id_taken"


class NotOrds(ValueError):
    """The file cannot be read as ORDS at all: encoding, header or size."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair attempt as ORDS tells it; `id` is the id as published, also where it breaks its
    pattern."""

    id: str
    provider: str
    country: str
    partner_category: str
    category: int | None
    brand: str | None
    year: int | None
    age: str | None
    outcome: Outcome
    barrier: Barrier | None
    group: str
    on: date
    problem: str

    def digest(self) -> str:
        """Name the content: equal repairs have equal digests, whatever file carries them.

        Returns 64 hex digits, SHA-256 over the fields in order, joined by the unit separator.
        """
        parts = (
            self.id, self.provider, self.country, self.partner_category, str(self.category),
            self.brand or "", str(self.year), self.age or "", self.outcome, self.barrier or "",
            self.group, self.on.isoformat(), self.problem,
        )  # fmt: skip
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that became no repair: its number in the file (the header is line 1) and why."""

    line: int
    reason: Unusable


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole file: `line_count == len(repairs) + repeat_count + len(unusable)`."""

    repairs: tuple[Repair, ...]
    line_count: int
    repeat_count: int
    unusable: tuple[BadLine, ...]
    deviations: tuple[tuple[Deviation, int], ...]


def read(data: bytes, *, forbidden: Callable[[str], bool] = lambda text: False) -> Reading:
    """Read an ORDS file leniently; count every deviation, lose nothing.

    data      : the bytes of a CSV file, UTF-8 with or without byte order mark, comma-separated,
                with header
    forbidden : says of a text whether it must not be stored (a resident registration number); such
                text is blanked
    Returns     Reading; deviations as (kind, number of lines), sorted by kind
    Raises      NotOrds when it is not UTF-8, lacks a required column, or has more than 1,000,000
                lines
    Source      ORDS 0.3 table schema, 2025-07

    >>> file = b"id,data_provider,country,product_category_id,repair_status,event_date\\n"
    >>> reading = read(file + b"rc_7,Cafe,KOR,16,fixed,2025-06-07\\n")
    >>> reading.repairs[0].outcome.value, [(kind.value, n) for kind, n in reading.deviations]
    ('fixed', [('id_pattern', 1), ('status_spelling', 1)])
    """
    lines = _rows(data)
    counts: Counter[Deviation] = Counter()
    digests: dict[str, str] = {}
    repairs: list[Repair] = []
    unusable: list[BadLine] = []
    line_count = repeat_count = 0
    for number, cells in lines:
        line_count += 1
        if line_count > LINES_MAX:
            raise NotOrds("too_many_lines", str(LINES_MAX))
        deviations: set[Deviation] = set()
        understood = _understand(cells, deviations, forbidden)
        if isinstance(understood, Unusable):
            unusable.append(BadLine(number, understood))
            continue
        digest = understood.digest()
        known = digests.get(understood.id)
        if known is not None:
            if known == digest:
                repeat_count += 1
            else:
                unusable.append(BadLine(number, Unusable.ID_TAKEN))
            continue
        digests[understood.id] = digest
        repairs.append(understood)
        counts.update(deviations)
    assert line_count == len(repairs) + repeat_count + len(unusable)
    return Reading(
        tuple(repairs), line_count, repeat_count, tuple(unusable), tuple(sorted(counts.items()))
    )


def _rows(data: bytes) -> Iterable[tuple[int, dict[str, str | None]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotOrds("not_utf8", str(error.start)) from None
    csv.field_size_limit(1 << 20)
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", strict=True)
    try:
        header = [name.strip() for name in reader.fieldnames or ()]
        missing = [name for name in REQUIRED if name not in header]
        if missing:
            raise NotOrds("columns_missing", ", ".join(missing))
        if len(set(header)) != len(header):
            raise NotOrds(
                "columns_repeated", ", ".join(sorted({h for h in header if header.count(h) > 1}))
            )
        reader.fieldnames = header
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise NotOrds("not_csv", f"{reader.line_num}: {error}") from None


def _understand(
    cells: Mapping[str, str | None], seen: set[Deviation], forbidden: Callable[[str], bool]
) -> Repair | Unusable:
    if "" in cells:
        seen.add(Deviation.CELLS_EXTRA)
    if any(cells.get(name, "") is None for name in FIELDS):
        seen.add(Deviation.CELLS_MISSING)
    raw = {name: (cells.get(name) or "").strip() for name in FIELDS}
    identity = raw["id"]
    if not identity:
        return Unusable.NO_ID
    if not _USABLE_ID.fullmatch(identity) or forbidden(identity):
        return Unusable.BAD_ID
    on = _date(raw["event_date"], seen)
    if on is None:
        return Unusable.NO_DATE
    if not _ID.fullmatch(identity):
        seen.add(Deviation.ID_PATTERN)
    country = raw["country"]
    if not _COUNTRY.fullmatch(country):
        seen.add(Deviation.COUNTRY_PATTERN)
        country = ""
    brand = _text(raw["brand"], seen, forbidden)
    outcome = _outcome(raw["repair_status"], seen)
    return Repair(
        id=identity,
        provider=_text(raw["data_provider"], seen, forbidden),
        country=country,
        partner_category=_text(raw["partner_product_category"], seen, forbidden),
        category=_category(raw["product_category_id"], raw["product_category"], seen),
        brand=None if brand in ("", "Unknown") else brand,
        year=_year(raw["year_of_manufacture"], seen),
        age=_age(raw["product_age"], seen),
        outcome=outcome,
        barrier=_barrier(raw["repair_barrier_if_end_of_life"], outcome, seen),
        group=_text(raw["group_identifier"], seen, forbidden),
        on=on,
        problem=_text(raw["problem"], seen, forbidden),
    )


def _text(value: str, seen: set[Deviation], forbidden: Callable[[str], bool]) -> str:
    if not value:
        return ""
    kept = unicodedata.normalize("NFC", value)
    if not kept.isprintable():
        kept = "".join(
            c if c == "\n" or unicodedata.category(c)[0] != "C" else " " for c in kept
        ).strip()
        if kept != unicodedata.normalize("NFC", value).replace("\r", ""):
            seen.add(Deviation.TEXT_CLEANED)
    if forbidden(kept):
        seen.add(Deviation.TEXT_BLANKED)
        return ""
    if len(kept) > TEXT_MAX:
        seen.add(Deviation.TEXT_CUT)
        kept = kept[:TEXT_MAX]
    return kept


def _date(value: str, seen: set[Deviation]) -> date | None:
    found = _DATE.fullmatch(value)
    if not found:
        found = _DATE_LENIENT.fullmatch(value)
        if not found:
            return None
        seen.add(Deviation.DATE_FORM)
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _category(identity: str, name: str, seen: set[Deviation]) -> int | None:
    known = CATEGORIES.get(int(identity)) if _CATEGORY_ID.fullmatch(identity) else None
    if known is None:
        seen.add(Deviation.CATEGORY_UNKNOWN)
        return None
    if name and name != known.en:
        seen.add(Deviation.CATEGORY_NAME)
    return known.id


def _year(value: str, seen: set[Deviation]) -> int | None:
    if not value:
        return None
    if not _YEAR.fullmatch(value):
        seen.add(Deviation.YEAR_PATTERN)
        return None
    return int(value)


def _age(value: str, seen: set[Deviation]) -> str | None:
    if not value:
        return None
    if not _AGE.fullmatch(value):
        seen.add(Deviation.AGE_NUMBER)
        return None
    return value


def _outcome(value: str, seen: set[Deviation]) -> Outcome:
    for outcome, text in STATUS_TEXT.items():
        if value == text:
            return outcome
    for outcome, text in STATUS_TEXT.items():
        if value.casefold() == text.casefold():
            seen.add(Deviation.STATUS_SPELLING)
            return outcome
    seen.add(Deviation.STATUS_UNKNOWN)
    return Outcome.UNKNOWN


def _barrier(value: str, outcome: Outcome, seen: set[Deviation]) -> Barrier | None:
    if not value:
        return None
    if outcome is not Outcome.END_OF_LIFE:
        seen.add(Deviation.BARRIER_MISPLACED)
    for barrier, text in BARRIER_TEXT.items():
        if value == text:
            return barrier
    folded = value.casefold()
    mapped = BARRIER_SPELLINGS.get(folded) or next(
        (b for b, text in BARRIER_TEXT.items() if text.casefold() == folded), None
    )
    seen.add(Deviation.BARRIER_SPELLING if mapped else Deviation.BARRIER_UNKNOWN)
    return mapped
