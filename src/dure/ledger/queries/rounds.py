"""Clearing rounds as their pages show them: to a member her own debts, to keepers who answered.

Nouns: debt (빚: one accepted request within a round), part (몫: what a round does for an account).
Law: a member sees her own debts and claims and the other side's handle, never who else owes whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from dure.core import clock
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.ledger import clearing
from dure.ledger.models import (
    Account,
    ClearingConsent,
    ClearingRound,
    PaymentRequest,
    SetOff,
    Unit,
)

from .passages import name_of

SPENDING = (Role.TREASURER, Role.APPROVER)
LATEST = 20


@dataclass(frozen=True, slots=True)
class RoundDebt:
    """One request of a round as one side sees it; `rest` is left of it after the round."""

    request: int
    other: str
    purpose: str
    is_owed: bool
    amount: int
    cleared: int
    rest: int


@dataclass(frozen=True, slots=True)
class MyRound:
    """A round for one account. `answer` None: not answered; `result` None: not settled yet."""

    id: UUID
    account: int
    label: str
    unit: str
    state: str
    owes: int
    is_owed: int
    cleared: int
    answer: bool | None
    proposed_at: datetime
    closes_at: datetime
    settled_at: datetime | None
    can_answer: bool
    result: int | None

    @property
    def waits(self) -> bool:
        """Whether an answer is asked of the owner now."""
        return self.can_answer and self.answer is None

    @property
    def owes_after(self) -> int:
        """What it would still owe, or owes."""
        return self.owes - (self.cleared if self.result is None else self.result)

    @property
    def is_owed_after(self) -> int:
        """What it would still be owed, or is."""
        return self.is_owed - (self.cleared if self.result is None else self.result)


@dataclass(frozen=True, slots=True)
class Answered:
    """One account of a round as keepers see it."""

    account: int
    name: str
    owes: int
    is_owed: int
    cleared: int
    answer: bool | None


@dataclass(frozen=True, slots=True)
class KeptRound:
    """A round as keepers see it. `now` is what would be cleared with the answers so far."""

    id: UUID
    book_id: int
    unit: str
    state: str
    total: int
    proposed_at: datetime
    closes_at: datetime
    settled_at: datetime | None
    is_over: bool
    agreed: int
    refused: int
    silent: int
    cleared: int
    now: int
    answers: tuple[Answered, ...]


@dataclass(frozen=True, slots=True)
class OpenDebts:
    """Accepted, unpaid requests of a book in one unit, and what a round would clear of them."""

    unit: str
    requests: int
    owed: int
    clears: int


# -- a member --------------------------------------------------------------------------------------


def _own(actor: Actor) -> list[Account]:
    """The accounts for which this actor answers: one's own, and those one spends for."""
    if actor.id is None:
        return []
    served = {scope for role in SPENDING for scope in actor.scope_ids(role, "organisation")}
    wanted = Q(owner_person=actor.acting_for or actor.id)
    if served and actor.acting_for is None:
        wanted |= Q(owner_organisation__in=served)
    return list(Account.rows.filter(wanted, parent=None).select_related("unit"))


def mine(actor: Actor) -> tuple[MyRound, ...]:
    """The newest rounds that concern the actor's accounts, those that wait for an answer first."""
    own = _own(actor)
    places = Q(pk__in=[])
    for book, unit in {(one.book_id, one.unit_id) for one in own}:
        places |= Q(book=book, unit=unit)
    rows = ClearingRound.rows.filter(places).order_by("-proposed_at")[:LATEST]
    found = [
        _my(proposed, account)
        for proposed in rows
        for account in own
        if account.pk in clearing.affected(proposed)
    ]
    return tuple(sorted(found, key=lambda one: not one.waits))


def one(actor: Actor, round_id: UUID, account_id: int) -> tuple[MyRound, tuple[RoundDebt, ...]]:
    """A round for one of the actor's accounts, debt by debt. Raises Refusal(NOT_FOUND)."""
    account = next((one for one in _own(actor) if one.pk == account_id), None)
    proposed = ClearingRound.rows.filter(pk=round_id).first()
    if account is None or proposed is None or account.pk not in clearing.affected(proposed):
        raise Refusal(CoreCode.NOT_FOUND)
    return _my(proposed, account), _debts(proposed, account)


def _my(proposed: ClearingRound, account: Account) -> MyRound:
    view = next(one for one in clearing.members(proposed) if one.account == account.pk)
    given = ClearingConsent.rows.filter(round=proposed, account=account).first()
    result = None
    if proposed.state == ClearingRound.State.SETTLED:
        set_off = SetOff.rows.filter(round=proposed, request__payer=account)
        result = sum(set_off.values_list("amount", flat=True))
    return MyRound(
        id=proposed.pk,
        account=account.pk,
        label=account.label,
        unit=account.unit.code,
        state=proposed.state,
        owes=view.owes,
        is_owed=view.is_owed,
        cleared=view.cleared,
        answer=None if given is None else given.agreed,
        proposed_at=proposed.proposed_at,
        closes_at=proposed.closes_at,
        settled_at=proposed.settled_at,
        can_answer=_is_open(proposed),
        result=result,
    )


