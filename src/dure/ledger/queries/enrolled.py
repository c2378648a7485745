"""Who belongs to a programme, as its keepers see it; its shops, as everybody sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from dure.core import clock
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T, active_language
from dure.ledger import enrolling, policies, programme_policies
from dure.ledger.enrolling import Judged, Wanted
from dure.ledger.models import Account, Programme, ProgrammeShop

from .passages import name_of

PUBLIC = "programmes are public"


@dataclass(frozen=True, slots=True)
class Place:
    """A programme for the pages of its people: what it is called, and what the actor may do."""

    id: str
    code: str
    name: T
    state: str
    unit: str
    has_lots: bool
    asks_sales: bool
    is_kept: bool
    may_run: bool
    reads_book: bool


@dataclass(frozen=True, slots=True)
class Member:
    """A member's account: under its handle or its number, never with a name or a balance."""

    account: int
    name: str
    status: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop of a programme; `left_at` None: it takes payments."""

    account: int
    organisation: str
    name: str
    joined_at: datetime
    left_at: datetime | None


def place(actor: Actor, code: str) -> Place:
    """A programme by the name in its address. Raises Refusal(NOT_FOUND)."""
    found = programme_of(code)
    return Place(
        id=str(found.pk),
        code=found.code,
        name=T(found.name, found.name_en or found.name),
        state=found.state,
        unit=found.unit.code,
        has_lots=found.has_lots,
        asks_sales="shop_sales_most" in found.rules,
        is_kept=Programme.objects.within(actor).filter(pk=found.pk).exists(),
        may_run=programme_policies.may_run_programme.holds(actor, found, clock.now()),
        reads_book=policies.reads_book.holds(actor, found, clock.now()),
    )


def programme_of(code: str) -> Programme:
    """The programme of an address, drafts left out. Raises Refusal(NOT_FOUND)."""
    rows = Programme.objects.everything(PUBLIC).exclude(state=Programme.State.DRAFT)
    found: Programme | None = rows.filter(code=code).select_related("book", "unit").first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def members(actor: Actor, code: str, text: str) -> QuerySet[Account]:
    """The people's accounts of a programme one keeps, newest first. Raises Refusal(NOT_FOUND)."""
    found = programme_of(code)
    if not Programme.objects.within(actor).filter(pk=found.pk).exists():
        raise Refusal(CoreCode.NOT_FOUND)
    rows = Account.rows.filter(
        book=found.book_id, unit=found.unit_id, parent=None, owner_person__isnull=False
    )
    if text:
        number = Q(pk=int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else Q()
        sought = Q(handle__icontains=text.removeprefix("@").lower())
        rows = rows.filter(sought | number if number else sought)
    return rows.order_by("-pk")


def member_views(rows: Sequence[Account]) -> tuple[Member, ...]:
    """Accounts of one page."""
    return tuple(Member(one.pk, name_of(one)[0], one.status, one.opened_at) for one in rows)


def shops(code: str, text: str, *, left: bool) -> QuerySet[ProgrammeShop]:
    """The shops of a programme by name; with `left` those that have left as well."""
    rows = ProgrammeShop.rows.filter(programme=programme_of(code))
    if text:
        rows = rows.filter(account__owner_organisation__name__icontains=text)
    if not left:
        rows = rows.filter(left_at=None)
    rows = rows.select_related("account__owner_organisation")
    standing_first = F("left_at").asc(nulls_first=True)
    return rows.order_by(standing_first, "account__owner_organisation__name_key", "pk")


def shop_views(rows: Sequence[ProgrammeShop]) -> tuple[Shop, ...]:
    """Shops of one page, each under its name in the language of the page."""
    english = active_language() == "en"
    found = []
    for one in rows:
        owner = one.account.owner_organisation
        assert owner is not None
        name = (owner.name_en if english else "") or owner.name
        found.append(Shop(one.account_id, str(owner.pk), name, one.joined_at, one.left_at))
    return tuple(found)


def judged(actor: Actor, code: str, rows: Sequence[Wanted], *, shops: bool) -> list[Judged]:
    """Judge a list for a programme one may run. Raises Refusal(NOT_FOUND)."""
    found = programme_of(code)
    if not programme_policies.may_run_programme.holds(actor, found, clock.now()):
        raise Refusal(CoreCode.NOT_FOUND)
    return enrolling.shops(found, rows) if shops else enrolling.members(found, rows)
