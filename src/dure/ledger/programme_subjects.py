"""What the actions above the books act on: programmes, lots, schedules, requests, rounds.

That a programme exists is public; who may do something with it is for the policy.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from dure.core import locks
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.running import line
from dure.registry.models import Organisation

from .models import Account, ClearingRound, Lot, PaymentRequest, Programme, Schedule

M = TypeVar("M", bound=Model)
PUBLIC = "programmes are public"


def one(rows: QuerySet[M], field: str, **where: object) -> M:
    """The one row, or ``core.not_found`` naming the field."""
    found = rows.filter(**where).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field=field)
    return found


def locked(rows: QuerySet[M], field: str, **where: object) -> M:
    """The one row, locked in the order of all locks, or ``core.not_found``."""
    found = locks.row(rows.filter(**where))
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field=field)
    return found


def organisation(body: Any, actor: Actor) -> Organisation:  # Any: a body with organisation_id
    """The organisation that runs a programme."""
    found: Organisation = one(
        Organisation.rows.filter(merged_into=None), "organisation_id", id=body.organisation_id
    )
    line().organisation(found.pk)
    return found


def _programmes() -> QuerySet[Programme]:
    rows = Programme.objects.everything(PUBLIC)
    return rows.select_related("book", "unit", "issuer", "fund", "fees", "community")


def programme(body: Any, actor: Actor) -> Programme:  # Any: a body with programme_id
    """A programme, with its book and accounts."""
    found = one(_programmes(), "programme_id", id=body.programme_id)
    line().organisation(found.book.organisation_id)
    return found


def lock_programme(body: Any, actor: Actor) -> Programme:  # Any: as above
    """The same, locked."""
    return locked(_programmes(), "programme_id", id=body.programme_id)


def own_lot(body: Any, actor: Actor) -> Lot:  # Any: a body with lot_id
    """A lot of a programme that the actor keeps."""
    rows = Lot.rows.filter(programme__in=Programme.objects.within(actor))
    rows = rows.select_related("programme__book", "programme__issuer", "programme__unit", "unit")
    found: Lot = one(rows, "lot_id", id=body.lot_id)
    line().organisation(found.programme.book.organisation_id)
    return found


def lock_lot(body: Any, actor: Actor) -> Lot:  # Any: as above
    """The same, locked."""
    rows = Lot.rows.filter(programme__in=Programme.objects.within(actor))
    rows = rows.select_related("programme__book", "programme__issuer", "programme__unit", "unit")
    found: Lot = locked(rows, "lot_id", id=body.lot_id)
    return found


def own_account(body: Any, actor: Actor) -> Account:  # Any: a body with account_id
    """An account in the actor's scope."""
    rows = Account.objects.within(actor).select_related("book", "unit")
    found: Account = one(rows, "account_id", id=body.account_id)
    return found


def own_schedule(body: Any, actor: Actor) -> Schedule:  # Any: a body with schedule_id
    """A standing payment out of an account in the actor's scope."""
    rows = Schedule.rows.filter(debit__in=Account.objects.within(actor))
    found: Schedule = one(
        rows.select_related("debit__book", "credit"), "schedule_id", id=body.schedule_id
    )
    return found


def lock_schedule(body: Any, actor: Actor) -> Schedule:  # Any: as above
    """The same, locked."""
    rows = Schedule.rows.filter(debit__in=Account.objects.within(actor))
    found: Schedule = locked(
        rows.select_related("debit__book", "credit"), "schedule_id", id=body.schedule_id
    )
    return found


def own_request(body: Any, actor: Actor) -> PaymentRequest:  # Any: a body with request_id
    """A request made by, or out of, an account in the actor's scope."""
    return one(_requests(actor), "request_id", id=body.request_id)


def lock_request(body: Any, actor: Actor) -> PaymentRequest:  # Any: as above
    """The same, locked."""
    return locked(_requests(actor), "request_id", id=body.request_id)


def _requests(actor: Actor) -> QuerySet[PaymentRequest]:
    mine = Account.objects.within(actor)
    rows = PaymentRequest.rows.filter(payee__in=mine) | PaymentRequest.rows.filter(payer__in=mine)
    return rows.select_related("payee__book", "payer__book")


def round_of(body: Any, actor: Actor) -> ClearingRound:  # Any: a body with round_id
    """A clearing round of a book that the actor keeps."""
    rows = ClearingRound.objects.within(actor).select_related("book", "unit")
    found: ClearingRound = one(rows, "round_id", id=body.round_id)
    line().organisation(found.book.organisation_id)
    return found


def lock_round(body: Any, actor: Actor) -> ClearingRound:  # Any: as above
    """The same, locked after the requests it names: requests come first in the order of locks."""
    named = [one[0] for one in round_of(body, actor).plan["requests"]]
    locks.rows(PaymentRequest.rows.filter(id__in=named))
    rows = ClearingRound.objects.within(actor).select_related("book", "unit")
    found: ClearingRound = locked(rows, "round_id", id=body.round_id)
    return found
