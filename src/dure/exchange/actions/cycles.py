"""Order cycles of a hub: opened, changed, cancelled."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from uuid import uuid4

from django.db.models import F
from pydantic import Field

from dure.core import clock, rulebook
from dure.core.actions import Reason, Who, action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.core.types import Count, IsoInstant, Line, Note, UuidText
from dure.engines.rationing import Rule
from dure.exchange import answers as typed
from dure.exchange import food_subjects, policies, subjects
from dure.exchange.beginning import LONGEST
from dure.exchange.errors import ExchangeCode
from dure.exchange.food_terms import RULE_KEY, CycleTerms, PaysIn, RuleCode, cycle_terms
from dure.exchange.models import Pool, Timer
from dure.registry.models import Organisation

from .events import HOSTS

SALT_BYTES = 32
DEPOSIT_IN = ("won", "voucher")


@dataclass(frozen=True, slots=True)
class CycleRef:
    """The id of a cycle."""

    id: str


@action(
    "exchange.cycle.open",
    ko="먹거리 주문 회차를 엽니다.",
    en="Open a food order cycle.",
    policy=policies.may_open_event,
    letters=HOSTS,
    who=(Who.PERSON, Who.OPERATOR),
    subject=subjects.organisation,
    idempotent=True,
    writes=("exchange_pool",),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.BAD_SLOT, ExchangeCode.BAD_QUANTITY),
)
def open_cycle(
    organisation_id: UuidText,
    title: Line,
    place: Line,
    opens: IsoInstant,
    closes: IsoInstant,
    pickup: IsoInstant,
    pays: PaysIn = "won",
    text: Note | None = None,
    deposit: Count = 0,
    synthetic: Annotated[bool, Field(strict=True)] = False,
    *,
    actor: Actor,
) -> CycleRef:
    """Say when orders are taken and when baskets are collected.

    A shortage is shared by the hub's rule as it is now; what breaks ties is drawn now and shown
    after closing, its hash at once. `pays` gift: surplus or a garden's harvest, without a price.
    `deposit` : won or voucher won on the crate of each basket; it stays as it is now.
    Effects: a Pool of kind order_cycle.
    """
    host = subject(Organisation)
    _check_times(opens, closes, pickup)
    if deposit and pays not in DEPOSIT_IN:
        why = T("보증금은 원이나 상품권으로만 맡깁니다", "a deposit is in won or vouchers")
        raise Refusal(ExchangeCode.BAD_QUANTITY, field="deposit", why=why)
    scopes = (("bylaw", str(host.id)), ("district", host.district_id))
    rule = rulebook.value(RULE_KEY, scopes=scopes)
    code: RuleCode = Rule(str(rule.value)).value
    salt = secrets.token_bytes(SALT_BYTES)
    made = Pool(
        id=uuid4(),
        kind=Pool.Kind.ORDER_CYCLE,
        organisation=host,
        district_id=host.district_id,
        title=title,
        place=place,
        opens=opens,
        closes=closes,
        pickup=pickup,
        rule_key=RULE_KEY,
        rule_version=rule.version_id,
        tie_salt=salt,
        tie_commitment=hashlib.sha256(salt).hexdigest(),
        terms=typed.to_json(CycleTerms(pays, code, text, deposit=deposit)),
        is_synthetic=synthetic,
        created_at=clock.now(),
        audit=line().id,
    )
    made.save(force_insert=True)
    line().object("exchange.pool", made.id)
    line().organisation(host.id)
    line().changed("closes", None, closes)
    return CycleRef(str(made.id))


def _check_times(opens: datetime, closes: datetime, pickup: datetime) -> None:
    now = clock.now()
    if not opens < closes or closes <= now:
        raise Refusal(ExchangeCode.BAD_SLOT, field="closes")
    if not closes < pickup <= now + LONGEST:
        raise Refusal(ExchangeCode.BAD_SLOT, field="pickup")


@action(
    "exchange.cycle.change",
    ko="주문 회차의 내용을 고칩니다.",
    en="Change an order cycle.",
    policy=policies.may_edit_event,
    letters=HOSTS,
    who=(Who.PERSON, Who.OPERATOR),
    subject=food_subjects.cycle,
    lock=food_subjects.lock_cycle,
    idempotent=True,
    writes=("exchange_pool", "exchange_timer"),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.BAD_SLOT, ExchangeCode.NO_ORDERS_NOW),
)
def change_cycle(
    cycle_id: UuidText,
    title: Line | None = None,
    place: Line | None = None,
    closes: IsoInstant | None = None,
    pickup: IsoInstant | None = None,
    text: Note | None = None,
    *,
    actor: Actor,
) -> CycleRef:
    """Change what is named while orders are taken; times of open baskets move along.

    The rule and what breaks ties stay as they were at opening.
    """
    cycle = subject(Pool)
    food_subjects.check_open(cycle)
    given = {"title": title, "place": place, "closes": closes, "pickup": pickup}
    before = (cycle.closes, cycle.pickup)
    for name, value in given.items():
        if value is not None and getattr(cycle, name) != value:
            line().changed(name, getattr(cycle, name), value)
            setattr(cycle, name, value)
    assert cycle.pickup is not None
    _check_times(cycle.opens, cycle.closes, cycle.pickup)
    if text is not None:
        cycle.terms = typed.to_json(replace(cycle_terms(cycle), text=text))
    cycle.audit = line().id
    cycle.save(update_fields=[*given, "terms", "audit"])
    products = Pool.rows.filter(parent=cycle)
    products.update(closes=cycle.closes, pickup=cycle.pickup, audit=line().id)
    move_timers(cycle, before[0])
    line().object("exchange.pool", cycle.id)
    line().organisation(cycle.organisation_id)
    return CycleRef(str(cycle.id))


def move_timers(cycle: Pool, closed: datetime) -> None:
    """Let the alarms of its baskets that hang on the closing move with it; `closed`: as it was."""
    shift = cycle.closes - closed
    if not shift:
        return
    rows = Timer.rows.filter(agreement__pool=cycle, fired_at=None)
    rows = rows.filter(transition__in=("dropped", "not_allotted"))
    rows.update(due_at=F("due_at") + shift, audit=line().id)


@action(
    "exchange.cycle.cancel",
    ko="주문 회차를 취소합니다.",
    en="Cancel an order cycle.",
    policy=policies.may_edit_event,
    letters=HOSTS,
    who=(Who.PERSON, Who.OPERATOR),
    subject=food_subjects.cycle,
    lock=food_subjects.lock_cycle,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=("exchange_pool", "exchange_timer"),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.NO_ORDERS_NOW),
)
def cancel_cycle(cycle_id: UuidText, *, actor: Actor) -> CycleRef:
    """Say that a cycle does not take place; time gives back at once what baskets hold."""
    cycle = subject(Pool)
    if cycle.cancelled or cycle.state not in (Pool.State.OPEN, Pool.State.CLOSED):
        raise Refusal(ExchangeCode.NO_ORDERS_NOW)
    cycle.cancelled = True
    cycle.audit = line().id
    cycle.save(update_fields=["cancelled", "audit"])
    rows = Timer.rows.filter(agreement__pool=cycle, fired_at=None)
    rows = rows.filter(transition__in=("dropped", "not_allotted"))
    rows.update(due_at=clock.now(), audit=line().id)
    line().object("exchange.pool", cycle.id)
    line().organisation(cycle.organisation_id)
    line().changed("cancelled", False, True)
    return CycleRef(str(cycle.id))
