"""Verdicts on an organisation list (행별 판정): each row ok, mended, to be asked about, or refused.

Nouns
    row judged : values in the register's own terms, the issues found, the verdict
    late issue : what is known only when the whole file was read: same names, missing federations
Law
    A verdict is the row's gravest issue (`dure.engines.issues`). Nothing personal leaves a row
    by its issues: values are masked. A cell shaped like a resident registration number is blanked
    here, before anything is written anywhere.
Source
    Registry design, *Import*; its table yields the expected verdicts of the three fixture files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dure.engines import cell_readings as read
from dure.engines.cells import NO_VALUE, Cell, Number, Row
from dure.engines.hangul import search_key
from dure.engines.headers import REQUIRED, Field
from dure.engines.issues import Issue, Level, verdict_of
from dure.engines.organisation_rows import KINDS, STATES, OrganisationRow, Terms, column_reader
from dure.engines.rrn import has_rrn

__all__ = [
    "COOP_KINDS",
    "KINDS",
    "STATES",
    "Judge",
    "Judged",
    "OrganisationRow",
    "Terms",
    "judge_all",
]

COOP_KINDS: Final = frozenset(
    (
        "coop.consumer",
        "coop.producer",
        "coop.worker",
        "coop.multi",
        "coop.social",
        "platform_coop",
        "data_coop",
    )
)
TOTALS: Final = frozenset(("합계", "총계", "소계", "계", "총합계"))
VALUE_SHOWN_MAX: Final = 60
HIDDEN_VALUE: Final = "••••"


@dataclass(frozen=True, slots=True)
class Judged:
    """One row: the line it stands on, its values, its issues."""

    line: int
    values: OrganisationRow
    issues: tuple[Issue, ...]

    @property
    def verdict(self) -> str:
        """ "ok", "fix", "warn" or "reject", late issues not counted."""
        return verdict_of(self.issues)


class Judge:
    """Judges rows one by one, then says what only the whole file shows.

    Memory: one short text and a number a row.
    """

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.totals: list[int] = []
        self._column = {f: i + 1 for i, f in enumerate(terms.columns) if f is not None}
        self._district_names = {code: name for name, code in terms.districts.items()}
        self._readers = [
            (i, f, column_reader(f, terms)) for i, f in enumerate(terms.columns) if f is not None
        ]
        self._names: dict[str, int] = {}
        self._twice: set[int] = set()
        self._numbers: dict[str, int] = {}
        self._bare: set[tuple[str, str | None, date | None]] = set()
        self._parents: list[tuple[int, str]] = []

    def row(self, row: Row) -> Judged | None:
        """Judge one row; None for a total row, which is no row, and is listed in `totals`."""
        if self._is_total(row):
            self.totals.append(row.line)
            return None
        issues: list[Issue] = []
        cells = self._without_rrn(row, issues)
        values = OrganisationRow()
        found = issues
        width = self.terms.width
        if width is not None and len(row.cells) != width:
            issues.append(Issue("short_row" if len(row.cells) < width else "long_row"))
            found = []  # cells may stand under another header: what they hold is not judged
        self._read(cells, values, found)
        if found is issues:
            self._judge(row.line, values, issues)
        if row.hidden:
            issues.append(Issue("hidden_row"))
        return Judged(row.line, values, tuple(issues))

    def parents_outside(self) -> set[str]:
        """Search keys of federations that rows name and the file does not hold."""
        return {key for _, key in self._parents if key not in self._names}

    def late(self, registered: Iterable[str] = ()) -> list[tuple[int, Issue]]:
        """Issues that need the whole file, by line.

        registered : those of `parents_outside()` that the register knows
        """
        known = set(registered)
        late = [
            (line, Issue("same_name", self._column[Field.NAME])) for line in sorted(self._twice)
        ]
        for line, key in self._parents:
            if key not in self._names and key not in known:
                late.append((line, Issue("dangling_parent", self._column[Field.PARENT])))
        return late

    def _is_total(self, row: Row) -> bool:
        for key in (Field.BIZ, Field.SEQ):
            column = self._column.get(key)
            if column and column <= len(row.cells) and row.cells[column - 1] not in ("", NO_VALUE):
                return False
        return any(
            isinstance(cell, str) and len(cell) < 12 and "".join(cell.split()) in TOTALS
            for cell in row.cells
        )

    def _without_rrn(self, row: Row, issues: list[Issue]) -> Sequence[Cell]:
        """Blank every cell, the corporate number's excepted, that holds such a number."""
        corporate = self._column.get(Field.CORP, len(row.cells) + 1) - 1
        if not has_rrn("|".join(map(_text_of, row.cells[:corporate] + row.cells[corporate + 1 :]))):
            return row.cells
        cells = list(row.cells)
        amounts = {self._column.get(Field.CAPITAL, 0) - 1, self._column.get(Field.MEMBERS, 0) - 1}
        for i, cell in enumerate(row.cells):
            text = _text_of(cell)
            if i == corporate or not has_rrn(text):
                continue
            digits = text.replace(",", "")
            is_amount = i in amounts and digits.isascii() and digits.isdigit()
            if is_amount and (len(digits) != 13 or int(digits) <= read.AMOUNT_MAX):
                continue  # too long for such a number, or the one amount of thirteen digits
            cells[i] = ""
            issues.append(Issue("rrn_like", i + 1, HIDDEN_VALUE))
        return cells

    def _read(self, cells: Sequence[Cell], values: OrganisationRow, issues: list[Issue]) -> None:
        for i, column, reader in self._readers:
            if i >= len(cells):
                return
            cell = cells[i]
            if cell == "":
                continue
            mended, codes = reader(cell, values)
            if codes:
                issues += [Issue(c, i + 1, _shown(column, cell, c), mended) for c in codes]

    def _judge(self, line: int, values: OrganisationRow, issues: list[Issue]) -> None:
        """What holds between the cells of a row, and between rows read so far."""
        terms, column = self.terms, self._column
        rejected = {i.column for i in issues if i.level is Level.REJECT}
        issues += [
            Issue("empty_required", column.get(needed, 0))
            for needed in REQUIRED
            if not getattr(values, needed.value) and column.get(needed, 0) not in rejected
        ]
        self._judge_dates(values, issues)
        capital = column.get(Field.CAPITAL, 0)
        if capital and values.capital is None and not any(i.column == capital for i in issues):
            issues.append(Issue("amount_missing", capital))
        members = values.members
        if values.kind in COOP_KINDS and members is not None and members < terms.members_min:
            issues.append(Issue("below_five", column[Field.MEMBERS], str(members)))
        for code, scheme, digits in (
            ("dup_biz_no", Field.BIZ, values.biz),
            ("dup_corp_no", Field.CORP, values.corp),
        ):
            if digits is not None and self._numbers.setdefault(digits, line) != line:
                earlier = str(self._numbers[digits])
                issues.append(Issue(code, column[scheme], digits, earlier))
        self._judge_names(line, values, issues)

    def _judge_dates(self, values: OrganisationRow, issues: list[Issue]) -> None:
        terms, column = self.terms, self._column
        founded, ended = values.founded, values.ended
        if founded is not None and founded > terms.today:
            issues.append(Issue("future_date", column[Field.FOUNDED], founded.isoformat()))
        if founded is not None and ended is not None and ended < founded:
            issues.append(Issue("end_before_start", column[Field.ENDED], ended.isoformat()))
        if values.state == "closed":
            if ended is None and Field.ENDED in column:
                if not any(i.column == column[Field.ENDED] for i in issues):
                    issues.append(Issue("closed_no_end", column[Field.ENDED]))
            elif ended is not None and ended > terms.today:
                issues.append(Issue("future_date", column[Field.ENDED], ended.isoformat()))
        elif values.state is not None and ended is not None and ended < terms.today:
            issues.append(Issue("active_with_end", column[Field.ENDED], ended.isoformat()))

    def _judge_names(self, line: int, values: OrganisationRow, issues: list[Issue]) -> None:
        column = self._column
        key = search_key(values.name)
        if key:
            first = self._names.setdefault(key, line)
            if first != line:
                self._twice.update((first, line))
        if values.parent and (parent := search_key(values.parent)):
            if parent == key:
                issues.append(Issue("self_parent", column[Field.PARENT], values.parent[:60]))
            else:
                self._parents.append((line, parent))
        if values.biz is None and values.corp is None and key:
            identity = (key, values.district, values.founded)
            if identity in self._bare:
                issues.append(Issue("dup_row"))
            self._bare.add(identity)
        if values.district and values.address:
            name = self._district_names[values.district]
            words = values.address.replace(",", " ").split()[:4]
            if name not in words and any(word in self.terms.districts for word in words):
                issues.append(Issue("address_gu", column[Field.ADDRESS]))


def _text_of(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    return cell.text if isinstance(cell, Number) else ""


def _shown(column: Field, cell: Cell, code: str) -> str:
    """A cell as it may be shown beside its issue."""
    text = _text_of(cell)
    if code == "amount_too_big" and has_rrn(text):
        return HIDDEN_VALUE
    if column in (Field.MAIL, Field.PHONE) or code == "phone_in_text":
        return HIDDEN_VALUE
    return text[:VALUE_SHOWN_MAX]


def judge_all(
    rows: Iterable[Row], terms: Terms, *, registered: Callable[[set[str]], Iterable[str]] = list
) -> list[Judged]:
    """Judge a whole file held in memory; for small files and tests.

    rows       : the rows below the header
    registered : answers which of the given federation keys the register knows; by default all

    Returns    the rows judged, late issues included
    """
    judge = Judge(terms)
    judged = [found for row in rows if (found := judge.row(row)) is not None]
    late: dict[int, list[Issue]] = {}
    for line, issue in judge.late(registered(judge.parents_outside())):
        late.setdefault(line, []).append(issue)
    return [
        Judged(j.line, j.values, (*j.issues, *late[j.line])) if j.line in late else j
        for j in judged
    ]
