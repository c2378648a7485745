"""The centre's desk: what waits for somebody, what waits for others, what was done today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db import connection
from django.db.models import Q

from dure.core import clock, rulebook
from dure.core.actions import CATALOGUE
from dure.core.actors import Actor
from dure.core.models import AuditLine
from dure.core.text import T
from dure.registry import words
from dure.registry.models import Approval, Membership, Merge, OrgEdit
from dure.registry.queries.organisations import word_of_deed
from dure.registry.queries.subjects import working_q

ROWS_MAX = 30


@dataclass(frozen=True, slots=True)
class Task:
    """One row of the desk: what it is, why it is here, and the object it is about."""

    kind: str
    id: UUID
    title: str
    why: str
    at: datetime
    organisation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """The three columns."""

    todo: tuple[Task, ...]
    waiting: tuple[Task, ...]
    done: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class EditRow:
    """A proposed correction as its review page shows it."""

    id: UUID
    organisation_id: UUID
    organisation: str
    field: str
    old: str
    new: str
    why: str
    state: str
    proposed_at: datetime
    is_own: bool


@dataclass(frozen=True, slots=True)
class MergeRow:
    """A merge as its page shows it."""

    id: UUID
    kept_id: UUID
    kept: str
    other_id: UUID
    other: str
    evidence: str
    state: str
    state_code: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """A question to a second person: the action and its body in words."""

    id: UUID
    action: str
    body: tuple[tuple[str, str], ...]
    what: tuple[tuple[str, str], ...]
    reason: str
    asked_at: datetime
    expires_at: datetime
    state: str
    is_open: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two entries that may be one organisation."""

    kept_id: UUID
    kept: str
    other_id: UUID
    other: str
    likeness: int
    district: str


def desk(actor: Actor) -> Desk:
    """The desk of an actor with grants loaded."""
    todo = [*_edits(actor), *_merges(actor), *_approvals(actor), *_applications(actor)]
    return Desk(
        tuple(sorted(todo, key=lambda task: task.at)[:ROWS_MAX]),
        tuple(_waiting(actor)),
        tuple(_done(actor)),
    )


def _in_scope_edits(actor: Actor) -> list[OrgEdit]:
    rows = OrgEdit.objects.everything("the actor's districts and organisations are asked next")
    mine = rows.filter(working_q(actor, "organisation__")).filter(state="proposed")
    return list(mine.exclude(proposer=actor.id).select_related("organisation")[:ROWS_MAX])


def _edits(actor: Actor) -> list[Task]:
    return [
        Task(
            "edit",
            row.pk,
            f"{row.organisation.name}: {words.word(words.FIELDS, row.field)}",
            str(T("고칠 값이 들어왔습니다.", "A correction was proposed.")),
            row.proposed_at,
            row.organisation_id,
        )
        for row in _in_scope_edits(actor)
    ]


def _merges(actor: Actor) -> list[Task]:
    rows = Merge.objects.everything("the actor's districts are asked next")
    mine = rows.filter(working_q(actor, "kept__"), state="proposed").exclude(proposer=actor.id)
    return [
        Task(
            "merge",
            row.pk,
            f"{row.kept.name} ← {row.other.name}",
            str(T("같은 조직이라는 제안입니다.", "Proposed to be one organisation.")),
            row.proposed_at,
            row.kept_id,
        )
        for row in mine.select_related("kept", "other")[:ROWS_MAX]
    ]


def _approvals(actor: Actor) -> list[Task]:
    rows = Approval.objects.within(actor).filter(state="asked", expires_at__gt=clock.now())
    return [
        Task(
            "approval",
            row.pk,
            action_words(row.action),
            str(T("두 번째 사람을 기다립니다.", "A second person is needed.")),
            row.asked_at,
            row.organisation,
        )
        for row in rows.exclude(requester=actor.id)[:ROWS_MAX]
    ]


def _applications(actor: Actor) -> list[Task]:
    rows = Membership.objects.everything("the actor's districts and organisations are asked next")
    mine = rows.filter(working_q(actor, "organisation__"), state="applied")
    return [
        Task(
            "application",
            row.pk,
            row.organisation.name,
            str(T("조합원 신청이 있습니다.", "Somebody applied for membership.")),
            row.applied_at,
            row.organisation_id,
        )
        for row in mine.exclude(person=actor.id).select_related("organisation")[:ROWS_MAX]
    ]


def _waiting(actor: Actor) -> list[Task]:
    own_edits = OrgEdit.objects.everything("one's own proposals").filter(
        proposer=actor.id, state="proposed"
    )
    own_merges = Merge.objects.everything("one's own proposals").filter(
        proposer=actor.id, state="proposed"
    )
    asked = Approval.objects.within(actor).filter(
        requester=actor.id, state="asked", expires_at__gt=clock.now()
    )
    why = str(T("다른 사람이 검토합니다.", "Somebody else reviews it."))
    tasks = [
        Task("edit", row.pk, row.organisation.name, why, row.proposed_at, row.organisation_id)
        for row in own_edits.select_related("organisation")[:ROWS_MAX]
    ]
    tasks += [
        Task("merge", row.pk, f"{row.kept.name} ← {row.other.name}", why, row.proposed_at)
        for row in own_merges.select_related("kept", "other")[:ROWS_MAX]
    ]
    tasks += [
        Task("approval", row.pk, action_words(row.action), why, row.asked_at)
        for row in asked[:ROWS_MAX]
    ]
    return sorted(tasks, key=lambda task: task.at)


