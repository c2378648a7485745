"""Hours given to all: neighbours give hours to a pool, those who need them ask, a rule divides.

Law: what is given moves at once into the host's account of hours, under the pool's id as the
group; nothing leaves that group but by the one division, which is never run twice.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import UUID, uuid4

from pydantic import Field

from dure.core import clock, notices, rulebook
from dure.core.actions import action, line, subject
from dure.core.actors import EVERY_PERSON, Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.models.work import Notice
from dure.core.text import T
from dure.core.types import IsoInstant, Line, UuidText
from dure.exchange import policies, posting_out, subjects
from dure.exchange.beginning import LONGEST
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Claim, Pool
from dure.exchange.pool_inputs import claims_of, digest_of, divided, rule_of
from dure.ledger.models import Account
from dure.ledger.payments import movements_of
from dure.ledger.posting import Movement
from dure.registry.models import Organisation

HOSTS = {Role.STAFF: "dm", Role.BOARD: "m"}
RULE = "exchange.gift.rule"
QUARTER = 15
GIVEN, SHARED = "시간 내놓기", "시간 나눔"
POOL = ("exchange_pool",)
VALUE = (*POOL, "ledger_transfer", "ledger_account")
GiftMinutes = Annotated[int, Field(ge=QUARTER, le=60_000)]
AskedMinutes = Annotated[int, Field(ge=0, le=60_000)]
APART = T(
    "이 모음과 이어지지 않은 시간은행의 계정입니다. 내 시간은행의 모음에 신청해 주세요",
    "your account is of a bank that this pool is not joined with; please ask a pool of your bank",
)
DIVIDED = notices.template(
    "exchange.hours_divided",
    subject=T("모인 시간을 나누었습니다", "The hours that were given are divided"),
    text=T(
        "신청한 모음의 시간을 나누었습니다. 얼마를 왜 받았는지 볼 수 있습니다.",
        "The pool you asked is divided. See how much you got, and why.",
    ),
    path="/exchange/pools/%(pool)s/",
    urgency=Notice.Urgency.DAY,
)

LEFT_OUT = notices.template(
    "exchange.hours_left_out",
    subject=T("모인 시간을 나눌 때 빠졌습니다", "You were left out when hours were divided"),
    text=T(
        "시간 계정이 닫혔거나 이 모음에서 받을 수 없거나 상한에 가까워 신청한 시간을 받지 "
        "못했습니다. 계정을 살펴보고 다음 모음에 다시 신청해 주세요.",
        "Your account of hours is closed, cannot take from this pool, or is near its limit, so "
        "you got none. Please look at your account and ask again in the next pool.",
    ),
    path="/exchange/pools/%(pool)s/",
    urgency=Notice.Urgency.DAY,
)


@dataclass(frozen=True, slots=True)
class GiftPoolRef:
    """A pool of hours: its state, what is in it, how many asked."""

    id: str
    state: str
    minutes: int
    claims: int


# Any: each action its own body.


def gift_pool(body: Any, actor: Actor) -> Pool:
    """A pool of hours; that it exists is public, people in it are not."""
    return _found(_rows(body))


def lock_gift_pool(body: Any, actor: Actor) -> Pool:
    """The same, locked."""
    return _found(_rows(body).select_for_update(of=("self",), no_key=True))


def _rows(body: Any) -> Any:  # Any: a queryset
    rows = Pool.objects.everything("a pool of hours is public; policies say who divides it")
    return rows.filter(id=body.pool_id, kind=Pool.Kind.FUND_CALL, unit="MIN", external_ref=None)


def _found(rows: Any) -> Pool:
    found: Pool | None = rows.first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="pool_id")
    return found


@action(
    "exchange.gift_pool.open",
    ko="이웃이 시간을 내놓고 나누는 모음을 엽니다.",
    en="Open a pool to which neighbours give hours.",
    policy=policies.may_open_pool,
    letters=HOSTS,
    subject=subjects.organisation,
    idempotent=True,
    writes=POOL,
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.BAD_SLOT, ExchangeCode.NO_ACCOUNT),
)
def open_gift_pool(
    organisation_id: UuidText, title: Line, closes: IsoInstant, *, actor: Actor
) -> GiftPoolRef:
    """Open it; the rule is the one of the rulebook today and stays, the salt of ties is committed.

    What the host's pools of hours had left over is carried into this one, each rest once.
    """
    host = subject(Organisation)
    now = clock.now()
    if not now < closes <= now + LONGEST:
        raise Refusal(ExchangeCode.BAD_SLOT, field="closes")
    _account(organisation=host.id)
    scopes = (("bylaw", str(host.id)), ("district", host.district_id))
    rule, salt = rulebook.value(RULE, scopes=scopes), secrets.token_bytes(32)
    made = Pool(
        id=uuid4(),
        kind=Pool.Kind.FUND_CALL,
        organisation=host,
        district_id=host.district_id,
        title=title,
        opens=now,
        closes=closes,
        estate=0,
        unit="MIN",
        lot=QUARTER,
        rule_key=RULE,
        rule_version=rule.version_id,
        tie_salt=salt,
        tie_commitment=hashlib.sha256(salt).hexdigest(),
        created_at=now,
        audit=line().id,
    )
    settled = _not_carried(host.id)
    if settled:
        made.estate = sum(_rest(one) for one in settled)
        made.terms = {"carried": made.estate, "carried_from": [str(one.id) for one in settled]}
    made.save(force_insert=True)
    line().object("exchange.pool", made.id)
    line().organisation(host.id)
    return GiftPoolRef(str(made.id), made.state, made.estate or 0, 0)


def _not_carried(host: UUID) -> list[Pool]:
    """The divided pools of hours of a host whose rest was not carried on yet, locked first."""
    rows = Pool.rows.filter(organisation=host, kind=Pool.Kind.FUND_CALL, unit="MIN")
    settled = rows.filter(state=Pool.State.SETTLED).select_for_update(no_key=True, of=("self",))
    found = list(settled.order_by("id"))
    heirs = rows.filter(terms__has_key="carried_from").values_list("terms", flat=True)
    carried = {one for terms in heirs for one in terms["carried_from"]}
    return [one for one in found if str(one.id) not in carried]


def _rest(pool: Pool) -> int:
    return (pool.estate or 0) - sum(one.awarded or 0 for one in claims_of(pool))


def _account(
    *, person: UUID | None = None, organisation: UUID | None = None, book: int | None = None
) -> Account:
    """The open account of hours of a person, or of the host; one in this book before others."""
    who = {"owner_person": person} if person is not None else {"owner_organisation": organisation}
    rows = Account.rows.filter(unit__code="TIME", parent=None, lot=None, **who)
    rows = rows.filter(status=Account.Status.OPEN).select_related("book", "unit")
    found: Account | None = min(rows, key=lambda a: (a.book_id != book, a.pk), default=None)
    if found is None:
        role = T("이웃", "neighbour") if person is not None else T("여는 조직", "host")
        raise Refusal(ExchangeCode.NO_ACCOUNT, role=role, unit=T("시간", "hours"))
    return found


def _check_open(pool: Pool) -> None:
    if pool.state != Pool.State.OPEN or pool.cancelled or pool.closes <= clock.now():
        raise Refusal(ExchangeCode.POOL_NOT_OPEN)


def _check_quarters(minutes: int) -> None:
    if minutes % QUARTER:
        why = T("15분 단위로 적습니다", "minutes go by quarters of an hour")
        raise Refusal(ExchangeCode.BAD_QUANTITY, field="minutes", why=why)


def _ref(pool: Pool) -> GiftPoolRef:
    line().object("exchange.pool", pool.id)
    line().organisation(pool.organisation_id)
    return GiftPoolRef(str(pool.id), pool.state, pool.estate or 0, len(claims_of(pool)))


@action(
    "exchange.gift_pool.give",
    ko="내 시간을 모음에 내놓습니다.",
    en="Give hours of mine to a pool.",
    policy=policies.may_join_pool,
    letters=EVERY_PERSON,
    subject=gift_pool,
    lock=lock_gift_pool,
    idempotent=True,
    value=True,
    writes=VALUE,
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.POOL_NOT_OPEN,
        ExchangeCode.BAD_QUANTITY,
        ExchangeCode.NO_ACCOUNT,
    ),
)
def give_hours(pool_id: UuidText, minutes: GiftMinutes, *, actor: Actor) -> GiftPoolRef:
    """Move them into the host's account under the pool's id; the ledger keeps every limit."""
    pool = subject(Pool)
    _check_open(pool)
    _check_quarters(minutes)
    assert actor.behalf is not None
    payee = _account(organisation=pool.organisation_id)
    payer = _account(person=actor.behalf, book=payee.book_id)
    posting_out.post(_grouped(pool, payer, payee, minutes, GIVEN))
    line().changed("estate", pool.estate, (pool.estate or 0) + minutes)
    pool.estate, pool.audit = (pool.estate or 0) + minutes, line().id
    pool.save(update_fields=["estate", "audit"])
    return _ref(pool)


def _grouped(
    pool: Pool, payer: Account, payee: Account, minutes: int, purpose: str
) -> list[Movement]:
    rows = movements_of(payer, payee, minutes, purpose)
    return [replace(row, group=pool.id) for row in rows]


@action(
    "exchange.gift_pool.ask",
    ko="모음에서 시간이 필요하다고 알립니다.",
    en="Say how many hours I need from a pool.",
    policy=policies.may_join_pool,
    letters=EVERY_PERSON,
    subject=gift_pool,
    lock=lock_gift_pool,
    idempotent=True,
    for_another=True,
    writes=("exchange_claim",),
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.POOL_NOT_OPEN,
        ExchangeCode.BAD_QUANTITY,
        ExchangeCode.NO_ACCOUNT,
    ),
)
def ask_hours(pool_id: UuidText, minutes: AskedMinutes, *, actor: Actor) -> GiftPoolRef:
    """Ask, or change what was asked; 0 takes it back. The older claim stays, withdrawn."""
    pool = subject(Pool)
    _check_open(pool)
    _check_quarters(minutes)
    assert actor.behalf is not None
    now, audit = clock.now(), line().id
    mine = Claim.rows.filter(pool=pool, person=actor.behalf, withdrawn_at=None)
    mine.update(withdrawn_at=now, audit=audit)
    if minutes:
        source = _account(organisation=pool.organisation_id)
        account = _account(person=actor.behalf, book=source.book_id)
        if not _is_joined(source, account):
            raise Refusal(ExchangeCode.BAD_QUANTITY, field="minutes", why=APART)
        room = _room(account)
        if room is not None and room < minutes:
            why = T("내 시간 계정의 상한을 넘습니다", "it would exceed the ceiling of your account")
            raise Refusal(ExchangeCode.BAD_QUANTITY, field="minutes", why=why)
        Claim.rows.create(pool=pool, person=actor.behalf, asked=minutes, made_at=now, audit=audit)
    line().changed("asked", None, minutes)
    return _ref(pool)


def _is_joined(source: Account, account: Account) -> bool:
    """Whether hours go from one account to the other: of one book, or of two that are joined."""
    try:
        movements_of(source, account, QUARTER, SHARED)
    except Refusal:
        return False
    return True


def _room(account: Account) -> int | None:
    """How much more may come in; None without a ceiling."""
    return None if account.hi is None else account.hi - account.balance - account.held_in


@action(
    "exchange.gift_pool.divide",
    ko="모인 시간을 규칙대로 나눕니다.",
    en="Divide the hours of a pool by its rule.",
    policy=policies.may_divide_pool,
    letters=HOSTS,
    subject=gift_pool,
    lock=lock_gift_pool,
    idempotent=True,
    value=True,
    writes=(*VALUE, "exchange_claim"),
    notices=(DIVIDED, LEFT_OUT),
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.GUARD,
        ExchangeCode.POOL_NOT_OPEN,
        ExchangeCode.NOTHING_TO_DIVIDE,
        ExchangeCode.NO_ACCOUNT,
    ),
)
def divide_hours(pool_id: UuidText, *, actor: Actor) -> GiftPoolRef:
    """Divide once, after closing, and move what each got; the rest stays for the next pool.

    Who could no longer take what was asked (the account is near its ceiling) is left out and told;
    where nobody asked, all of it stays.
    Source: `engines.allotment` by the rule that the pool was opened with.
    """
    pool = subject(Pool)
    if pool.state != Pool.State.OPEN or pool.cancelled:
        raise Refusal(ExchangeCode.POOL_NOT_OPEN)
    if pool.closes > clock.now():
        why = T("아직 신청을 받고 있습니다", "claims are still being taken")
        raise Refusal(ExchangeCode.GUARD, why=why)
    asked = {one.person for one in claims_of(pool) if one.person is not None}
    source = _account(organisation=pool.organisation_id)
    accounts = _takers(pool, source)
    claims = claims_of(pool)
    rule = rule_of(pool)
    assert rule is not None, "a pool of hours is opened with its rule"
    if not pool.estate:
        raise Refusal(ExchangeCode.NOTHING_TO_DIVIDE)
    found = divided(pool, claims, rule)
    movements = list[Movement]()
    for place, claim in enumerate(claims):
        claim.awarded, claim.audit = found.awards[place], line().id
        part = found.decisive(place)
        exact = str(sum(one.exact for one in found.parts(place)))
        claim.reason = {"rule": rule.value, "exact": exact, **({"why": part.why} if part else {})}
        if claim.awarded and claim.person is not None:
            payee = accounts[claim.person]
            movements += _grouped(pool, source, payee, claim.awarded, SHARED)
    Claim.rows.bulk_update(claims, ["awarded", "reason", "audit"])
    if movements:
        posting_out.post(movements)
    line().changed("state", pool.state, Pool.State.SETTLED.value)
    pool.state, pool.input_hash, pool.audit = Pool.State.SETTLED, digest_of(pool), line().id
    pool.save(update_fields=["state", "input_hash", "audit"])
    people = sorted({one.person for one in claims if one.person is not None})
    notices.tell_many(people, DIVIDED, places={"pool": str(pool.id)})
    notices.tell_many(sorted(asked - set(people)), LEFT_OUT, places={"pool": str(pool.id)})
    return _ref(pool)


def _takers(pool: Pool, source: Account) -> dict[UUID, Account]:
    """The accounts of those who asked; who has no room left, or no open account that takes from
    the host's, is left out with that reason."""
    found: dict[UUID, Account] = {}
    for claim in claims_of(pool):
        assert claim.person is not None, "people ask for hours"
        try:
            account = _account(person=claim.person, book=source.book_id)
        except Refusal:
            why = "no_account"
        else:
            room = _room(account)
            fits = room is None or room >= claim.asked
            if fits and _is_joined(source, account):
                found[claim.person] = account
                continue
            why = "not_joined" if fits else "ceiling"
        claim.withdrawn_at, claim.reason, claim.audit = clock.now(), {"why": why}, line().id
        claim.save(update_fields=["withdrawn_at", "reason", "audit"])
    return found
