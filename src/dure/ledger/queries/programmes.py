"""Programmes as their pages show them: public facts, totals of what was issued, one's own place.

Law: totals are shown to everybody only from as many members as the rule says; its keepers see them
always.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum

from dure.core import rulebook
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.models.rules import Rule, RuleVersion
from dure.core.text import T
from dure.ledger import boxes, cashing, ending
from dure.ledger.boxes import BOXES, RuleRow
from dure.ledger.models import Account, LotList, Programme, ProgrammeShop, Transfer
from dure.ledger.purposes import CASH, CLOSE, EXPIRE, REDEEM
from dure.registry.models import Centre, Organisation

PUBLIC = "programmes are public"


@dataclass(frozen=True, slots=True)
class ProgrammeCard:
    """A programme in a list."""

    id: str
    code: str
    kind: str
    kind_text: T
    name: T
    state: str
    runner: str
    district: T
    opens_on: date
    closes_on: date | None


@dataclass(frozen=True, slots=True)
class Totals:
    """What was issued, and what became of it: issued = spent + expired + paid_back + open."""

    issued: int
    spent: int
    expired: int
    paid_back: int
    open: int
    members: int


@dataclass(frozen=True, slots=True)
class ProgrammeView:
    """A programme with its rules as they were when it opened."""

    card: ProgrammeCard
    about: T
    unit: str
    rules: tuple[RuleRow, ...]
    shops: tuple[str, ...]
    totals: Totals | None
    members_least: int
    account: str | None
    is_kept: bool
    has_lots: bool
    pays_cash: bool


def _rows() -> QuerySet[Programme]:
    rows = Programme.objects.everything(PUBLIC).exclude(state=Programme.State.DRAFT)
    found: QuerySet[Programme] = rows.select_related(
        "book__organisation__district", "unit", "issuer"
    )
    return found


def listing() -> QuerySet[Programme]:
    """Every programme that was opened, the open ones first."""
    return _rows().order_by("closed_at", "opens_on", "id")


def cards(rows: Any) -> list[ProgrammeCard]:  # Any: a page of rows
    """Programmes as cards."""
    return [_card(one) for one in rows]


def _card(one: Programme) -> ProgrammeCard:
    place = one.book.organisation.district
    return ProgrammeCard(
        id=str(one.pk),
        code=one.code,
        kind=one.kind,
        kind_text=BOXES[one.kind].text,
        name=T(one.name, one.name_en or one.name),
        state=one.state,
        runner=one.book.organisation.name,
        district=T(place.name, place.name_en),
        opens_on=one.opens_on,
        closes_on=one.closes_on,
    )


def one(actor: Actor, code: str) -> ProgrammeView:
    """A programme by the name in its address; ``core.not_found`` when there is none."""
    found = _rows().filter(code=code).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    kept = Programme.objects.within(actor).filter(pk=found.pk).exists()
    totals = _totals(found)
    least = rulebook.value("ledger.programme.members_shown").integer
    return ProgrammeView(
        card=_card(found),
        about=BOXES[found.kind].about,
        unit=found.unit.code,
        rules=_frozen(found),
        shops=_shops(found),
        totals=totals if kept or totals.members >= least else None,
        members_least=least,
        account=_account(found, actor),
        is_kept=kept,
        has_lots=found.has_lots,
        pays_cash=cashing.has_rule(found),
    )


def _totals(programme: Programme) -> Totals:
    issuer = programme.issuer
    assert issuer is not None
    back = Transfer.rows.filter(credit=issuer, kind__in=(0, 2))
    by_purpose = dict(back.values_list("purpose").annotate(total=Sum("amount")))
    given_back = Transfer.rows.filter(credit=issuer, kind__in=(5, 6))
    undone = given_back.exclude(purpose=CASH).aggregate(t=Sum("amount"))["t"]
    cash = given_back.filter(purpose=CASH).aggregate(t=Sum("amount"))["t"] or 0
    out = Transfer.rows.filter(debit=issuer, kind__in=(0, 2, 5, 6)).exclude(purpose=CLOSE)
    issued = (out.aggregate(t=Sum("amount"))["t"] or 0) - (undone or 0)
    let_go = Transfer.rows.filter(debit=issuer, purpose=CLOSE).aggregate(t=Sum("amount"))["t"] or 0
    spent = by_purpose.pop(REDEEM, 0)
    expired = by_purpose.pop(EXPIRE, 0) + by_purpose.pop(CLOSE, 0) - let_go
    paid_back = sum(by_purpose.values()) + cash
    return Totals(
        issued=issued,
        spent=spent,
        expired=expired,
        paid_back=paid_back,
        open=-issuer.balance,
        members=len(ending.members(programme)),
    )


def _frozen(programme: Programme) -> tuple[RuleRow, ...]:
    """The rules that the programme stands on, each with its source."""
    box = BOXES[programme.kind]
    versions = {
        str(row.id): row
        for row in RuleVersion.rows.filter(
            id__in=[pair["version"] for pair in programme.rules.values()]
        )
    }
    rules = {row.key: row for row in Rule.rows.filter(key__in=[box.key(p) for p in box.needs])}
    found = []
    for part in box.needs:
        pair, rule = programme.rules.get(part), rules.get(box.key(part))
        version = versions.get(pair["version"]) if pair else None
        if pair is None or rule is None:
            continue
        found.append(
            RuleRow(
                key=rule.key,
                text=T(rule.ko, rule.en),
                unit=rule.unit,
                value=pair["value"],
                source=version.source if version else "",
                article=version.article if version else "",
                status=version.status if version else "",
                version_id=version.id if version else None,
                is_signed=True,
            )
        )
    return tuple(found)


def _shops(programme: Programme) -> tuple[str, ...]:
    rows = ProgrammeShop.rows.filter(programme=programme, left_at=None)
    names = rows.values_list("account__owner_organisation__name", flat=True)
    return tuple(sorted(name for name in names if name))


def _account(programme: Programme, actor: Actor) -> str | None:
    person = actor.acting_for or actor.id
    if person is None:
        return None
    rows = Account.rows.filter(book=programme.book_id, unit=programme.unit_id, parent=None)
    found = rows.filter(owner_person=person).order_by("id").first()
    return str(found.pk) if found is not None else None


def runners(actor: Actor) -> list[tuple[str, str]]:
    """Organisations for which the actor may open a programme: id and name."""
    roles = (Role.TREASURER, Role.APPROVER, Role.BOARD)
    ids = {scope for role in roles for scope in actor.scope_ids(role, "organisation")}
    wanted = Q(pk__in=ids)
    districts = actor.scope_ids(Role.OFFICIAL, "district")
    if districts:
        centres = Centre.rows.filter(district__in=districts).values("organisation")
        wanted |= Q(pk__in=centres)
    rows = Organisation.rows.filter(wanted, ended_on=None, merged_into=None)
    return [(str(row.pk), row.name) for row in rows.order_by("name_key", "pk")]


def rules_for(kind: str, organisation_id: str) -> tuple[RuleRow, ...]:
    """The rules that a kind of programme needs at an organisation, signed or not."""
    runner = Organisation.rows.filter(pk=organisation_id, merged_into=None).first()
    if runner is None or kind not in BOXES:
        raise Refusal(CoreCode.NOT_FOUND)
    return boxes.rows(kind, boxes.scopes_of(runner.pk, runner.district_id))


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list of grants."""

    row: int
    amount: int | None
    fault: str


