"""Members and shops of a programme in bulk, and a shop that leaves it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from dure.core import clock, notices
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.types import Part, UuidText, WonStock
from dure.ledger import enrolling, opening, programme_policies, telling
from dure.ledger import programme_subjects as subjects
from dure.ledger.enrolling import ROWS_MAX, Judged, Wanted
from dure.ledger.errors import LedgerCode
from dure.ledger.models import Account, Programme, ProgrammeShop
from dure.ledger.opening import OPENED, POSTED, check_limit, open_now
from dure.ledger.posting import Movement, post
from dure.ledger.programme_errors import ProgrammeCode
from dure.ledger.purposes import GRANT
from dure.ledger.types import RowId
from dure.registry.models import Organisation


class ShopRow(Part):
    """One shop of a list: the organisation, and what it declares as last year's sales."""

    shop: UuidText
    sales: WonStock | None = None


Members = Annotated[tuple[UuidText, ...], Field(min_length=1, max_length=ROWS_MAX)]
Shops = Annotated[tuple[ShopRow, ...], Field(min_length=1, max_length=ROWS_MAX)]


@dataclass(frozen=True, slots=True)
class Enrolled:
    """How many were enrolled, and what their starting grants come to."""

    accounts: int
    granted: int


def _check(rows: list[Judged]) -> None:
    """Refuse a list with a faulty row, naming the rows by their place."""
    faulty = [str(one.line) for one in rows if one.faults]
    if faulty:
        raise Refusal(ProgrammeCode.BAD_LIST, rows=", ".join(faulty[:20]))


def _members(body: Any) -> list[Judged]:  # Any: a body with members
    named = [Wanted(place, one) for place, one in enumerate(body.members, 1)]
    return enrolling.members(subject(Programme), named)


def _shops(body: Any) -> list[Judged]:  # Any: a body with shops
    named = [
        Wanted(place, one.shop, "" if one.sales is None else str(one.sales))
        for place, one in enumerate(body.shops, 1)
    ]
    return enrolling.shops(subject(Programme), named)


def good_members(body: Any, actor: Actor) -> bool:  # Any: as above
    """Always a second person; but nobody is asked about a list that could not be enrolled."""
    open_now(subject(Programme))
    _check(_members(body))
    return True


def good_shops(body: Any, actor: Actor) -> bool:  # Any: as above
    """Always a second person; but nobody is asked about a list that could not be enrolled."""
    _is_open(subject(Programme))
    _check(_shops(body))
    return True


def _standing(programme: Programme) -> Any:  # Any: a queryset of shops
    return ProgrammeShop.rows.filter(programme=programme, left_at=None)


def standing_shop(body: Any, actor: Actor) -> bool:  # Any: a body with account_id
    """Always a second person; but nobody is asked about a shop that is none."""
    subjects.one(_standing(subject(Programme)), "account_id", account=body.account_id)
    return True


def _is_open(programme: Programme) -> None:
    if programme.state != Programme.State.OPEN:
        raise Refusal(ProgrammeCode.PROGRAMME_CLOSED)


@action(
    "ledger.programme.enrol",
    ko="여러 사람을 사업의 회원으로 등록합니다.",
    en="Enrol many people as members of a programme.",
    policy=programme_policies.may_run_programme,
    letters=programme_policies.RUNNERS,
    subject=subjects.programme,
    lock=subjects.lock_programme,
    second_person=good_members,
    idempotent=True,
    reason=Reason.OPTIONAL,
    value=True,
    writes=(*POSTED, "ledger_limitchange"),
    notices=(telling.ENROLLED,),
    refusals=(
        CoreCode.NOT_FOUND,
        ProgrammeCode.PROGRAMME_CLOSED,
        ProgrammeCode.BAD_LIST,
        ProgrammeCode.ISSUE_LIMIT,
    ),
)
def enrol_members(programme_id: RowId, members: Members, *, actor: Actor) -> Enrolled:
    """Open an account for each person with the programme's limits, and post the starting grants.

    All or none; who has joined already is a fault of the list. Everyone enrolled is told.
    """
    programme = open_now(subject(Programme))
    judged = enrolling.members(
        programme, [Wanted(place, one) for place, one in enumerate(members, 1)]
    )
    _check(judged)
    people = [one.who for one in judged if one.who is not None]
    accounts = [opening.member(programme, person=person) for person in people]
    grant = opening.rule(programme, "grant")
    if grant:
        assert programme.issuer is not None
        check_limit(programme.issuer, grant * len(accounts))
        post([Movement(programme.issuer.pk, one.pk, grant, GRANT) for one in accounts])
    notices.tell_many(sorted(people), telling.ENROLLED)
    line().object("ledger.programme", programme.pk)
    line().changed("members", None, len(accounts))
    return Enrolled(len(accounts), grant * len(accounts))


