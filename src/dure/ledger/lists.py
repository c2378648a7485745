"""Lists of grants: read strictly, judged row by row, judged again before anything is issued.

Nouns: row (줄: to whom, how much), fault (고칠 것), verdict (판정).
Law: a list with one faulty row issues nothing; the sum never passes the issue limit nor the won
that lies in the programme's fund.
"""

from __future__ import annotations

import calendar
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Sum

from dure.core import clock, parsers
from dure.core.errors import Refusal
from dure.core.text import T
from dure.engines.cells import CAPS, Cell, Number, SheetRefused
from dure.engines.sheets import open_sheet
from dure.registry.models import Login

from .models import Account, LotGrant, LotList, Programme
from .opening import rule
from .programme_errors import ProgrammeCode

TO = ("받는 사람", "to")
AMOUNT = ("금액", "amount")
ROWS_MAX = 20_000
FAULTS: Mapping[str, T] = {
    "unknown": T("모르는 사람", "nobody known"),
    "no_account": T("사업에 들어오지 않음", "has not joined the programme"),
    "amount": T("금액을 고칠 것", "the amount must be corrected"),
    "twice": T("두 번 적힘", "stands twice"),
    "not_open": T("멈추었거나 닫힌 계정", "account frozen or closed"),
    "holding": T("보유 한도를 넘음", "above the holding limit"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One row as it was written."""

    row: int
    to: str
    amount: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row judged: the holder's account, the amount, and the fault ("" = none)."""

    row: int
    holder: int | None
    amount: int | None
    fault: str


def read(content: bytes) -> list[Wanted]:
    """Read a list of two columns (받는 사람, 금액) with header: CSV, or a workbook's first sheet.

    Raises ``ledger.bad_list`` when it is no such file, is empty or has more than 20,000 rows.
    """
    caps = replace(CAPS, rows=ROWS_MAX + 1)
    try:
        found = open_sheet(io.BytesIO(content), caps=caps).rows()
        rows = [(row.line, [_text(cell) for cell in row.cells]) for row in found]
    except SheetRefused:
        raise Refusal(ProgrammeCode.BAD_LIST, rows="1") from None
    header = [cell.strip() for cell in rows[0][1]] if rows else []
    places = [_place(header, names) for names in (TO, AMOUNT)]
    filled = [(number, row) for number, row in rows[1:] if any(row)]
    if None in places or not 1 <= len(filled) <= ROWS_MAX:
        raise Refusal(ProgrammeCode.BAD_LIST, rows="1")
    to_at, amount_at = (place for place in places if place is not None)
    return [_wanted(number, row, to_at, amount_at) for number, row in filled]


def _text(cell: Cell) -> str:
    """A cell as text; a date is no amount and nobody's name."""
    if isinstance(cell, Number):
        return "" if cell.dated else cell.text
    return cell if isinstance(cell, str) else ""


def _place(header: Sequence[str], names: tuple[str, ...]) -> int | None:
    found = [place for place, cell in enumerate(header) if cell in names]
    return found[0] if len(found) == 1 else None


def _wanted(number: int, row: Sequence[str], to_at: int, amount_at: int) -> Wanted:
    to = row[to_at].strip() if to_at < len(row) else ""
    try:
        amount: int | None = parsers.won(row[amount_at].strip() if amount_at < len(row) else "")
    except parsers.ParseError:
        amount = None
    return Wanted(number, to, amount)


def judged(programme: Programme, rows: Sequence[Wanted]) -> list[Verdict]:
    """Judge every row: who it is, whether she has an account, whether it is within her limit."""
    people = people_named({row.to for row in rows})
    holders = _holders(programme, people.values())
    first: set[int] = set()
    found = []
    for row in rows:
        person = people.get(row.to)
        holder = holders.get(person) if person is not None else None
        fault = ""
        if person is None:
            fault = "unknown"
        elif holder is None:
            fault = "no_account"
        elif row.amount is None:
            fault = "amount"
        elif holder in first:
            fault = "twice"
        if holder is not None:
            first.add(holder)
        found.append(Verdict(row.row, holder, row.amount, fault))
    return _limited(programme, found)


def judged_again(programme: Programme, listed: LotList) -> list[Verdict]:
    """Judge the rows of a kept list anew: accounts and limits as they are now."""
    rows = LotGrant.rows.filter(list=listed).order_by("row")
    kept = [Verdict(one.row, one.holder_id, one.amount, one.fault) for one in rows]
    return _limited(programme, kept)


def _limited(programme: Programme, rows: list[Verdict]) -> list[Verdict]:
    good = [row.holder for row in rows if not row.fault and row.holder is not None]
    is_open = set(
        Account.rows.filter(id__in=good, status=Account.Status.OPEN).values_list("id", flat=True)
    )
    has = held(good)
    most = rule(programme, "holding")
    found = []
    for row in rows:
        if row.fault or row.holder is None:
            found.append(row)
        elif row.holder not in is_open:
            found.append(replace(row, fault="not_open"))
        elif most and has.get(row.holder, 0) + (row.amount or 0) > most:
            found.append(replace(row, fault="holding"))
        else:
            found.append(row)
    return found


def held(holders: Iterable[int]) -> dict[int, int]:
    """What each holder has in lots that are not over."""
    rows = Account.rows.filter(parent__in=set(holders), lot__valid_to__gte=clock.today())
    sums = rows.values("parent_id").annotate(total=Sum("balance"))
    return {row["parent_id"]: row["total"] or 0 for row in sums}


def people_named(names: set[str]) -> dict[str, UUID]:
    """The person behind each name: an id, the handle of an account, the handle of a sign-in."""
    found: dict[str, UUID] = {}
    for name in names:
        try:
            found[name] = UUID(parsers.uuid(name))
        except parsers.ParseError:
            continue
    handles = {name.lower(): name for name in names - set(found) if name}
    logins = Login.objects.filter(handle__in=list(handles)).values_list("handle", "person_id")
    accounts = Account.rows.filter(handle__in=list(handles), owner_person__isnull=False)
    for handle, person in [*logins, *accounts.values_list("handle", "owner_person_id")]:
        if person is not None:
            found[handles[handle]] = person
    return found


def _holders(programme: Programme, people: Iterable[UUID]) -> dict[UUID, int]:
    rows = Account.rows.filter(
        book=programme.book_id, unit=programme.unit_id, parent=None, owner_person__in=set(people)
    )
    return dict(rows.order_by("-id").values_list("owner_person_id", "id"))


def check_funded(programme: Programme, amount: int) -> None:
    """Refuse more vouchers than the won in the programme's fund can redeem."""
    if programme.fund is None or programme.issuer is None:
        return
    left = programme.fund.balance + programme.issuer.balance
    if amount > left:
        raise Refusal(ProgrammeCode.ISSUE_LIMIT, left=max(0, left))


def last_day(first: date, months: int) -> date:
    """The last day of a validity of so many months, both days counted.

    >>> last_day(date(2026, 1, 31), 1).isoformat(), last_day(date(2026, 7, 1), 60).isoformat()
    ('2026-02-28', '2031-06-30')
    """
    month = first.month - 1 + months
    year, month = first.year + month // 12, month % 12 + 1
    day = min(first.day, calendar.monthrange(year, month)[1])
    end = date(year, month, day)
    return end if day < first.day else end - timedelta(days=1)
