"""Accounts: opened, named, frozen, closed; their limits with a second person."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from dure.core import clock, running
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import Name, UuidText
from dure.ledger import policies
from dure.ledger.errors import CONSTRAINTS, LedgerCode
from dure.ledger.models import Account, Book, Unit
from dure.ledger.posting import told
from dure.ledger.queries import subjects
from dure.ledger.types import AccountType, Handle, Limit, RowId, UnitCode
from dure.registry.models import Organisation, Person

KEEPERS = {Role.TREASURER: "m", Role.APPROVER: "m", Role.BOARD: "m"}


@dataclass(frozen=True, slots=True)
class AccountRef:
    """An account."""

    id: str


@action(
    "ledger.account.open",
    ko="계정을 엽니다.",
    en="Open an account.",
    policy=policies.may_open_account,
    letters=KEEPERS,
    subject=subjects.book,
    idempotent=True,
    writes=("ledger_account",),
    refusals=(CoreCode.NOT_FOUND, LedgerCode.HANDLE_TAKEN),
    constraints=CONSTRAINTS,
)
def open_account(
    book_id: RowId,
    unit: UnitCode,
    type: AccountType,  # noqa: A002  # the column is named so
    label: Name,
    owner_person: UuidText | None = None,
    owner_organisation: UuidText | None = None,
    handle: Handle | None = None,
    *,
    actor: Actor,
) -> AccountRef:
    """Open an account of a person, an organisation or the book itself, with its type's limits."""
    book = subject(Book)
    if owner_person and owner_organisation:
        raise Refusal(CoreCode.BAD_FIELD, field="owner_organisation", range="")
    _exists(Person, owner_person)
    _exists(Organisation, owner_organisation)
    account = Account.rows.create(
        book=book,
        unit=Unit.rows.get(code=unit),
        type=type,
        owner_person_id=_uuid(owner_person),
        owner_organisation_id=_uuid(owner_organisation),
        label=label,
        handle=handle,
        opened_at=clock.now(),
        audit=line().id,
    )
    _note(account, book)
    line().changed("type", None, type)
    return AccountRef(str(account.pk))


def _exists(model: type[Person] | type[Organisation], number: str | None) -> None:
    if number is not None and not model.rows.filter(pk=number).exists():
        raise Refusal(CoreCode.NOT_FOUND)


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _note(account: Account, book: Book) -> None:
    line().object("ledger.account", account.pk)
    line().organisation(book.organisation_id)


@action(
    "ledger.account.limit",
    ko="계정의 하한과 상한을 정합니다.",
    en="Set the floor and the ceiling of an account.",
    policy=policies.may_set_limits,
    letters={
        Role.TREASURER: "m2",
        Role.APPROVER: "m2",
        Role.BOARD: "m2",
        Role.OFFICIAL: "d2",
    },
    subject=subjects.account,
    idempotent=True,
    reason=Reason.REQUIRED,
    audit_refusals=True,
    second_person=policies.asks_second,
    writes=("ledger_account", "ledger_limitchange"),
    refusals=(CoreCode.SECOND_PERSON, LedgerCode.LIMIT),
)
def set_limits(
    account_id: RowId, lo: Limit | None = None, hi: Limit | None = None, *, actor: Actor
) -> AccountRef:
    """Set floor and ceiling (none = unlimited); old and new stand with the reason for ever.

    A limit that the present balance and holds do not fit is refused.
    """
    account = subject(Account)
    present = running.current()
    approver = present.approvers[0] if present.approvers else None
    with told(actor), connection.cursor() as cursor:
        cursor.execute(
            "SELECT ledger_set_limits(%s, %s, %s, %s, %s, %s)",
            [account.pk, lo, hi, present.reason, actor.id, approver],
        )
    _note(account, account.book)
    line().changed("lo", account.lo, lo)
    line().changed("hi", account.hi, hi)
    return AccountRef(str(account.pk))


def _status(account: Account, wanted: str) -> AccountRef:
    line().changed("status", account.status, wanted)
    _note(account, account.book)
    account.status = wanted
    account.audit = line().id
    account.save(update_fields=["status", "audit"])
    return AccountRef(str(account.pk))


@action(
    "ledger.account.freeze",
    ko="계정을 멈춥니다.",
    en="Freeze an account.",
    policy=policies.may_open_account,
    letters=KEEPERS,
    subject=subjects.account,
    lock=subjects.lock_account,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=("ledger_account",),
    refusals=(LedgerCode.NOT_OPEN,),
)
def freeze_account(account_id: RowId, *, actor: Actor) -> AccountRef:
    """Freeze an open account: nothing leaves or reaches it until it is thawed."""
    account = subject(Account)
    if account.status != Account.Status.OPEN:
        raise Refusal(LedgerCode.NOT_OPEN)
    return _status(account, Account.Status.FROZEN)


@action(
    "ledger.account.thaw",
    ko="멈춘 계정을 다시 엽니다.",
    en="Thaw a frozen account.",
    policy=policies.may_open_account,
    letters=KEEPERS,
    subject=subjects.account,
    lock=subjects.lock_account,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=("ledger_account",),
    refusals=(CoreCode.STATE_CHANGED,),
)
def thaw_account(account_id: RowId, *, actor: Actor) -> AccountRef:
    """Open a frozen account again."""
    account = subject(Account)
    if account.status != Account.Status.FROZEN:
        raise Refusal(CoreCode.STATE_CHANGED, state=account.get_status_display())
    return _status(account, Account.Status.OPEN)


@action(
    "ledger.account.close",
    ko="빈 계정을 닫습니다.",
    en="Close an empty account.",
    policy=policies.may_open_account,
    letters=KEEPERS,
    subject=subjects.account,
    lock=subjects.lock_account,
    idempotent=True,
    writes=("ledger_account",),
    refusals=(LedgerCode.NOT_OPEN, LedgerCode.NOT_EMPTY),
    constraints=CONSTRAINTS,
)
def close_account(account_id: RowId, *, actor: Actor) -> AccountRef:
    """Close an account without balance and holds, for good."""
    account = subject(Account)
    if account.status == Account.Status.CLOSED:
        raise Refusal(LedgerCode.NOT_OPEN)
    if account.balance or account.held_in or account.held_out:
        raise Refusal(LedgerCode.NOT_EMPTY)
    return _status(account, Account.Status.CLOSED)


@action(
    "ledger.account.handle",
    ko="받는 이름을 정합니다.",
    en="Choose the handle that others type to pay.",
    policy=policies.may_name_account,
    letters=policies.OWN_AND_KEEPERS,
    subject=subjects.account,
    lock=subjects.lock_account,
    idempotent=True,
    writes=("ledger_account",),
    refusals=(LedgerCode.HANDLE_TAKEN,),
    constraints=CONSTRAINTS,
)
def choose_handle(account_id: RowId, handle: Handle | None, *, actor: Actor) -> AccountRef:
    """Set, change or (none) give up the handle of an account."""
    account = subject(Account)
    _note(account, account.book)
    line().changed("handle", account.handle, handle)
    account.handle = handle
    account.audit = line().id
    account.save(update_fields=["handle", "audit"])
    return AccountRef(str(account.pk))
