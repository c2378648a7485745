"""Members and shops of a programme from a list: read strictly, judged row by row, then opened.

Nouns: row (줄: a person by handle or id; a shop by business number, id or name, with its sales),
fault (고칠 것), enrol (회원 등록).
Law: a list with one faulty row enrols nobody. What a page has judged, the action judges again.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from dure.core import amounts, clock, parsers
from dure.core.errors import CoreCode, Refusal
from dure.core.parsers import ParseError
from dure.core.running import line
from dure.core.text import T
from dure.engines.cell_readings import plain_text
from dure.engines.cells import CAPS, Row, SheetRefused
from dure.engines.rrn import has_rrn
from dure.engines.sheets import open_sheet
from dure.registry.import_errors import refusal_of
from dure.registry.models import Organisation, OrgNumber, Person

from . import lists, opening
from .models import Account, Programme, ProgrammeShop, Unit
from .programme_errors import ProgrammeCode

ROWS_MAX = 500
FILE_MAX = 2_000_000
SHOWN_MAX = 60
MEMBER = ("회원", "받는이름", "회원번호", "member", "handle")
SHOP = ("가맹점", "조직", "사업자등록번호", "사업자번호", "shop", "businessnumber")
SALES = ("매출", "한해매출", "연매출", "sales", "yearlysales")
NO_MEMBERS = T("제목 줄에 ‘회원’ 칸이 한 번 있어야 합니다", "the header must hold ‘member’ once")
NO_SHOPS = T("제목 줄에 ‘가맹점’ 칸이 한 번 있어야 합니다", "the header must hold ‘shop’ once")
NO_ROWS = T(f"1–{ROWS_MAX}줄", f"1 to {ROWS_MAX} rows")
UNKNOWN_PERSON = T("모르는 사람", "nobody known")
UNKNOWN_SHOP = T("등록되지 않은 조직", "no organisation of the register")
TWO_SHOPS = T("이름이 같은 조직이 둘 넘음. 사업자등록번호를 적을 것", "several bear this name")
TWICE = T("두 번 적힘", "stands twice")
JOINED = T("이미 들어온 사람", "has joined already")
SHOP_KNOWN = T("이미 등록한 가맹점", "registered already")
ENDED = T("문을 닫은 조직", "an organisation that has ended")
SALES_NEEDED = T("한 해 매출을 숫자로 적을 것", "state its yearly sales as a number")
NO_NUMBERS = T("주민등록번호가 든 줄은 받지 않음", "a resident registration number is not accepted")
_BUSINESS = re.compile(r"[0-9]{3}-?[0-9]{2}-?[0-9]{5}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One row as it was written, cells at most 60 characters."""

    line: int
    who: str
    sales: str = ""


@dataclass(slots=True)
class Judged:
    """One row judged. `who` is the person or the organisation; no fault = it can be enrolled."""

    line: int
    typed: str
    name: str = ""
    who: UUID | None = None
    sales: int | None = None
    faults: list[T] = field(default_factory=list)


# -- reading ---------------------------------------------------------------------------------------


def read(content: bytes, *, shops: bool) -> list[Wanted]:
    """Read a CSV or the first sheet of a workbook, with a header, at most 500 rows.

    Raises Refusal of the file as a whole: no table, no header, no rows or too many.
    """
    try:
        caps = replace(CAPS, rows=ROWS_MAX + 1, file_bytes=FILE_MAX)
        rows = list(open_sheet(io.BytesIO(content), caps=caps).rows())
    except SheetRefused as refused:
        raise refusal_of(refused) from None
    header = ["".join(plain_text(cell).split()).lower() for cell in rows[0].cells] if rows else []
    who_at, sales_at = _place(header, SHOP if shops else MEMBER), _place(header, SALES)
    if who_at is None:
        raise Refusal(CoreCode.BAD_FIELD, field="file", range=NO_SHOPS if shops else NO_MEMBERS)
    found = [
        Wanted(row.line, _text(row, who_at), _text(row, sales_at) if shops else "")
        for row in rows[1:]
    ]
    filled = [one for one in found if one.who or one.sales]
    if not 1 <= len(filled) <= ROWS_MAX:
        raise Refusal(CoreCode.BAD_FIELD, field="file", range=NO_ROWS)
    return filled


def _place(header: Sequence[str], known: tuple[str, ...]) -> int | None:
    found = [place for place, label in enumerate(header) if label in known]
    return found[0] if len(found) == 1 else None


def _text(row: Row, place: int | None) -> str:
    if place is None or place >= len(row.cells):
        return ""
    return plain_text(row.cells[place]).strip()[:SHOWN_MAX]


# -- members ---------------------------------------------------------------------------------------


