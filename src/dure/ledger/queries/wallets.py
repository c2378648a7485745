"""Accounts as their owners see them: what there is, what is held, what can be spent, what expires.

Nouns: wallet (지갑: an account with its parts of lots as one), lot part (발행 묶음의 남은 몫).
Law: spendable is the account's own figure plus that of its valid parts; it is read, not guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from dure.core import clock
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import active_language
from dure.ledger.models import Account, Programme
from dure.registry.models import Organisation

OWNED = ("liability", "equity")
SPENDERS = (Role.TREASURER, Role.APPROVER)
LOOKERS = (*SPENDERS, Role.BOARD, Role.STAFF, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class LotPart:
    """What is left of one lot in a wallet, and until when it can be spent."""

    account_id: int
    lot_id: int
    balance: int
    spendable: int
    valid_from: date
    valid_to: date
    is_valid: bool


@dataclass(frozen=True, slots=True)
class Wallet:
    """An account with its parts of lots, in minor units. `spendable` None: without a floor."""

    id: int
    unit: str
    label: str
    handle: str | None
    book_id: int
    book: str
    status: str
    balance: int
    held_out: int
    held_in: int
    spendable: int | None
    lo: int | None
    hi: int | None
    owner_person: UUID | None
    owner_organisation: UUID | None
    programme: str
    programme_en: str
    lots: tuple[LotPart, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether value may move."""
        return self.status == "open"

    @property
    def next_lot(self) -> LotPart | None:
        """The part that expires first among those that can be spent."""
        return next((part for part in self.lots if part.is_valid and part.balance), None)

    @property
    def ended(self) -> int:
        """What lies in parts that have expired and wait to be swept."""
        return sum(part.balance for part in self.lots if not part.is_valid)

    @property
    def credit_line(self) -> int:
        """How far below zero the account may go."""
        return -self.lo if self.lo is not None and self.lo < 0 else 0

    @property
    def room(self) -> int | None:
        """What the account can still take in; None without a ceiling."""
        return None if self.hi is None else self.hi - self.balance - self.held_in


def mine(actor: Actor) -> tuple[Wallet, ...]:
    """The wallets of the person who asks, or of the person one acts for; closed ones left out."""
    if actor.id is None:
        return ()
    rows = _rows().filter(owner_person=actor.acting_for or actor.id).exclude(status="closed")
    return _wallets(rows.order_by("unit_id", "id"))


def of_organisation(actor: Actor, organisation_id: UUID | str) -> tuple[Wallet, ...]:
    """The wallets an organisation owns, in any book. Raises Refusal(NOT_FOUND) for others."""
    if not works_for(actor, organisation_id):
        raise Refusal(CoreCode.NOT_FOUND)
    rows = _rows().filter(owner_organisation=UUID(str(organisation_id)), type__in=OWNED)
    return _wallets(rows.exclude(status="closed").order_by("unit_id", "id"))


def works_for(actor: Actor, organisation_id: UUID | str, *roles: Role) -> bool:
    """Whether the actor may look at an organisation's accounts (or has one of `roles` there)."""
    return any(actor.has(role, organisation=organisation_id) for role in roles or LOOKERS)


def organisations_of(actor: Actor) -> tuple[str, ...]:
    """The organisations for which the actor may stand at a till."""
    found = {scope for role in LOOKERS for scope in actor.scope_ids(role, "organisation")}
    return tuple(sorted(found))


def name_of_organisation(organisation_id: UUID | str) -> str:
    """The name an organisation bears, in the language of the page where it has one."""
    found: Organisation | None = Organisation.rows.filter(pk=UUID(str(organisation_id))).first()
    if found is None:
        return ""
    named: str = found.name_en if active_language() == "en" else ""
    return named or str(found.name)


def one(actor: Actor, account_id: int | str) -> Wallet:
    """A wallet in the actor's scope; a part of a lot is told as the wallet it belongs to.

    Raises Refusal(NOT_FOUND) for what is missing and for what lies outside the scope, alike.
    """
    rows = _wallets(_rows(parts=True).filter(pk=seen(actor, account_id)))
    return rows[0]


def seen(actor: Actor, account_id: int | str) -> int:
    """The number of the wallet that an account in the actor's scope belongs to.

    Raises Refusal(NOT_FOUND) as `one` does.
    """
    text = str(account_id)
    found = None
    if text.isascii() and text.isdigit() and len(text) < 19:
        rows = Account.objects.within(actor).filter(pk=int(text))
        found = rows.values_list("parent_id", "pk").first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return int(found[0] or found[1])


def is_own(actor: Actor, wallet: Wallet) -> bool:
    """Whether the actor may pay from this wallet."""
    if wallet.owner_person is not None:
        return actor.id is not None and wallet.owner_person == (actor.acting_for or actor.id)
    if wallet.owner_organisation is None:
        return False
    return works_for(actor, wallet.owner_organisation, *SPENDERS)


def _rows(*, parts: bool = False) -> QuerySet[Account]:
    children = Account.rows.filter(lot__isnull=False).select_related("lot")
    rows = Account.rows.select_related("unit", "book")
    if not parts:
        rows = rows.filter(parent__isnull=True)
    return rows.prefetch_related(
        Prefetch("children", queryset=children.order_by("lot__valid_to", "lot_id"))
    )


def _wallets(rows: Iterable[Account]) -> tuple[Wallet, ...]:
    accounts = list(rows)
    programmes: dict[tuple[int, int], Programme] = {
        (one.book_id, one.unit_id): one
        for one in Programme.rows.filter(book_id__in={row.book_id for row in accounts})
        .exclude(state="draft")
        .order_by("-id")
    }
    today = clock.today()
    return tuple(
        _wallet(row, programmes.get((row.book_id, row.unit_id)), today) for row in accounts
    )


def _wallet(row: Account, programme: Programme | None, today: date) -> Wallet:
    lots = tuple(_part(child, today) for child in row.children.all() if child.lot is not None)
    inner = [child for child in row.children.all() if child.lot is not None]
    own = row.spendable
    return Wallet(
        id=row.pk,
        unit=row.unit.code,
        label=row.label,
        handle=row.handle,
        book_id=row.book_id,
        book=row.book.name,
        status=row.status,
        balance=row.balance + sum(part.balance for part in lots),
        held_out=row.held_out + sum(child.held_out for child in inner),
        held_in=row.held_in + sum(child.held_in for child in inner),
        spendable=None if own is None else own + sum(part.spendable for part in lots),
        lo=row.lo,
        hi=row.hi,
        owner_person=row.owner_person_id,
        owner_organisation=row.owner_organisation_id,
        programme=programme.name if programme else "",
        programme_en=(programme.name_en or programme.name) if programme else "",
        lots=tuple(part for part in lots if part.balance),
    )


def _part(child: Account, today: date) -> LotPart:
    lot = child.lot
    assert lot is not None
    is_valid = lot.valid_from <= today <= lot.valid_to
    return LotPart(
        account_id=child.pk,
        lot_id=lot.pk,
        balance=child.balance,
        spendable=(child.spendable or 0) if is_valid and child.status == "open" else 0,
        valid_from=lot.valid_from,
        valid_to=lot.valid_to,
        is_valid=is_valid,
    )