def _done(actor: Actor) -> list[Task]:
    start = datetime.combine(clock.today(), time(), clock.SEOUL)
    rows = AuditLine.objects.everything("one's own deeds of today").filter(
        actor=actor.id, at__gte=start, outcome="done", action__in=list(words.DEEDS)
    )
    return [
        Task("done", line.id, word_of_deed(line.action), "", line.at, line.organisation)
        for line in rows.order_by("-seq")[:ROWS_MAX]
    ]


def action_words(name: str) -> str:
    """An action's sentence from the catalogue."""
    entry = CATALOGUE.get(name)
    return str(entry.text) if entry else name


def edit(edit_id: UUID, actor: Actor) -> EditRow | None:
    """One proposed correction in the actor's scope, or the actor's own."""
    rows = OrgEdit.objects.everything("the scope or the proposer is asked next")
    own = Q(proposer=actor.id) if actor.id else Q(pk__in=[])
    row = (
        rows.filter(working_q(actor, "organisation__") | own)
        .filter(pk=edit_id)
        .select_related("organisation")
        .first()
    )
    if row is None:
        return None
    return EditRow(
        row.pk,
        row.organisation_id,
        row.organisation.name,
        words.word(words.FIELDS, row.field),
        row.old,
        row.new,
        row.why,
        row.state,
        row.proposed_at,
        row.proposer == actor.id,
    )


def _merge_row(row: Merge, actor: Actor) -> MergeRow:
    return MergeRow(
        row.pk,
        row.kept_id,
        row.kept.name,
        row.other_id,
        row.other.name,
        row.evidence,
        words.word(words.MERGE_STATES, row.state),
        row.state,
        row.proposer == actor.id,
    )


def merge(merge_id: UUID, actor: Actor) -> MergeRow | None:
    """One merge in the actor's scope."""
    rows = Merge.objects.everything("the actor's districts are asked next")
    row = (
        rows.filter(working_q(actor, "kept__"), pk=merge_id).select_related("kept", "other").first()
    )
    return _merge_row(row, actor) if row else None


def merges_of(organisation_id: UUID, actor: Actor) -> list[MergeRow]:
    """Merges of one organisation, newest first."""
    rows = Merge.objects.everything("the actor's districts are asked next")
    mine = rows.filter(working_q(actor, "kept__"), kept=organisation_id)
    ordered = mine.select_related("kept", "other").order_by("-proposed_at")
    return [_merge_row(row, actor) for row in ordered[:ROWS_MAX]]


def approval(approval_id: UUID, actor: Actor) -> ApprovalRow | None:
    """One question to a second person in the actor's scope, or the actor's own."""
    row = Approval.objects.within(actor).filter(pk=approval_id).first()
    if row is None:
        return None
    return ApprovalRow(
        row.pk,
        action_words(row.action),
        tuple((name, str(value)) for name, value in row.body.items()),
        tuple((words.word(words.FIELDS, name), str(value)) for name, value in row.body.items()),
        row.reason,
        row.asked_at,
        row.expires_at,
        row.state,
        row.state == "asked" and row.expires_at > clock.now(),
        row.requester == actor.id,
    )


CANDIDATES = """
SELECT a.id, a.name, b.id, b.name, round(similarity(a.name_key, b.name_key) * 100)::int,
       a.district_id
FROM registry_organisation a JOIN registry_organisation b
  ON a.district_id = b.district_id AND a.id < b.id AND a.name_key %% b.name_key
WHERE NOT a.annulled AND NOT b.annulled AND a.merged_into_id IS NULL AND b.merged_into_id IS NULL
  AND a.district_id = ANY(%s) AND similarity(a.name_key, b.name_key) >= %s
  AND NOT EXISTS (SELECT FROM registry_merge m WHERE m.state IN ('proposed', 'declined')
                  AND least(m.kept_id, m.other_id) = a.id
                  AND greatest(m.kept_id, m.other_id) = b.id)
ORDER BY 5 DESC, a.name_key LIMIT %s
"""


def duplicates(districts: list[str]) -> list[Candidate]:
    """Pairs of one district whose names are alike, most alike first; proposals, never automatic.

    Source: rulebook `duplicate.similarity_ppm`.
    """
    least = rulebook.value("duplicate.similarity_ppm").integer / 1_000_000
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(least)])
        cursor.execute(CANDIDATES, [districts, least, ROWS_MAX])
        return [Candidate(*row) for row in cursor.fetchall()]
