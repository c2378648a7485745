"""Programmes in a box: opened from one body, closed with everything settled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal
from uuid import uuid4

from django.db.backends.postgresql.psycopg_any import DateRange

from dure.core import clock, notices, rulebook
from dure.core.actions import Reason, action, always, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.models.rules import RuleVersion
from dure.core.types import CodeText, IsoDate, Line, Name, Part, UuidText, WonStock
from dure.ledger import boxes, ending, opening, programme_policies, telling
from dure.ledger import programme_subjects as subjects
from dure.ledger.boxes import BOXES, RuleRow
from dure.ledger.errors import LedgerCode
from dure.ledger.models import Account, Book, Programme, Unit
from dure.ledger.opening import OPENED, POSTED, ROWS_MAX, WON
from dure.ledger.posting import post
from dure.ledger.programme_errors import ProgrammeCode
from dure.ledger.types import RowId
from dure.registry.models import Organisation

PPM = 1_000_000


class SignedRule(Part):
    """One rule that the opening signs as a by-law of the organisation, with its source."""

    part: CodeText
    value: WonStock | None = None
    words: Line | None = None
    source: Line
    article: Name | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeRef:
    """A programme: its number, its address name, its book and its state."""

    id: str
    code: str
    book: str
    state: str


def complete_for_second(body: Any, actor: Actor) -> bool:  # Any: the body of the opening
    """Always a second person; but nobody is asked about a body that could not open anyway."""
    runner = subject(Organisation)
    box = BOXES[body.kind]
    given = {rule.part for rule in body.rules if _given(box, rule) is not None}
    missing = [
        row
        for row in boxes.rows(body.kind, boxes.scopes_of(runner.pk, runner.district_id))
        if not row.is_signed and row.key.rsplit(".", 1)[1] not in given
    ]
    if missing:
        raise boxes.unsigned(missing)
    return True


@action(
    "ledger.programme.open",
    ko="시간은행, 지역화폐, 지역사랑상품권, 바우처 사업을 엽니다.",
    en="Open a time bank, a local currency, a regional voucher or a voucher for an aim.",
    policy=programme_policies.may_run_programme,
    letters=programme_policies.RUNNERS,
    subject=subjects.organisation,
    second_person=complete_for_second,
    idempotent=True,
    reason=Reason.OPTIONAL,
    audit_refusals=True,
    writes=("core_ruleversion", "ledger_book", *OPENED, "ledger_programme"),
    refusals=(
        CoreCode.NOT_FOUND,
        ProgrammeCode.RULE_UNSIGNED,
        ProgrammeCode.RULE_UNKNOWN,
        LedgerCode.BOOK_NAME_TAKEN,
    ),
    constraints={"book_name_once": LedgerCode.BOOK_NAME_TAKEN},
)
def open_programme(
    organisation_id: UuidText,
    kind: Literal["timebank", "mutual", "regional", "voucher"],
    name: Name,
    opens: IsoDate,
    name_en: Name | None = None,
    closes: IsoDate | None = None,
    rules: tuple[SignedRule, ...] = (),
    *,
    actor: Actor,
) -> ProgrammeRef:
    """Open a programme from one body: rules signed, book, issuer, funds and fee account.

    Rules named here become by-laws of the organisation from today, with their source; every rule
    that the kind needs must then be signed. Source: ledger design, *programme in a box*; for a
    지역사랑상품권 the statute named in the rulebook; it never has demurrage, a credit line or a
    grant out of nothing.
    """
    runner = subject(Organisation)
    box = BOXES[kind]
    if closes is not None and closes <= opens:
        raise Refusal(CoreCode.BAD_FIELD, field="closes", range=f"> {opens.isoformat()}")
    _sign(box, runner, rules)
    chosen = boxes.signed(kind, boxes.scopes_of(runner.pk, runner.district_id))
    book = Book.rows.create(
        organisation=runner,
        district=runner.district_id,
        name=name,
        opened_at=clock.now(),
        audit=line().id,
    )
    made = _programme(box, book, chosen, name, name_en or "", opens, closes)
    line().object("ledger.programme", made.pk)
    line().organisation(runner.pk)
    line().changed("name", None, name)
    line().changed("rules", None, [f"{part}={row.value}" for part, row in chosen.items()])
    return _ref(made)


def _sign(box: boxes.Box, runner: Organisation, rules: tuple[SignedRule, ...]) -> None:
    today = clock.today()
    fresh = []
    for rule in rules:
        given = _given(box, rule)
        fresh.append(
            RuleVersion(
                rule_id=box.key(rule.part),
                scope_kind="bylaw",
                scope_id=str(runner.pk),
                value=given,
                valid=DateRange(today, None),
                source=rule.source,
                article=rule.article or "",
                status="decided",
                adopted_by=f"organisation:{runner.pk}",
                written_at=clock.now(),
                audit=line().id,
            )
        )
    RuleVersion.rows.bulk_create(fresh)


def _given(box: boxes.Box, rule: SignedRule) -> int | str | None:
    """What a rule of the body says, in the form the rulebook gives it."""
    given = rule.words if rule.value is None else rule.value
    if rule.part not in box.needs or not _fits(box, rule.part, given):
        raise Refusal(ProgrammeCode.RULE_UNKNOWN, field="rules")
    return given


def _fits(box: boxes.Box, part: str, given: int | str | None) -> bool:
    """Whether a value has the form that the rulebook gives this rule, within its bounds."""
    known = rulebook.value(box.key(part)).value
    if isinstance(known, int):
        if not isinstance(given, int) or (part == "validity_months" and given < 1):
            return False
        if part == "pass_on":
            return given in (0, 1)
        return given <= PPM if part.endswith("_ppm") else True
    if part == "fee_payer":
        return given in ("payer", "payee")
    return isinstance(given, str)


def _programme(
    box: boxes.Box,
    book: Book,
    chosen: dict[str, RuleRow],
    name: str,
    name_en: str,
    opens: date,
    closes: date | None,
) -> Programme:
    unit = Unit.rows.get(code=box.unit)
    base = {"book_id": book.pk, "unit_id": unit.pk}
    limit = chosen["issue_limit"].value
    issuer = opening.make(
        **base, kind=Account.Type.ISSUER, label=f"{name} 발행", limits=(-limit, 0)
    )
    community = opening.make(**base, kind=Account.Type.EQUITY, label=f"{name} 공동기금")
    fees = opening.make(**base, kind=Account.Type.INCOME, label=f"{name} 수수료")
    fund = None
    if box.has_lots:
        won = {"book_id": book.pk, "unit_id": Unit.rows.get(code=WON).pk}
        opening.make(**won, kind=Account.Type.ASSET, label=f"{name} 별도 계좌")
        fund = opening.make(**won, kind=Account.Type.EQUITY, label=f"{name} 적립금")
    versions = {part: row.version_id for part, row in chosen.items()}
    taken = Programme.rows.filter(kind=box.kind, book__district=book.district).count()
    made: Programme = Programme.rows.create(
        book=book,
        unit=unit,
        kind=box.kind,
        state=Programme.State.OPEN,
        code=f"{box.kind}-{book.district}-{taken + 1}",
        name=name,
        name_en=name_en,
        issuer=issuer,
        fund=fund,
        fees=fees,
        community=community,
        fee_rule=versions.get("fee_ppm"),
        demurrage_rule=versions.get("demurrage_ppm"),
        exempt_rule=versions.get("demurrage_exempt"),
        validity_rule=versions.get("validity_months"),
        discount_rule=versions.get("redeem_discount_ppm"),
        grant_rule=versions.get("grant"),
        rules={
            part: {"value": row.value, "version": str(row.version_id)}
            for part, row in chosen.items()
        },
        opens_on=opens,
        closes_on=closes,
        opened_at=clock.now(),
        audit=line().id,
    )
    return made


def _ref(programme: Programme) -> ProgrammeRef:
    return ProgrammeRef(str(programme.pk), programme.code, str(programme.book_id), programme.state)


@dataclass(frozen=True, slots=True)
class Closing:
    """Where the closing of a programme stands: its state, its last day, accounts left to settle."""

    state: str
    closes_on: str
    left: int


@action(
    "ledger.programme.close",
    ko="사업을 마친다고 알리고, 때가 되면 남은 것을 정리합니다.",
    en="Announce that a programme ends and, when its day has come, settle what is left.",
    policy=programme_policies.may_run_programme,
    letters=programme_policies.RUNNERS,
    subject=subjects.programme,
    lock=subjects.lock_programme,
    second_person=always,
    idempotent=True,
    reason=Reason.REQUIRED,
    audit_refusals=True,
    value=True,
    writes=("ledger_programme", *POSTED),
    notices=(telling.ENDING,),
    refusals=(
        CoreCode.NOT_FOUND,
        ProgrammeCode.PROGRAMME_CLOSED,
        ProgrammeCode.PROGRAMME_OPEN_VALUE,
    ),
)
def close_programme(programme_id: RowId, *, actor: Actor) -> Closing:
    """First announce the last day; after it, bring every account to zero by rule, then close.

    Minutes and local currency that are left expire to the issuer and open debts are let go, both
    as rows; vouchers must be redeemed, expired or recalled before. Afterwards issued = spent +
    expired + paid back, and the issuer stands at 0. Source: rulebook `ledger.programme.close_days`.
    """
    programme = subject(Programme)
    line().object("ledger.programme", programme.pk)
    if programme.state == Programme.State.CLOSED:
        raise Refusal(ProgrammeCode.PROGRAMME_CLOSED)
    if programme.state == Programme.State.OPEN:
        return _announce(programme)
    assert programme.closes_on is not None
    if clock.today() <= programme.closes_on:
        left = ending.open_value(programme)
        raise Refusal(ProgrammeCode.PROGRAMME_OPEN_VALUE, left=f"{left:,}")
    return _settle(programme)


def _announce(programme: Programme) -> Closing:
    days = rulebook.value("ledger.programme.close_days").integer
    last = clock.today() + timedelta(days=days)
    if programme.closes_on is not None and programme.closes_on < last:
        last = max(programme.closes_on, clock.today())
    members = ending.members(programme)
    notices.tell_many(sorted(members), telling.ENDING)
    _move(programme, Programme.State.CLOSING, closes_on=last)
    return Closing(programme.state, last.isoformat(), len(members))


def _settle(programme: Programme) -> Closing:
    if programme.has_lots:
        left = ending.open_value(programme)
        if left:
            raise Refusal(ProgrammeCode.PROGRAMME_OPEN_VALUE, left=f"{left:,}")
    rows = ending.settling(programme, group=uuid4())
    if rows:
        post(rows[:ROWS_MAX])
    left = max(0, len(rows) - ROWS_MAX)
    if not left:
        ending.close_accounts(programme)
        _move(programme, Programme.State.CLOSED)
    assert programme.closes_on is not None
    return Closing(programme.state, programme.closes_on.isoformat(), left)


def _move(programme: Programme, state: Programme.State, *, closes_on: date | None = None) -> None:
    line().changed("state", programme.state, state.value)
    programme.state = state
    programme.audit = line().id
    if closes_on is not None:
        line().changed("closes_on", programme.closes_on, closes_on)
        programme.closes_on = closes_on
    if state is Programme.State.CLOSED:
        programme.closed_at = clock.now()
    programme.save(update_fields=["state", "closes_on", "closed_at", "audit"])
