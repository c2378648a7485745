"""Two entries that are one organisation: proposed, approved, undone. Nothing moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dure.core import clock
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import Line, UuidText
from dure.registry import policies, stating
from dure.registry.actions.organisations import refresh_search
from dure.registry.errors import RegistryCode
from dure.registry.models import Merge, Organisation
from dure.registry.queries import subjects

MERGERS = {Role.STAFF: "d", Role.OFFICIAL: "d2"}
CHOOSABLE = ("name", "name_en", "founded_on")
Choice = Literal["kept", "other"]


@dataclass(frozen=True, slots=True)
class MergeRef:
    """A merge: its id and state."""

    id: str
    state: str


@action(
    "registry.merge.propose",
    ko="두 조직이 같은 조직이라고 제안합니다.",
    en="Propose that two entries are one organisation.",
    policy=policies.may_merge,
    second_person=policies.needs_second,
    letters=MERGERS,
    subject=subjects.kept_of_pair,
    idempotent=True,
    writes=("registry_merge",),
    refusals=(RegistryCode.MERGE_TARGET,),
    constraints={
        "merge_of_an_organisation_is_open_once": RegistryCode.CROSSED,
        "merge_takes_two_organisations": RegistryCode.MERGE_TARGET,
    },
)
def propose_merge(
    kept_id: UuidText,
    other_id: UuidText,
    evidence: Line,
    name_from: Choice = "kept",
    founded_from: Choice = "kept",
    *,
    actor: Actor,
) -> MergeRef:
    """Propose which entry stays, which name and founding day it takes, and on what evidence."""
    kept = subject(Organisation)
    other = Organisation.objects.within(actor).filter(pk=other_id).first()
    if other is None:
        raise Refusal(CoreCode.NOT_FOUND)
    if kept.merged_into_id or other.merged_into_id or kept.pk == other.pk:
        raise Refusal(RegistryCode.MERGE_TARGET)
    assert actor.id is not None
    made = Merge.rows.create(
        kept=kept,
        other=other,
        evidence=evidence,
        chosen={"name": name_from, "name_en": name_from, "founded_on": founded_from},
        proposer=actor.id,
        proposed_at=clock.now(),
        audit=line().id,
    )
    line().object("registry.merge", made.pk)
    line().organisation(kept.pk)
    line().changed("other", None, str(other.pk))
    return MergeRef(str(made.pk), made.state)


@action(
    "registry.merge.approve",
    ko="합치기를 승인합니다.",
    en="Approve a merge.",
    policy=policies.may_merge & ~policies.is_proposer,
    second_person=policies.needs_second,
    letters=MERGERS,
    subject=subjects.lock_merge,
    idempotent=True,
    writes=("registry_merge", "registry_organisation"),
    labels=("org.active",),
    refusals=(RegistryCode.ANSWERED, RegistryCode.MERGE_TARGET),
    constraints={
        "merge_approver_is_not_the_proposer": RegistryCode.OWN_PROPOSAL,
        "registry.merge_is_one_hop": RegistryCode.MERGE_TARGET,
    },
)
def approve_merge(
    merge_id: UuidText, decision: Literal["approve", "decline"] = "approve", *, actor: Actor
) -> MergeRef:
    """Point the other entry at the kept one; its rows stay where they are and are read through."""
    merge = subject(Merge)
    if merge.state != Merge.State.PROPOSED:
        raise Refusal(RegistryCode.ANSWERED, state=merge.get_state_display())
    line().object("registry.merge", merge.pk)
    line().organisation(merge.kept_id)
    merge.approver, merge.decided_at, merge.audit = actor.id, clock.now(), line().id
    if decision == "decline":
        merge.state = Merge.State.DECLINED
        merge.save(update_fields=["state", "approver", "decided_at", "audit"])
        return MergeRef(str(merge.pk), merge.state)
    kept, other = merge.kept, merge.other
    if kept.merged_into_id or other.merged_into_id:
        raise Refusal(RegistryCode.MERGE_TARGET)
    flattened = [str(pk) for pk in other.merged.values_list("pk", flat=True)]
    other.merged.update(merged_into=kept, audit=line().id)
    other.merged_into, other.audit = kept, line().id
    other.save(update_fields=["merged_into", "audit"])
    before = {name: _text(getattr(kept, name)) for name in CHOOSABLE}
    for name in CHOOSABLE:
        if merge.chosen.get(name) == "other" and getattr(other, name):
            line().changed(name, before[name], _text(getattr(other, name)))
            setattr(kept, name, getattr(other, name))
    kept.audit = line().id
    kept.save(update_fields=[*CHOOSABLE, "audit"])
    refresh_search(kept)
    line().changed("merged_into", None, str(kept.pk))
    merge.state, merge.before = Merge.State.APPROVED, {**before, "flattened": flattened}
    merge.save(update_fields=["state", "approver", "decided_at", "before", "audit"])
    _note(other, 0, f"merged.{line().id}")
    return MergeRef(str(merge.pk), merge.state)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _note(other: Organisation, count: int, part: str) -> None:
    today = clock.today()
    rows = []
    for status in other.statuses.filter(valid__contains=today):
        status.organisation = other
        rows.append(stating.active(status, part, count=count, day=today))
    stating.note_active(rows)


@action(
    "registry.merge.undo",
    ko="합친 것을 되돌립니다.",
    en="Undo a merge.",
    policy=policies.may_merge,
    second_person=policies.needs_second,
    letters=MERGERS,
    subject=subjects.lock_merge,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=("registry_merge", "registry_organisation"),
    labels=("org.active",),
    refusals=(RegistryCode.ANSWERED,),
)
def undo_merge(merge_id: UuidText, *, actor: Actor) -> MergeRef:
    """Clear the pointer and give the kept entry back the values it had."""
    merge = subject(Merge)
    if merge.state != Merge.State.APPROVED:
        raise Refusal(RegistryCode.ANSWERED, state=merge.get_state_display())
    kept, other = merge.kept, merge.other
    line().object("registry.merge", merge.pk)
    line().organisation(kept.pk)
    line().changed("merged_into", str(kept.pk), None)
    other.merged_into, other.audit = None, line().id
    other.save(update_fields=["merged_into", "audit"])
    kept.merged.filter(pk__in=merge.before.get("flattened", [])).update(
        merged_into=other, audit=line().id
    )
    for name in CHOOSABLE:
        if merge.chosen.get(name) == "other":
            line().changed(name, _text(getattr(kept, name)), merge.before.get(name))
            setattr(kept, name, merge.before.get(name))
    kept.audit = line().id
    kept.save(update_fields=[*CHOOSABLE, "audit"])
    refresh_search(kept)
    merge.state, merge.audit = Merge.State.UNDONE, line().id
    merge.save(update_fields=["state", "audit"])
    _note(other, 1, f"unmerged.{line().id}")
    return MergeRef(str(merge.pk), merge.state)