def _is_open(proposed: ClearingRound) -> bool:
    return proposed.state == ClearingRound.State.PROPOSED and proposed.closes_at > clock.now()


def _debts(proposed: ClearingRound, account: Account) -> tuple[RoundDebt, ...]:
    named = [one for one in proposed.plan["requests"] if account.pk in one[1:3]]
    settled = proposed.state == ClearingRound.State.SETTLED
    set_off = dict(SetOff.rows.filter(round=proposed).values_list("request_id", "amount"))
    requests = PaymentRequest.rows.filter(pk__in=[one[0] for one in named]).select_related(
        "payee__owner_organisation", "payee__parent",
        "payer__owner_organisation", "payer__parent",
    )  # fmt: skip
    kept = {one.pk: one for one in requests}
    found = []
    for number, debtor, _creditor, amount, planned in named:
        request = kept[number]
        is_owed = debtor != account.pk
        other = request.payer if is_owed else request.payee
        cleared = set_off.get(number, 0) if settled else planned
        found.append(
            RoundDebt(
                request=number,
                other=name_of(other)[0] if other is not None else "",
                purpose=request.purpose,
                is_owed=is_owed,
                amount=amount,
                cleared=cleared,
                rest=amount - cleared,
            )
        )
    return tuple(found)


# -- keepers ---------------------------------------------------------------------------------------


def of_book(book_id: int) -> tuple[KeptRound, ...]:
    """The newest rounds of a book that the caller found in the actor's scope."""
    rows = ClearingRound.rows.filter(book=book_id).select_related("unit")
    return tuple(_kept(one) for one in rows.order_by("-proposed_at")[:LATEST])


def kept(actor: Actor, round_id: UUID) -> KeptRound:
    """A round of a book one keeps, account by account. Raises Refusal(NOT_FOUND)."""
    rows = ClearingRound.objects.within(actor).select_related("unit")
    found = rows.filter(pk=round_id).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return _kept(found, whole=True)


def _kept(proposed: ClearingRound, *, whole: bool = False) -> KeptRound:
    given = dict(proposed.consents.values_list("account_id", "agreed"))
    asked = clearing.affected(proposed)
    answers = _answers(proposed, given) if whole else ()
    set_off = SetOff.rows.filter(round=proposed).values_list("amount", flat=True)
    now = clearing.agreed_now(proposed).total if whole and _waits(proposed) else 0
    return KeptRound(
        id=proposed.pk,
        book_id=proposed.book_id,
        unit=proposed.unit.code,
        state=proposed.state,
        total=proposed.plan.get("total", 0),
        proposed_at=proposed.proposed_at,
        closes_at=proposed.closes_at,
        settled_at=proposed.settled_at,
        is_over=not _is_open(proposed),
        agreed=sum(1 for one in asked if given.get(one) is True),
        refused=sum(1 for one in asked if given.get(one) is False),
        silent=sum(1 for one in asked if one not in given),
        cleared=sum(set_off),
        now=now,
        answers=answers,
    )


def _waits(proposed: ClearingRound) -> bool:
    return proposed.state == ClearingRound.State.PROPOSED


def _answers(proposed: ClearingRound, given: dict[int, bool]) -> tuple[Answered, ...]:
    concerned = [one for one in clearing.members(proposed) if one.cleared]
    named = _names([one.account for one in concerned])
    return tuple(
        Answered(
            account=one.account,
            name=named.get(one.account, ""),
            owes=one.owes,
            is_owed=one.is_owed,
            cleared=one.cleared,
            answer=given.get(one.account),
        )
        for one in concerned
    )


def _names(accounts: Sequence[int]) -> dict[int, str]:
    rows = Account.rows.filter(pk__in=accounts).select_related("owner_organisation", "parent")
    return {one.pk: name_of(one)[0] for one in rows}


def open_debts(book_id: int) -> tuple[OpenDebts, ...]:
    """What is open in a book, unit by unit, and how much of it runs in circles."""
    units = PaymentRequest.rows.filter(
        kind=PaymentRequest.Kind.REQUEST,
        accepted_at__isnull=False,
        paid_at=None,
        cancelled_at=None,
        payee__book=book_id,
        payer__book=book_id,
    ).values_list("payee__unit", flat=True)
    found = []
    for unit in Unit.rows.filter(pk__in=set(units)).order_by("pk"):
        debts = clearing.debts(clearing.open_requests(book_id, unit.pk))
        if debts:
            clears = clearing.computed(debts).total
            owed = sum(one.amount for one in debts)
            found.append(OpenDebts(unit.code, len(debts), owed, clears))
    return tuple(found)
