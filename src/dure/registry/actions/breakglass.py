"""Break-glass: one person's data in need, by two people, for minutes, and looked at afterwards.

Law: nobody opens alone; the person is told at once; a third person reviews. Source: the permission
page, rulebook `breakglass.minutes`, `breakglass.days_review`; the database allows 30 minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from dure.core import clock, notices, rulebook
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import UuidText
from dure.registry import told
from dure.registry.actions.vault import PersonRead, VaultField, stated_reason
from dure.registry.models import BreakGlass, Person
from dure.registry.queries import breakglass as queries
from dure.registry.vault import policies, records, sealed
from dure.registry.vault.errors import VaultCode

HOLDERS = {Role.ETHICS: "p", Role.VAULT: "p"}


@dataclass(frozen=True, slots=True)
class BreakGlassRef:
    """One break-glass and how it stands."""

    id: str
    state: str


@action(
    "registry.breakglass.ask",
    ko="급한 까닭으로 한 사람의 정보를 열어 달라고 부탁합니다.",
    en="Ask to open one person's data in an emergency.",
    strong=True,
    policy=policies.may_break_glass,
    letters=HOLDERS,
    subject=queries.person_named,
    reason=Reason.REQUIRED,
    audit_refusals=True,
    faces=("web",),
    writes=("registry_breakglass",),
    refusals=(VaultCode.GLASS_OWN, VaultCode.ERASED, CoreCode.NOT_FOUND),
)
def ask_breakglass(person_id: UuidText, *, actor: Actor) -> BreakGlassRef:
    """Ask a second holder of the role; nothing is shown before she agrees."""
    person = subject(Person)
    if person.id == actor.id or actor.id is None:
        raise Refusal(VaultCode.GLASS_OWN)
    if person.state == Person.State.ERASED:
        raise Refusal(VaultCode.ERASED)
    made = BreakGlass.rows.create(
        person=person, asked_by=actor.id, asked_at=clock.now(), why=stated_reason(),
        audit=line().id,
    )  # fmt: skip
    line().object("registry.breakglass", made.id)
    line().changed("state", None, made.state)
    return BreakGlassRef(str(made.id), made.state)


@action(
    "registry.breakglass.decide",
    ko="다른 사람이 부탁한 비상 열람에 답합니다.",
    en="Answer a break-glass that somebody else asked for.",
    strong=True,
    policy=policies.may_break_glass & ~policies.is_asker,
    letters=HOLDERS,
    subject=queries.row_named,
    lock=queries.row_locked,
    audit_refusals=True,
    faces=("web",),
    writes=("registry_breakglass", "core_notice"),
    refusals=(VaultCode.GLASS_OVER, VaultCode.GLASS_OWN, CoreCode.NOT_FOUND),
    notices=(told.GLASS_BROKEN,),
)
def decide_breakglass(
    breakglass_id: UuidText, outcome: Literal["grant", "refuse"], *, actor: Actor
) -> BreakGlassRef:
    """Grant as the second person: it opens for minutes, and the person is told at once."""
    row, now = subject(BreakGlass), clock.now()
    if row.state != BreakGlass.State.ASKED:
        raise Refusal(VaultCode.GLASS_OVER)
    if row.person_id == actor.id:
        raise Refusal(VaultCode.GLASS_OWN)
    row.decided_by = actor.id
    before, row.state = row.state, BreakGlass.State.REFUSED
    if outcome == "grant":
        minutes = rulebook.value("breakglass.minutes").integer
        row.state, row.granted_at = BreakGlass.State.GRANTED, now
        row.ends_at = now + timedelta(minutes=minutes)
        notices.tell(row.person_id, told.GLASS_BROKEN)
    row.audit = line().id
    row.save(update_fields=["state", "decided_by", "granted_at", "ends_at", "audit"])
    line().object("registry.breakglass", row.id)
    line().changed("state", before, row.state)
    return BreakGlassRef(str(row.id), row.state)


@action(
    "registry.breakglass.read",
    ko="허락받은 비상 열람으로 정보를 봅니다.",
    en="Read data under a break-glass that was granted.",
    strong=True,
    policy=policies.may_break_glass & policies.is_asker,
    letters={Role.ETHICS: "o", Role.VAULT: "o"},
    subject=queries.own_row,
    audit_refusals=True,
    faces=("web",),
    refusals=(
        VaultCode.GLASS_OVER,
        VaultCode.ERASED,
        VaultCode.NOT_IN_VAULT,
        CoreCode.NOT_FOUND,
    ),
)
def read_breakglass(
    breakglass_id: UuidText,
    fields: Annotated[list[VaultField], Field(min_length=1, max_length=8)],
    *,
    actor: Actor,
) -> PersonRead:
    """Read fields while it is open; each read is a row of the access log that names its grant."""
    row = subject(BreakGlass)
    if not queries.is_open(row, clock.now()):
        raise Refusal(VaultCode.GLASS_OVER)
    line().object("registry.breakglass", row.id)
    line().changed("fields", None, sorted(fields))
    answer = records.read(
        row.person_id, fields, actor=actor, purpose=queries.PURPOSE, reason=row.why,
        break_glass=row.id,
    )  # fmt: skip
    return PersonRead(read_id=sealed.keep(answer), person_id=str(row.person_id))


@action(
    "registry.breakglass.review",
    ko="비상 열람이 마땅했는지 살펴봅니다.",
    en="Review whether a break-glass was right.",
    strong=True,
    policy=policies.may_review_glass,
    letters={**HOLDERS, Role.AUDITOR: "p"},
    subject=queries.row_named,
    lock=queries.row_locked,
    reason=Reason.REQUIRED,
    audit_refusals=True,
    faces=("web",),
    writes=("registry_breakglass",),
    refusals=(VaultCode.GLASS_OVER, VaultCode.GLASS_OWN, CoreCode.NOT_FOUND),
)
def review_breakglass(
    breakglass_id: UuidText, finding: Literal["right", "wrong"], *, actor: Actor
) -> BreakGlassRef:
    """Say as a third person, once it is over, whether it was right; the reason stays here."""
    row, now = subject(BreakGlass), clock.now()
    if row.state != BreakGlass.State.GRANTED or queries.is_open(row, now):
        raise Refusal(VaultCode.GLASS_OVER)
    if actor.id in (row.asked_by, row.decided_by, row.person_id):
        raise Refusal(VaultCode.GLASS_OWN)
    row.state, row.finding = BreakGlass.State.REVIEWED, finding
    row.reviewed_by, row.reviewed_at, row.audit = actor.id, now, line().id
    row.save(update_fields=["state", "finding", "reviewed_by", "reviewed_at", "audit"])
    line().object("registry.breakglass", row.id)
    line().changed("finding", None, finding)
    return BreakGlassRef(str(row.id), row.state)
