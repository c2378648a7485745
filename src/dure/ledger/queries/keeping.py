"""What a treasurer and an auditor look at: books, their accounts, what was changed and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncDate

from dure.core import clock
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.models import AuditLine
from dure.ledger.models import Account, Book, LimitChange, Period, Transfer, Unit
from dure.ledger.models.units import READING, read_q

from .passages import name_of
from .subjects import number
from .wallets import name_of_organisation

LATEST = 50
DEMO = "ledger.demo.load"
NAMED = ("unit", "book", "owner_organisation", "parent__owner_organisation")


@dataclass(frozen=True, slots=True)
class BookView:
    """A book one keeps. `closed_through` is None before the first month is closed."""

    id: int
    organisation_id: UUID
    organisation: str
    name: str
    closed_through: date | None
    accounts: int


@dataclass(frozen=True, slots=True)
class KeptAccount:
    """An account of a book as its keepers see it; amounts in minor units, None = unlimited."""

    id: int
    book_id: int
    book: str
    organisation_id: UUID
    label: str
    who: str
    handle: str | None
    unit: str
    type: str
    status: str
    balance: int
    held_out: int
    held_in: int
    lo: int | None
    hi: int | None
    spendable: int | None


@dataclass(frozen=True, slots=True)
class ChangedLimit:
    """One change of an account's floor and ceiling, with its reason."""

    account_id: int
    account: str
    who: str
    unit: str
    old_lo: int | None
    old_hi: int | None
    new_lo: int | None
    new_hi: int | None
    reason: str
    at: datetime
    approved: bool


@dataclass(frozen=True, slots=True)
class Noted:
    """A reversal, or a row that was posted for an earlier day."""

    id: int
    ref: int | None
    unit: str
    amount: int
    event_date: date
    at: datetime
    purpose: str
    debit: str
    credit: str


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """A closed period with the hash of its trial balance."""

    id: int
    first: date
    last: date
    closed_at: datetime
    sha256: str
    accounts: int


def organisations(actor: Actor) -> tuple[tuple[str, str], ...]:
    """Organisations whose books the actor keeps or audits: id and name.

    Auditors of a district see those of its organisations that have a book.
    """
    found = {scope for role in READING for scope in actor.scope_ids(role, "organisation")}
    kept_books = Book.rows.filter(read_q(actor)).values_list("organisation_id", flat=True)
    found |= {str(one) for one in kept_books}
    return tuple(sorted(((one, name_of_organisation(one)) for one in found), key=lambda p: p[1]))


def books(actor: Actor, organisation_id: UUID | str | None = None) -> tuple[BookView, ...]:
    """Books in the actor's scope, of one organisation or of all. NOT_FOUND for a foreign one."""
    rows = Book.rows.filter(read_q(actor)).select_related("organisation").order_by("name", "pk")
    if organisation_id is not None:
        _organisation(actor, organisation_id)
        rows = rows.filter(organisation=UUID(str(organisation_id)))
    return tuple(_book(row) for row in rows)


def kept(actor: Actor) -> tuple[BookView, ...]:
    """Every book that the actor keeps or audits."""
    rows = Book.rows.filter(read_q(actor))
    return tuple(_book(row) for row in rows.select_related("organisation").order_by("name", "pk"))


def book(actor: Actor, book_id: int | str) -> BookView:
    """One book in the actor's scope. Raises Refusal(NOT_FOUND)."""
    return _book(_row_of_book(actor, book_id))


def _organisation(actor: Actor, organisation_id: UUID | str) -> None:
    if str(organisation_id) not in dict(organisations(actor)):
        raise Refusal(CoreCode.NOT_FOUND)


def _row_of_book(actor: Actor, book_id: int | str) -> Book:
    rows = Book.rows.filter(read_q(actor)).select_related("organisation")
    found: Book | None = rows.filter(pk=number(str(book_id))).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def _book(row: Book) -> BookView:
    return BookView(
        row.pk,
        row.organisation_id,
        name_of_organisation(row.organisation_id),
        row.name,
        row.closed_through,
        Account.rows.filter(book=row).exclude(status="closed").count(),
    )