@action(
    "ledger.programme.shops",
    ko="여러 가맹점을 한꺼번에 등록합니다.",
    en="Register many shops at once.",
    policy=programme_policies.may_run_programme,
    letters=programme_policies.RUNNERS,
    subject=subjects.programme,
    lock=subjects.lock_programme,
    second_person=good_shops,
    idempotent=True,
    reason=Reason.OPTIONAL,
    writes=(*OPENED, "ledger_programmeshop"),
    refusals=(CoreCode.NOT_FOUND, ProgrammeCode.PROGRAMME_CLOSED, ProgrammeCode.BAD_LIST),
)
def register_shops(programme_id: RowId, shops: Shops, *, actor: Actor) -> Enrolled:
    """Register every shop of a list, all or none; rules as for one shop."""
    programme = subject(Programme)
    _is_open(programme)
    named = [
        Wanted(place, one.shop, "" if one.sales is None else str(one.sales))
        for place, one in enumerate(shops, 1)
    ]
    judged = enrolling.shops(programme, named)
    _check(judged)
    found = Organisation.rows.in_bulk([one.who for one in judged if one.who is not None])
    for one in judged:
        assert one.who is not None
        enrolling.open_shop(programme, found[one.who], one.sales)
    line().object("ledger.programme", programme.pk)
    line().changed("shops", None, len(judged))
    return Enrolled(len(judged), 0)


@dataclass(frozen=True, slots=True)
class ShopRef:
    """A shop that left: its account, and what it still may redeem."""

    account: str
    left: int


@action(
    "ledger.programme.stop",
    ko="가맹점 등록을 멈춥니다.",
    en="End the registration of a shop.",
    policy=programme_policies.may_run_programme,
    letters=programme_policies.RUNNERS,
    subject=subjects.programme,
    lock=subjects.lock_programme,
    second_person=standing_shop,
    idempotent=True,
    reason=Reason.REQUIRED,
    audit_refusals=True,
    writes=("ledger_programmeshop", "ledger_account"),
    refusals=(CoreCode.NOT_FOUND, LedgerCode.NOT_EMPTY),
)
def stop_shop(programme_id: RowId, account_id: RowId, *, actor: Actor) -> ShopRef:
    """From now the shop takes nothing more in the programme.

    Vouchers it has taken stay its own and can be redeemed as before. In a programme without
    vouchers its account must be empty, and is closed.
    """
    programme = subject(Programme)
    shop = subjects.locked(_standing(programme), "account_id", account=account_id)
    account = subjects.locked(Account.rows.all(), "account_id", id=shop.account_id)
    if not programme.has_lots:
        if account.balance or account.held_in or account.held_out:
            raise Refusal(LedgerCode.NOT_EMPTY)
        account.status, account.audit = Account.Status.CLOSED, line().id
        account.save(update_fields=["status", "audit"])
    shop.left_at, shop.audit = clock.now(), line().id
    shop.save(update_fields=["left_at", "audit"])
    owner: UUID | None = account.owner_organisation_id
    line().object("ledger.account", account.pk)
    line().changed("shop", str(owner), None)
    return ShopRef(str(account.pk), account.balance)
