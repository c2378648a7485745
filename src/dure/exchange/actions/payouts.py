"""The end of a cycle's money: producers are paid by their hub, each by one linked posting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from dure.core.actions import action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.core.types import UuidText
from dure.exchange import accounts, food_subjects, policies, posting_out
from dure.exchange.dues import Due, dues
from dure.exchange.errors import ExchangeCode
from dure.exchange.food_terms import GIFT, cycle_terms
from dure.exchange.models import Agreement, Pool
from dure.exchange.processes.food_order import UNITS
from dure.ledger.actions.transfers import alone_most
from dure.ledger.models import Account
from dure.ledger.payments import movements_of
from dure.ledger.posting import Movement

PURPOSE = "먹거리 대금"
PAYERS = {Role.TREASURER: "m2", Role.APPROVER: "m2"}
HUB, PRODUCER = T("나눔터", "hub"), T("생산자", "producer")


@dataclass(frozen=True, slots=True)
class CyclePaid:
    """How many producers were paid how much, and what the hub keeps."""

    producers: int
    paid: int
    kept: int


def needs_second(body: object, actor: Actor) -> bool:
    """Whether the producers get more together than one person may send alone."""
    cycle = subject(Pool)
    line().organisation(cycle.organisation_id)
    owed = sum(one.amount for one in _owed(cycle))
    return owed > 0 and owed > alone_most(_till(cycle).book)


def _owed(cycle: Pool) -> list[Due]:
    """What goes to others; the hub's own harvest is paid to nobody."""
    return [
        one for one in dues(cycle) if one.amount > 0 and one.producer_id != cycle.organisation_id
    ]


@action(
    "exchange.cycle.pay",
    ko="회차의 생산자들에게 먹거리 대금을 보냅니다.",
    en="Pay the producers of a cycle.",
    policy=policies.may_pay_producers,
    letters=PAYERS,
    subject=food_subjects.any_cycle,
    lock=food_subjects.lock_any_cycle,
    idempotent=True,
    value=True,
    audit_refusals=True,
    second_person=needs_second,
    writes=("exchange_pool", "ledger_transfer", "ledger_account"),
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.NO_ORDERS_NOW,
        ExchangeCode.IN_USE,
        ExchangeCode.NO_ACCOUNT,
    ),
)
def pay_producers(cycle_id: UuidText, *, actor: Actor) -> CyclePaid:
    """Pay each producer what buyers paid for its food, less what the hub keeps by its rule; once.

    Effects: one transfer group a producer; the cycle is settled.
    Raises  IN_USE while a basket is not finished; NO_ACCOUNT where a producer has none
    """
    cycle = subject(Pool)
    if cycle.state != Pool.State.AWARDED or cycle.cancelled:
        raise Refusal(ExchangeCode.NO_ORDERS_NOW)
    if Agreement.rows.filter(pool=cycle, closed_at=None).exists():
        raise Refusal(ExchangeCode.IN_USE)
    owed = _owed(cycle)
    movements = _movements(cycle, owed)
    posting_out.post(movements)
    cycle.state = Pool.State.SETTLED
    cycle.audit = line().id
    cycle.save(update_fields=["state", "audit"])
    line().object("exchange.pool", cycle.id)
    line().organisation(cycle.organisation_id)
    paid = sum(one.amount for one in owed)
    line().changed("paid", None, paid)
    return CyclePaid(len(owed), paid, sum(one.paid for one in dues(cycle)) - paid)


def _movements(cycle: Pool, owed: Sequence[Due]) -> list[Movement]:
    rows: list[Movement] = []
    if not owed or cycle_terms(cycle).pays == GIFT:
        return rows
    till = _till(cycle)
    for due in owed:
        payee = _account(cycle, due.producer_id, PRODUCER)
        accounts.check_open((till.pk, payee.pk))
        group = uuid5(cycle.id, str(due.producer_id))
        parts = movements_of(till, payee, due.amount, PURPOSE)
        rows += [replace(one, group=group) for one in parts]
    return rows


def _till(cycle: Pool) -> Account:
    assert cycle.organisation_id is not None
    return _account(cycle, cycle.organisation_id, HUB)


def _account(cycle: Pool, organisation: UUID, words: T) -> Account:
    """The account of an organisation in the unit of the cycle, in the hub's book if it has one."""
    unit = UNITS.get(cycle_terms(cycle).pays, "KRW")
    rows = Account.rows.filter(
        owner_organisation=organisation, unit__code=unit, parent=None, lot=None
    ).exclude(status=Account.Status.CLOSED)
    found: list[Account] = sorted(
        rows.select_related("book", "unit"),
        key=lambda one: (one.book.organisation_id != cycle.organisation_id, one.pk),
    )
    if not found:
        raise Refusal(ExchangeCode.NO_ACCOUNT, role=words, unit=accounts.UNITS.get(unit, unit))
    return found[0]
