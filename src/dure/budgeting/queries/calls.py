"""Calls as their pages show them: the list, one round with its phase line, its projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from dure.budgeting.models import Call, Envelope, Project, ProjectLink, kept_q
from dure.budgeting.queries.abilities import call_abilities
from dure.budgeting.queries.sentences import (
    ballot_sentence,
    roll_sentence,
    rule_sentence,
    ties_sentence,
)
from dure.budgeting.words import PHASES, STATES
from dure.core.actors import Actor
from dure.core.text import T
from dure.governance.queries import rolls
from dure.governance.queries.rolls import RollView, Standing

ORDER = ("proposing", "reviewing", "listing", "voting", "counting")
REACHED = {
    "draft": -1, "open": 0, "reviewing": 1, "listed": 2, "frozen": 2, "voting": 3, "counting": 4,
    "published": 5, "following": 5, "closed": 6, "void": -1,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call in a list."""

    id: UUID
    title: T
    year: int
    district: T
    organisation: str
    state: str
    state_text: T
    amount_won: int
    proposal_count: int
    project_count: int
    voting_from: datetime | None
    voting_to: datetime | None
    is_synthetic: bool


@dataclass(frozen=True, slots=True)
class PhaseView:
    """One step of the phase line. `place` is past, now or next."""

    kind: str
    text: T
    begins: datetime | None
    ends: datetime | None
    place: str


