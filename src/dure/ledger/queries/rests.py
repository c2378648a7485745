"""What is left of a holder's vouchers, for those who may pay it back in cash."""

from __future__ import annotations

from dataclasses import dataclass

from dure.core import clock
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.ledger import cashing, lists, opening, programme_policies
from dure.ledger.cashing import PPM, Rest
from dure.ledger.models import Account, Programme

from .enrolled import programme_of
from .passages import name_of

__all__ = ("PPM", "Holder", "Rest", "holder", "share_of")


@dataclass(frozen=True, slots=True)
class Holder:
    """A member with what is left of each lot, the first to end first."""

    account: int
    name: str
    rests: tuple[Rest, ...]


def share_of(actor: Actor, code: str) -> int | None:
    """The share that must be spent, in parts per million; None where no cash is paid back.

    Raises Refusal(NOT_FOUND) for whoever does not run the programme.
    """
    found = _run(actor, code)
    return opening.rule(found, cashing.SHARE) if cashing.has_rule(found) else None


def holder(actor: Actor, code: str, text: str) -> Holder:
    """A member by handle, member id or account number. Raises Refusal(NOT_FOUND)."""
    found = _run(actor, code)
    account = _account(found, text.strip().removeprefix("@").lower())
    if account is None:
        raise Refusal(CoreCode.NOT_FOUND, field="who")
    rests = tuple(cashing.rest_of(found, part) for part in cashing.parts_of(found, account))
    return Holder(account.pk, name_of(account)[0], rests)


def _run(actor: Actor, code: str) -> Programme:
    found = programme_of(code)
    if not programme_policies.may_run_programme.holds(actor, found, clock.now()):
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def _account(programme: Programme, text: str) -> Account | None:
    rows = Account.rows.filter(
        book=programme.book_id, unit=programme.unit_id, parent=None, owner_person__isnull=False
    )
    if text.isascii() and text.isdigit() and len(text) < 19:
        return rows.filter(pk=int(text)).first()
    person = lists.people_named({text}).get(text) if text else None
    return rows.filter(owner_person=person).first() if person is not None else None