def sought(book_id: int, *, text: str, unit: str, status: str) -> QuerySet[Account]:
    """The accounts of a book that fit, parts of lots too; blanks stand for everything."""
    rows = Account.rows.filter(book=book_id).select_related(*NAMED).order_by("unit", "pk")
    if text:
        by_number = Q(pk=int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else Q()
        rows = rows.filter(Q(label__icontains=text) | Q(handle__icontains=text) | by_number)
    if unit:
        rows = rows.filter(unit__code=unit)
    return rows.filter(status=status) if status else rows.exclude(status="closed")


def views(rows: Sequence[Account]) -> tuple[KeptAccount, ...]:
    """Accounts of one page."""
    return tuple(
        KeptAccount(
            row.pk,
            row.book_id,
            row.book.name,
            row.book.organisation_id,
            row.label,
            owner_of(row),
            row.handle,
            row.unit.code,
            row.type,
            row.status,
            row.balance,
            row.held_out,
            row.held_in,
            row.lo,
            row.hi,
            row.spendable,
        )
        for row in rows
    )


def account(actor: Actor, account_id: int | str) -> KeptAccount:
    """One account of a book one keeps. Raises Refusal(NOT_FOUND)."""
    rows = Account.rows.filter(read_q(actor, "book__")).select_related(*NAMED)
    row = rows.filter(pk=number(str(account_id))).first()
    if row is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return views([row])[0]


def owner_of(account: Account) -> str:
    """Whose an account is, as others see it: a handle, a number, an organisation; "" = the book."""
    whole = account.parent if account.lot_id and account.parent else account
    is_owned = whole.owner_person_id is not None or whole.owner_organisation_id is not None
    return name_of(account)[0] if is_owned else ""


def units() -> tuple[tuple[str, str, str], ...]:
    """Units an account may count: code, Korean name, English name."""
    return tuple(Unit.rows.order_by("pk").values_list("code", "ko", "en"))


def limit_changes(book_id: int, account_id: int | None = None) -> tuple[ChangedLimit, ...]:
    """The newest changes of limits in a book or on one account."""
    rows = LimitChange.rows.filter(account__book=book_id).select_related(
        "account__unit", "account__owner_organisation", "account__parent__owner_organisation"
    )
    if account_id is not None:
        rows = rows.filter(account=account_id)
    return tuple(
        ChangedLimit(
            row.account.pk,
            row.account.label,
            owner_of(row.account),
            row.account.unit.code,
            row.old_lo,
            row.old_hi,
            row.new_lo,
            row.new_hi,
            row.reason,
            row.changed_at,
            row.approver is not None,
        )
        for row in rows.order_by("-pk")[:LATEST]
    )


def reversals(book_id: int) -> tuple[Noted, ...]:
    """The newest reversals of a book."""
    return _noted(Transfer.rows.filter(book=book_id, kind=Transfer.Kind.REVERSAL))


def backdated(book_id: int) -> tuple[tuple[Noted, ...], int]:
    """The newest rows that were posted for a day before the day they were recorded on.

    Rows that the demo invented, all at once, are counted beside them and not listed.
    """
    recorded = TruncDate("recorded_at", tzinfo=clock.SEOUL)
    rows = Transfer.rows.filter(book=book_id).annotate(recorded_on=recorded)
    rows = rows.filter(event_date__lt=F("recorded_on"))
    invented = AuditLine.rows.filter(action=DEMO, outcome="done").values("id")
    return _noted(rows.exclude(audit__in=invented)), rows.filter(audit__in=invented).count()


def _noted(rows: Any) -> tuple[Noted, ...]:  # Any: a queryset of transfers, annotated or not
    found = list(rows.order_by("-pk")[:LATEST])
    ends = {one for row in found for one in (row.debit_id, row.credit_id)}
    named = Account.rows.select_related(*NAMED).in_bulk(ends)
    return tuple(
        Noted(
            row.pk,
            row.ref_id,
            named[row.debit_id].unit.code,
            row.amount,
            row.event_date,
            row.recorded_at,
            row.purpose,
            name_of(named[row.debit_id])[0],
            name_of(named[row.credit_id])[0],
        )
        for row in found
    )


def periods(book_id: int) -> tuple[ClosedPeriod, ...]:
    """Closed periods of a book, newest first."""
    rows = Period.rows.filter(book=book_id).order_by("-days")
    return tuple(
        ClosedPeriod(
            row.pk,
            row.days.lower,
            row.days.upper - timedelta(days=1),
            row.closed_at,
            row.sha256,
            len(row.rows_json),
        )
        for row in rows
    )
