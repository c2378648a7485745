"""Write the Open Repair Data Standard (ORDS 0.3) strictly.

Law: what is written passes the published table schema; a row that cannot is left out and named.
Source: Open Repair Alliance, table schema of the 2025-07 release.
"""

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from dure.engines.ords import FIELDS, Repair
from dure.engines.ords_words import (
    BARRIER_TEXT,
    CATEGORIES,
    CATEGORY_MISC,
    STATUS_TEXT,
    Outcome,
)

_ID = re.compile(r"[a-z]+-[0-9]+", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{3}", re.ASCII)
_CATEGORY_ID = re.compile(r"[0-9]{1,2}", re.ASCII)
_YEAR = re.compile(r"[0-9]{4}", re.ASCII)
_AGE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})?", re.ASCII)
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)


def strict_id(identity: str) -> str:
    """Give an id the form that the published pattern asks: lower-case letters, a hyphen, digits.

    Digits of the name part are spelt a-j. An id without a number at its end gets one from its
    SHA-256. Two ids may meet in one strict id: `write` then leaves the later out and names it.
    Source: pattern `^[a-z]+-[0-9]+$` of the table schema.

    >>> strict_id("fixitclinic_1690"), strict_id("rc-7"), strict_id("cafe2_7")
    ('fixitclinic-1690', 'rc-7', 'cafec-7')
    """
    if _ID.fullmatch(identity):
        return identity
    head, number = re.fullmatch(r"(.*?)([0-9]*)", identity, re.DOTALL).groups()  # type: ignore[union-attr]  # always matches
    letters = "".join(
        "abcdefghij"[int(c)] if c in "0123456789" else c
        for c in head.lower()
        if c.isascii() and c.isalnum()
    )
    if not number:
        number = str(int.from_bytes(hashlib.sha256(identity.encode()).digest()[:6]))
    return f"{letters or 'x'}-{number}"


def strict(repair: Repair) -> dict[str, str]:
    """Write one repair so that it passes the published schema; what the source did not say stays
    empty.

    A barrier stands only beside an end of life. Text that a sheet program would run as a
    formula gets a leading apostrophe.

    >>> from datetime import date
    >>> repair = Repair("rc_7", "Cafe", "KOR", "", 16, None, None, None, Outcome.FIXED, None, "",
    ...                 date(2025, 6, 7), "=1+1")
    >>> strict(repair)["repair_status"], strict(repair)["problem"]
    ('Fixed', "'=1+1")
    """
    category = repair.category if repair.category is not None else CATEGORY_MISC
    barrier = repair.barrier if repair.outcome is Outcome.END_OF_LIFE else None
    return {
        "id": strict_id(repair.id),
        "data_provider": _inert(repair.provider),
        "country": repair.country,
        "partner_product_category": _inert(repair.partner_category),
        "product_category": CATEGORIES[category].en,
        "product_category_id": str(category),
        "brand": _inert(repair.brand or "Unknown"),
        "year_of_manufacture": "" if repair.year is None else f"{repair.year:04d}",
        "product_age": repair.age or "",
        "repair_status": STATUS_TEXT[repair.outcome],
        "repair_barrier_if_end_of_life": BARRIER_TEXT[barrier] if barrier else "",
        "group_identifier": _inert(repair.group),
        "event_date": repair.on.isoformat(),
        "problem": _inert(repair.problem),
    }


def _inert(text: str) -> str:
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def violations(row: Mapping[str, str]) -> tuple[str, ...]:
    """Name the fields of a written row that break the published schema; empty means it passes.

    Own check of the table schema's constraints, independent of how `strict` writes them.
    """
    bad: list[str] = []
    if set(row) != set(FIELDS):
        bad.append("fields")
        return tuple(bad)
    if not _ID.fullmatch(row["id"]):
        bad.append("id")
    if not _COUNTRY.fullmatch(row["country"]):
        bad.append("country")
    if not _CATEGORY_ID.fullmatch(row["product_category_id"]):
        bad.append("product_category_id")
    if row["year_of_manufacture"] and not _YEAR.fullmatch(row["year_of_manufacture"]):
        bad.append("year_of_manufacture")
    if row["product_age"] and not _AGE.fullmatch(row["product_age"]):
        bad.append("product_age")
    if row["repair_status"] not in STATUS_TEXT.values():
        bad.append("repair_status")
    if row["repair_barrier_if_end_of_life"] not in ("", *BARRIER_TEXT.values()):
        bad.append("repair_barrier_if_end_of_life")
    if not _DATE.fullmatch(row["event_date"]):
        bad.append("event_date")
    return tuple(bad)


@dataclass(frozen=True, slots=True)
class Written:
    """An exported file, how many rows it holds, and the ids left out because their source gave no
    lawful value."""

    text: str
    row_count: int
    left_out: tuple[tuple[str, tuple[str, ...]], ...]


def write(repairs: Iterable[Repair], *, problem: bool = False) -> Written:
    """Write a CSV that passes the published table schema.

    repairs : any number; ids must be unique after `strict_id`, else the later one is left out and
              named
    problem : whether the volunteers' free text goes along; off by default, for it may name people
    Returns   Written; header first, RFC 4180 with CRLF; a row whose source lacks a lawful country
              is left out and named
    """
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, FIELDS, lineterminator="\r\n")
    writer.writeheader()
    left_out: list[tuple[str, tuple[str, ...]]] = []
    ids: set[str] = set()
    for repair in repairs:
        row = strict(repair if problem else replace(repair, problem=""))
        broken = violations(row) + (("id",) if row["id"] in ids else ())
        if broken:
            left_out.append((repair.id, broken))
            continue
        ids.add(row["id"])
        writer.writerow(row)
    return Written(out.getvalue(), len(ids), tuple(left_out))