def members(programme: Programme, rows: Sequence[Wanted]) -> list[Judged]:
    """Judge people named by handle or id: known, not twice, not in the programme yet."""
    typed = {row.line: row.who.removeprefix("@").lower() for row in rows}
    named = lists.people_named(set(typed.values()))
    known = set(Person.rows.filter(pk__in=named.values()).values_list("pk", flat=True))
    joined = _joined(programme, known)
    seen: set[UUID] = set()
    found = []
    for row in rows:
        person = named.get(typed[row.line])
        one = Judged(row.line, row.who, row.who, person if person in known else None)
        if has_rrn(row.who):
            one.typed, one.name, one.faults = "", "", [NO_NUMBERS]
        elif one.who is None:
            one.faults = [UNKNOWN_PERSON]
        elif one.who in seen:
            one.faults = [TWICE]
        elif one.who in joined:
            one.faults = [JOINED]
        if one.who is not None:
            seen.add(one.who)
        found.append(one)
    return found


def _joined(programme: Programme, people: Iterable[UUID]) -> set[UUID]:
    rows = Account.rows.filter(
        book=programme.book_id, unit=programme.unit_id, parent=None, owner_person__in=set(people)
    )
    return set(rows.values_list("owner_person_id", flat=True))


# -- shops -----------------------------------------------------------------------------------------


def shops(programme: Programme, rows: Sequence[Wanted]) -> list[Judged]:
    """Judge organisations named by business number, id or name, with the sales they declare."""
    known = _organisations({row.who for row in rows})
    standing = _standing(programme)
    seen: set[UUID] = set()
    found = []
    for row in rows:
        one, named = Judged(row.line, row.who), known.get(row.who, [])
        if len(named) == 1:
            one.who, one.name = named[0].pk, named[0].name
        if has_rrn(row.who):
            one.typed, one.faults = "", [NO_NUMBERS]
        elif not named:
            one.faults = [UNKNOWN_SHOP]
        elif len(named) > 1:
            one.faults = [TWO_SHOPS]
        elif one.who in seen:
            one.faults = [TWICE]
        elif one.who in standing:
            one.faults = [SHOP_KNOWN]
        elif named[0].ended_on is not None and named[0].ended_on <= clock.today():
            one.faults = [ENDED]
        else:
            one.faults = _of_sales(programme, row.sales, one)
        if one.who is not None:
            seen.add(one.who)
        found.append(one)
    return found


def _of_sales(programme: Programme, typed: str, one: Judged) -> list[T]:
    if typed:
        try:
            one.sales = 0 if typed == "0" else amounts.typed(typed, "KRW")
        except ParseError:
            return [SALES_NEEDED]
    most = opening.rule(programme, "shop_sales_most")
    if not most:
        return []
    if one.sales is None:
        return [SALES_NEEDED]
    if one.sales > most:
        return [
            T(
                f"한 해 매출이 한도({most:,}원)를 넘음",
                f"its sales are above the limit ({most:,} won)",
            )
        ]
    return []


def _standing(programme: Programme) -> set[UUID]:
    rows = ProgrammeShop.rows.filter(programme=programme, left_at=None)
    found: set[UUID] = set(rows.values_list("account__owner_organisation_id", flat=True))
    return found


def _organisations(typed: set[str]) -> Mapping[str, list[Organisation]]:
    """The living organisations behind each text: a business number, an id, else a whole name."""
    numbers = {text.replace("-", ""): text for text in typed if _BUSINESS.fullmatch(text)}
    ids: dict[UUID, str] = {}
    for text in typed:
        try:
            ids[UUID(parsers.uuid(text))] = text
        except ParseError:
            continue
    found: dict[str, list[Organisation]] = {}
    living = Organisation.rows.filter(merged_into=None, annulled=False)
    for one in living.filter(pk__in=ids):
        found.setdefault(ids[one.pk], []).append(one)
    valid = OrgNumber.rows.filter(scheme="biz", digits__in=numbers, valid__contains=clock.today())
    for number in valid.filter(organisation__in=living).select_related("organisation"):
        assert number.digits is not None
        found.setdefault(numbers[number.digits], []).append(number.organisation)
    names = typed - set(numbers.values()) - set(ids.values())
    for one in living.filter(name__in=names):
        found.setdefault(one.name, []).append(one)
    return found


def open_shop(programme: Programme, shop: Organisation, sales: int | None) -> Account:
    """Open the account of one shop; in a voucher programme also the one its won goes to.

    Raises ``ledger.shop_known``, ``ledger.shop_too_large``, or the field that lacks the sales.
    """
    if shop.pk in _standing(programme):
        raise Refusal(ProgrammeCode.SHOP_KNOWN)
    most = opening.rule(programme, "shop_sales_most")
    if most and sales is None:
        raise Refusal(CoreCode.BAD_FIELD, field="sales", range=f"0–{most:,}")
    if most and sales is not None and sales > most:
        raise Refusal(ProgrammeCode.SHOP_TOO_LARGE, most=f"{most:,}")
    won = None
    if programme.has_lots:
        won = opening.make(
            book_id=programme.book_id,
            unit_id=Unit.rows.get(code=opening.WON).pk,
            kind=Account.Type.LIABILITY,
            label=f"{programme.name} 정산금",
            organisation=shop.pk,
        )
    account = opening.member(programme, organisation=shop.pk)
    ProgrammeShop.rows.create(
        programme=programme,
        account=account,
        won_account=won,
        joined_at=clock.now(),
        audit=line().id,
    )
    return account
