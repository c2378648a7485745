"""Who may run programmes, issue vouchers, reconcile and clear; see `policies` for the facts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dure.core.actors import Actor, Role
from dure.core.policies import fact, is_person, is_timer

from .models import Account, PaymentRequest
from .policies import governs_book, is_book_official, keeps_book, spends_for_owner

# trust.md: limits, fees, programmes, voucher lots.
RUNNERS = {
    Role.TREASURER: "m2",
    Role.APPROVER: "m2",
    Role.BOARD: "m2",
    Role.OFFICIAL: "d2",
}


@fact("acts_for_another", ko="다른 사람을 대신하는 중", en="acting for another person")
def acts_for_another(actor: Actor, thing: object, now: datetime) -> bool:
    """The actor does this for somebody else."""
    return actor.acting_for is not None


def commands(actor: Actor, account: Account | None, *roles: Role) -> bool:
    """Whether an account is the person's own, or of an organisation (or book) she serves so."""
    if account is None or actor.id is None:
        return False
    if account.owner_person_id is not None:
        return account.owner_person_id == (actor.acting_for or actor.id)
    owner = account.owner_organisation_id or account.book.organisation_id
    return any(actor.has(role, organisation=owner) for role in roles)


SPENDING = (Role.TREASURER, Role.APPROVER)
TAKING = (*SPENDING, Role.STAFF)


@fact("takes_for_owner", ko="받는 계정의 주인이나 실무자", en="owner of the account, or its staff")
def takes_for_owner(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: an account
    """Who may show a code to be paid by: the owner; of an organisation also its staff."""
    return commands(actor, thing, *TAKING)


@fact("answers_for_owner", ko="계정의 주인", en="owner of the account")
def answers_for_owner(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: an account
    """The owner; of an organisation its treasurer or approver."""
    return commands(actor, thing, *SPENDING)


@fact("confirms_payment", ko="이 계정의 주인", en="who commands this account")
def confirms_payment(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: a Case
    """Who pays commands the paying account; of a code that was shown, who takes it."""
    shown = thing.request.kind == PaymentRequest.Kind.SHOWN
    return commands(actor, thing.account, *(TAKING if shown else SPENDING))


@fact("is_asked", ko="요청받은 사람", en="who was asked to pay")
def is_asked(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: a PaymentRequest
    """Who commands the account that a request names as payer."""
    is_request = thing.kind == PaymentRequest.Kind.REQUEST
    return is_request and commands(actor, thing.payer, *SPENDING)


@fact("made_request", ko="요청한 쪽", en="the side that asks")
def made_request(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: a PaymentRequest
    """Who commands the payee, or the account that a shown code pays from."""
    shown = thing.kind == PaymentRequest.Kind.SHOWN
    return commands(actor, thing.payer if shown else thing.payee, *TAKING)


@fact("is_accepted", ko="이미 받아들인 빚", en="a debt that was accepted")
def is_accepted(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: a PaymentRequest
    """The request was accepted: then only who asks may let it go."""
    return thing.accepted_at is not None


may_run_programme = (keeps_book | governs_book | is_book_official) & ~acts_for_another
may_join = is_person
may_run_timer = is_timer
may_redeem = spends_for_owner
may_reconcile = keeps_book
may_ask = takes_for_owner
may_confirm_payment = confirms_payment
may_answer_request = is_asked
may_cancel_request = made_request | (is_asked & ~is_accepted)
may_answer_round = answers_for_owner