@dataclass(frozen=True, slots=True)
class ListView:
    """A list of grants as its preview shows it; faulty rows come first."""

    id: str
    state: str
    valid_from: date
    valid_to: date
    rows: tuple[ListRow, ...]
    good: int
    faulty: int
    amount: int
    posted: int
    lot: str | None


def lists_of(actor: Actor, programme_id: str) -> tuple[ListView, ...]:
    """The newest lists of a programme that the actor keeps."""
    kept = Programme.objects.within(actor)
    rows = LotList.rows.filter(programme__in=kept, programme_id=programme_id)
    return tuple(_listed(one) for one in rows.order_by("-made_at")[:10])


def _listed(one: LotList) -> ListView:
    grants = list(one.grants.order_by("row").values_list("row", "amount", "fault", "transfer"))
    shown = sorted(grants, key=lambda grant: (not grant[2], grant[0]))[:50]
    good = [grant for grant in grants if not grant[2]]
    return ListView(
        id=str(one.pk),
        state=one.state,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        rows=tuple(ListRow(row, amount, fault) for row, amount, fault, _ in shown),
        good=len(good),
        faulty=len(grants) - len(good),
        amount=sum(grant[1] or 0 for grant in good),
        posted=sum(1 for grant in good if grant[3]),
        lot=str(one.lot_id) if one.lot_id else None,
    )
