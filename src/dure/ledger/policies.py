"""Who may do what in the ledger: small named facts, composed into one sentence a verb."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from dure.core import running
from dure.core.actions import line
from dure.core.actors import EVERY_PERSON, Actor, Role
from dure.core.policies import fact, is_operator, is_person, is_timer
from dure.registry.models import Organisation

from .models import Account, Book
from .models.units import AUDITING, KEEPING, READING

KEEPERS = (Role.TREASURER, Role.APPROVER)


def book_of(thing: Any) -> Book | None:  # Any: whatever the action acts on
    """The book a thing is or belongs to."""
    if isinstance(thing, Book):
        return thing
    found = getattr(thing, "book", None)
    return found if isinstance(found, Book) else None


def organisation_id_of(thing: Any) -> UUID | None:  # Any: as above
    """The organisation whose book a thing is or lies in."""
    if isinstance(thing, Organisation):
        return thing.pk
    book = book_of(thing)
    return book.organisation_id if book is not None else None


def district_of(thing: Any) -> str | None:  # Any: as above
    """The district of the book or organisation a thing is or lies in."""
    if isinstance(thing, Organisation):
        return str(thing.district_id)
    book = book_of(thing)
    return book.district if book is not None else None


def holds(actor: Actor, thing: object, *roles: Role) -> bool:
    """Whether the actor has one of `roles` in the organisation whose book it is."""
    organisation = organisation_id_of(thing)
    return organisation is not None and any(
        actor.has(role, organisation=organisation) for role in roles
    )


@fact("owns_account", ko="본인의 계정", en="one's own account")
def owns_account(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: has an account
    """The account the thing is, or pays from, belongs to the person (or to whom one acts for)."""
    account = thing if isinstance(thing, Account) else getattr(thing, "debit", None)
    if actor.id is None or not isinstance(account, Account):
        return False
    return account.owner_person_id == (actor.acting_for or actor.id)


@fact("pays_who_acts", ko="대신하는 사람에게 보냄", en="a payment to whoever acts for the person")
def pays_who_acts(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: has accounts
    """Who acts for another would stand on both sides: the payment reaches her own account."""
    credit = getattr(thing, "credit", None)
    return actor.acting_for is not None and getattr(credit, "owner_person_id", None) == actor.id


@fact(
    "spends_for_owner", ko="그 조직의 회계 담당이나 승인자", en="treasurer or approver of the owner"
)
def spends_for_owner(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: has an account
    """The account belongs to an organisation (or to the book itself) the actor spends for."""
    account = thing if isinstance(thing, Account) else getattr(thing, "debit", None)
    if not isinstance(account, Account) or account.owner_person_id is not None:
        return False
    organisation = account.owner_organisation_id or organisation_id_of(account)
    return any(actor.has(role, organisation=organisation) for role in KEEPERS)


@fact("received_it", ko="받은 사람", en="who received it")
def received_it(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: has a credit
    """What the thing reached is the person's account, or that of an organisation one works for."""
    account = getattr(thing, "credit", None)
    if not isinstance(account, Account) or actor.id is None:
        return False
    if account.owner_person_id is not None:
        return account.owner_person_id == (actor.acting_for or actor.id)
    organisation = account.owner_organisation_id or organisation_id_of(account)
    return any(actor.has(role, organisation=organisation) for role in (*KEEPERS, Role.STAFF))


@fact("is_book_treasurer", ko="장부 조직의 회계 담당", en="treasurer of the book")
def is_book_treasurer(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: has a book
    """A treasurer of the organisation whose book it is."""
    return holds(actor, thing, Role.TREASURER)


@fact("keeps_book", ko="장부 조직의 회계 담당이나 승인자", en="treasurer or approver of the book")
def keeps_book(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: has a book
    """A treasurer or approver of the organisation whose book it is."""
    return holds(actor, thing, *KEEPERS)


@fact("governs_book", ko="장부 조직의 이사", en="board member of the book's organisation")
def governs_book(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: has a book
    """A board member of the organisation whose book it is."""
    return holds(actor, thing, Role.BOARD)


@fact("audits_book", ko="장부 조직의 감사", en="auditor of the book")
def audits_book(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: has a book
    """An auditor of the organisation whose book it is."""
    return holds(actor, thing, Role.AUDITOR)


@fact("reads_book", ko="장부를 보는 사람", en="who may read the book")
def reads_book(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: has a book
    """Who keeps, governs or audits the book; auditors of its district too (trust.md, *books*)."""
    district = district_of(thing)
    return holds(actor, thing, *READING) or any(
        district is not None and actor.has(role, district=district) for role in AUDITING
    )


@fact("works_at_book", ko="장부 조직의 실무자", en="staff of the book's organisation")
def works_at_book(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: has a book
    """Staff of the organisation whose book it is."""
    return holds(actor, thing, Role.STAFF)


@fact("is_book_official", ko="그 자치구 담당 공무원", en="official of the book's district")
def is_book_official(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: has a book
    """An official of the district in which the book is kept."""
    district = district_of(thing)
    return district is not None and actor.has(Role.OFFICIAL, district=district)


@fact("sees_account", ko="볼 수 있는 계정", en="an account one may see")
def sees_account(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: an Account
    """The account lies in the actor's scope: one's own, one's organisation's, of a book one keeps
    or reads."""
    return bool(Account.objects.within(actor).filter(pk=thing.pk).exists())


@fact("stands_at_till", ko="그 조직의 일을 보는 사람", en="who works for the organisation")
def stands_at_till(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: an Organisation
    """Who spends, governs, audits or works for an organisation."""
    return holds(actor, thing, *KEEPING)


def asks_second(body: object, actor: Actor) -> bool:
    """For `second_person`: every call, on the desk of the book's organisation."""
    line().organisation(organisation_id_of(running.current().subject))
    return True


# -- one sentence a verb ---------------------------------------------------------------------------

may_install = is_operator
may_run_timers = is_timer | is_operator
may_open_book = is_book_treasurer | governs_book | is_book_official
may_open_account = keeps_book | governs_book
may_set_limits = keeps_book | governs_book | is_book_official
may_pay = (owns_account & ~pays_who_acts) | spends_for_owner
may_batch = keeps_book
may_reverse = works_at_book | keeps_book
may_refund = received_it
may_settle = owns_account | spends_for_owner | received_it
may_void = received_it | keeps_book
may_close_period = is_book_treasurer | audits_book
may_download = reads_book | is_operator
may_take_statement = is_person & sees_account
may_stand_at_till = stands_at_till
may_name_account = owns_account | keeps_book | governs_book

OWN_AND_KEEPERS = {**EVERY_PERSON, Role.TREASURER: "om", Role.APPROVER: "om", Role.BOARD: "om"}
OWN_AND_SPENDERS = {**EVERY_PERSON, Role.TREASURER: "om2", Role.APPROVER: "om2"}
