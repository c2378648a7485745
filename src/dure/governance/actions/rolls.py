"""Rolls: drafted from the register, open to objections, sealed with a published hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal
from uuid import UUID, uuid4

from pydantic import Field

from dure.core import clock, notices, rulebook
from dure.core.actions import Reason, Who, action, always, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.core.types import CodeText, District, IsoDate, Line, Note, UuidText
from dure.governance import policies, rolling, subjects
from dure.governance.errors import GovernanceCode
from dure.governance.models import Roll, RollEntry, RollObjection
from dure.governance.subjects import Objected, Scope
from dure.governance.types import RollRule
from dure.registry.vault import roll_tokens

SEALED = {"dure.roll_is_sealed": GovernanceCode.ROLL_SEALED}
ObjectionDays = Annotated[int, Field(ge=0, le=60)]

ANSWERED = notices.template(
    "governance.roll.answered",
    subject=T("명부 이의에 답이 왔습니다", "Your objection to a roll was answered"),
    text=T("투표 명부에 낸 이의의 답: %(answer)s.", "The answer to your objection: %(answer)s."),
    path="/budget/",
)


@dataclass(frozen=True, slots=True)
class RollRef:
    """A roll: its state, how many may vote, how many ages nobody showed; the hash once sealed."""

    id: str
    state: str
    voting_count: int
    unknown_count: int
    sha256: str | None


def _ref(roll: Roll) -> RollRef:
    return RollRef(str(roll.id), roll.state, roll.voting_count, roll.unknown_count, roll.sha256)


@action(
    "governance.roll.draft",
    ko="투표할 사람의 명부를 등록부에서 만들어 열람에 부칩니다.",
    en="Draft the roll of who may vote from the register and open it to objections.",
    policy=policies.may_draft_roll,
    letters=policies.RUNNERS,
    who=(Who.PERSON, Who.OPERATOR),
    subject=subjects.scope,
    idempotent=True,
    writes=("governance_roll", "governance_rollentry"),
    refusals=(CoreCode.NOT_FOUND, GovernanceCode.ROLL_RULE, GovernanceCode.ROLL_SEALED),
    constraints=SEALED,
)
def draft_roll(
    subject_kind: CodeText,
    subject_id: UuidText,
    district: District,
    rule: RollRule,
    as_of: IsoDate,
    organisation_id: UuidText | None = None,
    objection_days: ObjectionDays | None = None,
    replaces_id: UuidText | None = None,
    why: Line | None = None,
    *,
    actor: Actor,
) -> RollRef:
    """Write the draft of a roll; an earlier draft for the same matter is dropped.

    Without `objection_days` the rulebook says how long people may object. A sealed roll is
    corrected by a new one that names it (`replaces_id`) and says `why`.
    Effects: Roll, RollEntry. Source: rulebook `governance.roll.objection_days`.
    """
    where = subject(Scope)
    if (rule.basis == "members") != (where.organisation_id is not None):
        why_not = T(
            "조합원 명부는 조직의 기금에만 씁니다.", "Members vote in an organisation's own."
        )
        raise Refusal(GovernanceCode.ROLL_RULE, field="rule", why=why_not)
    if as_of > clock.today():
        why_not = T("기준일은 오늘까지입니다.", "The day cannot lie in the future.")
        raise Refusal(GovernanceCode.ROLL_RULE, field="as_of", why=why_not)
    mine = Roll.rows.filter(subject_kind=subject_kind, subject_id=subject_id)
    for old in mine.filter(state="draft").select_for_update(no_key=True).order_by("pk"):
        old.state, old.audit = Roll.State.DROPPED, line().id
        old.save(update_fields=["state", "audit"])
    replaced = _replaced(mine, where, replaces_id, why)
    days = objection_days
    if days is None:
        days = rulebook.value("governance.roll.objection_days").integer
    found = rolling.gather(
        rule, district=where.district_id, organisation=where.organisation_id, as_of=as_of
    )
    made = Roll(
        id=uuid4(),
        subject_kind=subject_kind,
        subject_id=subject_id,
        district_id=where.district_id,
        organisation_id=where.organisation_id,
        rule=rule.model_dump(mode="json"),
        as_of=as_of,
        drafted_at=clock.now(),
        objections_until=clock.now() + timedelta(days=days),
        voting_count=len(found.people),
        unknown_count=found.unknown_count,
        replaces=replaced,
        replaces_why=why or "" if replaced else "",
        audit=line().id,
    )
    made.save(force_insert=True)
    rolling.write_lines(made, found.people, line().id)
    line().object("governance.roll", made.id)
    line().organisation(where.organisation_id)
    line().changed("voting_count", None, len(found.people))
    line().changed("unknown_count", None, found.unknown_count)
    return _ref(made)


def _replaced(mine, where: Scope, replaces_id: str | None, why: str | None) -> Roll | None:  # type: ignore[no-untyped-def]  # a queryset of Roll
    if replaces_id is None:
        return None
    old: Roll | None = mine.filter(
        id=replaces_id, state="sealed", district_id=where.district_id
    ).first()
    if old is None:
        raise Refusal(CoreCode.NOT_FOUND, field="replaces_id")
    if not why:
        raise Refusal(CoreCode.REASON_REQUIRED, field="why")
    return old


@dataclass(frozen=True, slots=True)
class ObjectionRef:
    """An objection to a roll."""

    id: str
    roll: str


@action(
    "governance.roll.object",
    ko="명부에 이의를 냅니다.",
    en="Object to a roll.",
    policy=policies.may_object,
    letters=policies.EVERYBODY,
    subject=subjects.drafted_roll,
    lock=subjects.lock_drafted_roll,
    idempotent=True,
    for_another=True,
    writes=("governance_rollobjection",),
    refusals=(CoreCode.NOT_FOUND, GovernanceCode.ROLL_CLOSED, GovernanceCode.OBJECTED),
)
def object_to_roll(
    roll_id: UuidText,
    kind: Literal["missing", "wrong_part", "remove"],
    text: Note,
    *,
    actor: Actor,
) -> ObjectionRef:
    """Say that one is missing, stands in a wrong dong, or wants to be taken off.

    Effects: RollObjection. Each answers for oneself, or staff for who has no phone.
    """
    roll = subject(Roll)
    if roll.state != Roll.State.DRAFT or clock.now() >= roll.objections_until:
        until = clock.kst_date(roll.objections_until)
        raise Refusal(GovernanceCode.ROLL_CLOSED, until=until)
    person = actor.behalf
    assert person is not None, "the policy lets persons alone through"
    if roll.objections.filter(person=person, kind=kind, decides=None).exists():
        raise Refusal(GovernanceCode.OBJECTED)
    made = RollObjection.rows.create(
        roll=roll,
        person=person,
        kind=kind,
        text=text,
        by=actor.id,
        at=clock.now(),
        audit=line().id,
    )
    line().object("governance.roll", roll.id)
    line().organisation(roll.organisation_id)
    return ObjectionRef(str(made.id), str(roll.id))


@action(
    "governance.roll.answer",
    ko="명부 이의에 답합니다.",
    en="Answer an objection to a roll.",
    policy=policies.may_answer_objection,
    letters={role: letters for role, letters in policies.RUNNERS.items() if role != Role.OPERATOR},
    subject=subjects.objection,
    lock=subjects.lock_objection,
    idempotent=True,
    writes=("governance_rollobjection", "governance_rollentry", "governance_roll", "core_notice"),
    refusals=(CoreCode.NOT_FOUND, GovernanceCode.ROLL_SEALED, GovernanceCode.ANSWERED),
    constraints=SEALED,
    notices=(ANSWERED,),
)
def answer_objection(
    objection_id: UuidText,
    granted: bool,
    text: Line,
    part: CodeText | None = None,
    *,
    actor: Actor,
) -> ObjectionRef:
    """Grant or refuse an objection, with a reason; `part` is the dong that a person stands in.

    Effects: RollObjection; where granted, the person's line on the roll.
    """
    found = subject(Objected)
    asked, roll = found.objection, found.roll
    if roll.state != Roll.State.DRAFT:
        raise Refusal(GovernanceCode.ROLL_SEALED)
    if RollObjection.rows.filter(decides=asked).exists():
        raise Refusal(GovernanceCode.ANSWERED)
    RollObjection.rows.create(
        roll=roll,
        person=asked.person,
        kind=asked.kind,
        text=text,
        decides=asked,
        granted=granted,
        by=actor.id,
        at=clock.now(),
        audit=line().id,
    )
    if granted:
        _grant(roll, asked, part or "")
        roll.voting_count = RollEntry.rows.filter(roll=roll, standing="voting").count()
        roll.audit = line().id
        roll.save(update_fields=["voting_count", "audit"])
    answer = T("받아들임", "granted") if granted else T("받아들이지 않음", "not granted")
    notices.tell(asked.person, ANSWERED, places={"answer": answer.ko})
    line().object("governance.roll", roll.id)
    line().organisation(roll.organisation_id)
    line().changed("granted", None, granted)
    return ObjectionRef(str(asked.id), str(roll.id))


def _grant(roll: Roll, asked: RollObjection, part: str) -> None:
    mine = RollEntry.rows.filter(roll=roll, person=asked.person)
    if asked.kind == RollObjection.Kind.REMOVE:
        mine.delete()
        return
    known: RollEntry | None = mine.first()
    if known is not None:
        known.part, known.audit = part or known.part, line().id
        known.save(update_fields=["part", "audit"])
        return
    RollEntry.rows.create(
        roll=roll,
        person=asked.person,
        token=roll_tokens(roll.id, [UUID(str(asked.person))])[0],
        standing="voting",
        ground="objection",
        part=part,
        audit=line().id,
    )


@action(
    "governance.roll.seal",
    ko="명부를 확정하고 해시를 공개합니다.",
    en="Seal a roll and publish its hash.",
    policy=policies.may_seal_roll,
    letters=policies.SEALERS,
    subject=subjects.roll,
    lock=subjects.lock_roll,
    idempotent=True,
    reason=Reason.OPTIONAL,
    second_person=always,
    strong=True,
    writes=("governance_roll",),
    refusals=(
        CoreCode.NOT_FOUND,
        GovernanceCode.ROLL_SEALED,
        GovernanceCode.ROLL_OPEN,
        GovernanceCode.ROLL_EMPTY,
        GovernanceCode.ROLL_UNANSWERED,
    ),
    constraints=SEALED,
)
def seal_roll(roll_id: UuidText, district: District, *, actor: Actor) -> RollRef:
    """Fix a roll for good, after the time for objections and when all of them are answered.

    Effects: Roll; its hash is SHA-256 over the sorted lines ``token;weight;standing`` (and
    ``;dong`` where one is known), recomputed by the database. Source: governance.md "Rolls".
    """
    roll = subject(Roll)
    if roll.state != Roll.State.DRAFT:
        raise Refusal(GovernanceCode.ROLL_SEALED)
    if clock.now() < roll.objections_until:
        raise Refusal(GovernanceCode.ROLL_OPEN, until=clock.kst_date(roll.objections_until))
    waiting = roll.objections.filter(decides=None, decision=None).count()
    if waiting:
        raise Refusal(GovernanceCode.ROLL_UNANSWERED, count=waiting)
    roll.sha256, roll.voting_count = rolling.hash_of(roll.id)
    if not roll.voting_count:
        raise Refusal(GovernanceCode.ROLL_EMPTY)
    roll.state, roll.sealed_at, roll.audit = Roll.State.SEALED, clock.now(), line().id
    roll.save(update_fields=["state", "sealed_at", "sha256", "voting_count", "audit"])
    line().object("governance.roll", roll.id)
    line().organisation(roll.organisation_id)
    line().changed("sha256", None, roll.sha256)
    return _ref(roll)