@dataclass(frozen=True, slots=True)
class EnvelopeView:
    """Money of one part of the ballot, and what its projects cost together."""

    id: UUID
    code: str
    name: T
    amount_won: int
    part: str
    project_count: int
    projects_won: int


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field of work with its caps."""

    id: UUID
    code: str
    name: T
    marks_max: int | None
    amount_max_won: int | None


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A value that was changed after the call opened."""

    name: str
    old: str
    new: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CallView:
    """One round. `can` names what the actor may do now, as `call.<verb>` or `proposal.send`."""

    row: CallRow
    district_id: str
    organisation_id: UUID | None
    about: T
    phases: tuple[PhaseView, ...]
    envelopes: tuple[EnvelopeView, ...]
    fields: tuple[FieldView, ...]
    ballot_kind: str
    ballot_text: T
    marks_min: int
    marks_max: int | None
    points_max: int | None
    points_sum: int | None
    spend_max_won: int | None
    may_revote: bool
    paper_allowed: bool
    links_allowed: bool
    leftover: str
    rule: dict[str, Any]  # Any: a stored rule, shown as it is
    rule_text: T
    ties_text: T
    roll_rule: dict[str, Any]  # Any: as above
    roll_text: T
    silent_days: int
    roll: RollView | None
    rule_sha256: str | None
    rule_json: str
    seed_commit: str | None
    seed_public_source: str
    seed_public_value: str
    seed_revealed: str | None
    frozen_at: datetime | None
    void_reason: str
    imported_from: str
    changes: tuple[ChangeView, ...]
    can: frozenset[str]


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project on the ballot."""

    id: UUID
    code: str
    name: T
    summary: str
    cost_won: int
    cost_low_won: int | None
    cost_high_won: int | None
    cost_basis: str
    upkeep_won: int | None
    envelope: str
    envelope_name: T
    field: str
    field_name: T
    place: str
    dong: str
    latitude_e5: int | None
    longitude_e5: int | None
    proposal: UUID | None
    proposal_number: int | None
    requires: tuple[str, ...]
    excludes: tuple[str, ...]


def calls(actor: Actor, *, district: str | None = None, live: bool | None = None) -> QuerySet[Call]:
    """Calls that an actor may see, the newest first; `live` narrows to those before their end."""
    rows: QuerySet[Call] = Call.objects.within(actor)
    if district is not None:
        rows = rows.filter(district_id=district)
    if live is not None:
        over = Q(state__in=("published", "following", "closed", "void"))
        rows = rows.exclude(over) if live else rows.filter(over)
    return rows.order_by("-year", "-made_at", "id")


def kept_calls(actor: Actor) -> QuerySet[Call]:
    """Calls that the actor works for, drafts too; the newest first."""
    rows: QuerySet[Call] = Call.objects.within(actor).filter(kept_q(actor))
    return rows.order_by("-year", "-made_at", "id")


def call_rows(found: Sequence[Call] | QuerySet[Call]) -> list[CallRow]:
    """A page of calls with their numbers, in two queries."""
    ids = [call.pk for call in found]
    money = Envelope.rows.filter(call=OuterRef("pk")).values("call")
    listed = Project.rows.filter(call=OuterRef("pk"), is_dropped=False).values("call")
    rows = {
        call.pk: call
        for call in Call.rows.filter(pk__in=ids)
        .select_related("district", "organisation")
        .prefetch_related("phases")
        .annotate(
            amount=Subquery(money.annotate(s=Sum("amount_won")).values("s")),
            proposal_number=Count("proposals", filter=Q(proposals__is_hidden=False)),
            project_number=Subquery(listed.annotate(n=Count("pk")).values("n")),
        )
    }
    return [_row(rows[pk]) for pk in ids]


def _row(call: Any) -> CallRow:  # Any: a call with its annotations
    voting = next((p.during for p in call.phases.all() if p.kind == "voting"), None)
    return CallRow(
        call.pk,
        T(call.title, call.title_en or call.title),
        call.year,
        T(call.district.name, call.district.name_en),
        call.organisation.name if call.organisation else "",
        call.state,
        STATES[call.state],
        call.amount or 0,
        call.proposal_number,
        call.project_number or 0,
        voting.lower if voting else None,
        voting.upper if voting else None,
        call.is_synthetic,
    )


def call_view(call_id: UUID | str, actor: Actor) -> CallView | None:
    """One round as an actor sees it; None when there is none to be seen."""
    call: Call | None = (
        Call.objects.within(actor)
        .select_related("district", "organisation", "rule_set", "roll")
        .filter(pk=call_id)
        .first()
    )
    if call is None:
        return None
    return CallView(
        row=call_rows([call])[0],
        district_id=str(call.district_id),
        organisation_id=call.organisation_id,
        about=T(call.about, call.about_en or call.about),
        phases=phase_line(call),
        envelopes=_envelopes(call),
        fields=tuple(
            FieldView(f.pk, f.code, _name(f), f.marks_max, f.amount_max_won)
            for f in call.fields.all()
        ),
        ballot_kind=call.ballot_kind,
        ballot_text=ballot_sentence(call),
        marks_min=call.marks_min,
        marks_max=call.marks_max,
        points_max=call.points_max,
        points_sum=call.points_sum,
        spend_max_won=call.spend_max_won,
        may_revote=call.may_revote,
        paper_allowed=call.paper_allowed,
        links_allowed=call.links_allowed,
        leftover=call.leftover,
        rule=call.rule,
        rule_text=rule_sentence(call.rule),
        ties_text=ties_sentence(call.rule),
        roll_rule=call.roll_rule,
        roll_text=roll_sentence(call.roll_rule),
        silent_days=call.silent_days,
        roll=rolls.roll_of("budgeting.call", call.pk),
        rule_sha256=call.rule_set.sha256 if call.rule_set else None,
        rule_json=call.rule_set.text if call.rule_set else "",
        seed_commit=call.seed_commit,
        seed_public_source=call.seed_public_source,
        seed_public_value=call.seed_public_value,
        seed_revealed=call.seed_revealed,
        frozen_at=call.frozen_at,
        void_reason=call.void_reason,
        imported_from=call.imported_from,
        changes=tuple(
            ChangeView(c.name, c.old, c.new, c.why, c.at)
            for c in call.changes.order_by("-at", "pk")
        ),
        can=call_abilities(call, actor),
    )


def _name(row: Any) -> T:  # Any: Envelope, Field or Project
    return T(row.name, row.name_en or row.name)


def _envelopes(call: Call) -> tuple[EnvelopeView, ...]:
    listed = Q(projects__is_dropped=False)
    rows = call.envelopes.annotate(
        number=Count("projects", filter=listed), won=Sum("projects__cost_won", filter=listed)
    ).order_by("position", "code")
    return tuple(
        EnvelopeView(e.pk, e.code, _name(e), e.amount_won, e.part, e.number, e.won or 0)
        for e in rows
    )


def phase_line(call: Call) -> tuple[PhaseView, ...]:
    """The phases of a call in their order, with where the call stands now."""
    dates = {phase.kind: phase.during for phase in call.phases.all()}
    reached = REACHED[call.state]
    found = []
    for number, kind in enumerate((*ORDER, "following")):
        place = "past" if number < reached else ("now" if number == reached else "next")
        during = dates.get(kind)
        found.append(
            PhaseView(
                kind,
                PHASES[kind],
                during.lower if during else None,
                during.upper if during else None,
                place,
            )
        )
    return tuple(found)


def project_rows(call_id: UUID | str, actor: Actor) -> tuple[ProjectRow, ...]:
    """The projects of a call that an actor may see, by code."""
    rows = Project.rows.filter(
        call__in=Call.objects.within(actor).filter(pk=call_id), is_dropped=False
    )
    found = list(rows.select_related("envelope", "field", "proposal").order_by("received", "code"))
    links: dict[tuple[UUID, str], list[str]] = {}
    for link in ProjectLink.rows.filter(call=call_id).select_related("other").order_by("pk"):
        links.setdefault((link.project_id, link.kind), []).append(link.other.code)
    return tuple(
        ProjectRow(
            id=p.pk,
            code=p.code,
            name=_name(p),
            summary=p.summary,
            cost_won=p.cost_won,
            cost_low_won=p.cost_low_won,
            cost_high_won=p.cost_high_won,
            cost_basis=p.cost_basis,
            upkeep_won=p.upkeep_won,
            envelope=p.envelope.code,
            envelope_name=_name(p.envelope),
            field=p.field.code if p.field else "",
            field_name=_name(p.field) if p.field else T("", ""),
            place=p.place,
            dong=p.dong,
            latitude_e5=p.latitude_e5,
            longitude_e5=p.longitude_e5,
            proposal=p.proposal_id,
            proposal_number=p.proposal.number if p.proposal else None,
            requires=tuple(links.get((p.pk, "requires"), ())),
            excludes=tuple(links.get((p.pk, "excludes"), ())),
        )
        for p in found
    )


def my_standing(call_id: UUID | str, actor: Actor) -> Standing | None:
    """How a person stands on a call's roll; None before there is one."""
    roll = rolls.roll_of("budgeting.call", UUID(str(call_id)))
    return rolls.standing_of(roll, actor.behalf) if roll is not None else None
