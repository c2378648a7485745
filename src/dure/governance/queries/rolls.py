"""Rolls as people and the desk see them; never who else stands there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count

from dure.core.actors import Actor
from dure.governance.models import Roll, RollEntry, RollObjection
from dure.governance.types import RollRule


@dataclass(frozen=True, slots=True)
class RollView:
    """A roll in numbers. `sha256` is public once sealed."""

    id: UUID
    state: str
    as_of: date
    rule: RollRule
    drafted_at: datetime
    objections_until: datetime
    sealed_at: datetime | None
    sha256: str | None
    voting_count: int
    unknown_count: int
    replaces: UUID | None
    replaces_why: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person stands on a roll; `ground` is None when not on it."""

    roll: RollView
    ground: str | None
    part: str
    objections: tuple[ObjectionView, ...]

    @property
    def may_vote(self) -> bool:
        """Whether the person is on the roll and the roll is final."""
        return self.ground is not None and self.roll.state == "sealed"


@dataclass(frozen=True, slots=True)
class ObjectionView:
    """An objection with its answer, if any."""

    id: UUID
    person: UUID
    kind: str
    text: str
    at: datetime
    granted: bool | None
    answer: str


def roll_of(subject_kind: str, subject_id: UUID) -> RollView | None:
    """The roll of a matter that counts: the newest sealed one, else the draft; None before."""
    rows = Roll.rows.filter(subject_kind=subject_kind, subject_id=subject_id)
    live = rows.filter(state__in=("sealed", "draft"))
    sealed = live.filter(state="sealed").order_by("-sealed_at").first()
    found: Roll | None = sealed or live.first()
    return _view(found) if found is not None else None


def draft_of(subject_kind: str, subject_id: UUID) -> RollView | None:
    """The draft that is open, if any; beside a sealed one it is its correction."""
    found: Roll | None = Roll.rows.filter(
        subject_kind=subject_kind, subject_id=subject_id, state="draft"
    ).first()
    return _view(found) if found is not None else None


def standing_of(roll: RollView, person: UUID | None) -> Standing:
    """How a person stands on a roll; a visitor stands nowhere."""
    entry: RollEntry | None = (
        RollEntry.rows.filter(roll=roll.id, person=person, standing="voting").first()
        if person is not None
        else None
    )
    mine = (
        _objections(RollObjection.rows.filter(roll=roll.id, person=person, decides=None))
        if person is not None
        else ()
    )
    return Standing(roll, entry.ground if entry else None, entry.part if entry else "", mine)


def objections(roll_id: UUID, actor: Actor) -> tuple[ObjectionView, ...]:
    """All objections to a roll that the actor works for, those without an answer first."""
    rows = RollObjection.rows.filter(
        roll__in=Roll.objects.within(actor).filter(id=roll_id), decides=None
    )
    return tuple(sorted(_objections(rows), key=lambda one: (one.granted is not None, one.at)))


def counts_by_part(roll_id: UUID) -> dict[str, int]:
    """How many may vote in each dong ('' = no dong known); for whoever computes, not for a page."""
    rows = RollEntry.rows.filter(roll=roll_id, standing="voting").values_list("part")
    return dict(rows.annotate(count=Count("id")).order_by("part"))


def _objections(rows) -> tuple[ObjectionView, ...]:  # type: ignore[no-untyped-def]  # a queryset of RollObjection
    return tuple(
        ObjectionView(
            one.id,
            one.person,
            one.kind,
            one.text,
            one.at,
            one.decision.granted if hasattr(one, "decision") else None,
            one.decision.text if hasattr(one, "decision") else "",
        )
        for one in rows.select_related("decision").order_by("at", "id")
    )


def _view(roll: Roll) -> RollView:
    return RollView(
        roll.id,
        roll.state,
        roll.as_of,
        RollRule.model_validate(roll.rule),
        roll.drafted_at,
        roll.objections_until,
        roll.sealed_at,
        roll.sha256,
        roll.voting_count,
        roll.unknown_count,
        roll.replaces_id,
        roll.replaces_why,
    )
