"""Calls: drafted from a template, changed before they are frozen, with their money and fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import uuid4

from pydantic import Field as Bound

from dure.budgeting import drafting, policies, subjects
from dure.budgeting.errors import BudgetCode
from dure.budgeting.models import Call
from dure.budgeting.subjects import Scope
from dure.budgeting.types import BallotIn, EnvelopeIn, FieldIn, PhaseIn, RuleIn, Small, Year
from dure.core import clock, rulebook
from dure.core.actions import Reason, Who, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import CodeText, District, Line, Name, Note, UuidText
from dure.governance.types import RollRule

Phases = Annotated[tuple[PhaseIn, ...], Bound(max_length=5)]
Envelopes = Annotated[tuple[EnvelopeIn, ...], Bound(max_length=60)]
Fields = Annotated[tuple[FieldIn, ...], Bound(max_length=60)]
PARTS = ("budgeting_phase", "budgeting_envelope", "budgeting_field", "budgeting_callchange")
FROZEN = {"dure.call_is_frozen": BudgetCode.FROZEN, "phase_one_at_a_time": BudgetCode.BAD_DATES}


@dataclass(frozen=True, slots=True)
class CallRef:
    """A call and the state it is in."""

    id: str
    state: str


@action(
    "budgeting.call.draft",
    ko="공모를 틀에서 준비합니다.",
    en="Prepare a call from a template.",
    policy=policies.may_run_or_demo,
    letters={**policies.RUNNERS, Role.OPERATOR: "o"},
    who=(Who.PERSON, Who.OPERATOR),
    subject=subjects.scope,
    idempotent=True,
    writes=("budgeting_call", "budgeting_phase", "budgeting_envelope", "budgeting_field"),
    refusals=(
        CoreCode.NOT_FOUND,
        BudgetCode.NO_TEMPLATE,
        BudgetCode.BAD_DATES,
        BudgetCode.BAD_RULE,
        BudgetCode.BAD_BALLOT,
    ),
)
def draft_call(
    district: District,
    title: Name,
    year: Year,
    template: CodeText,
    organisation_id: UuidText | None = None,
    title_en: Line | None = None,
    about: Note | None = None,
    about_en: Note | None = None,
    dong: CodeText | None = None,
    phases: Phases = (),
    synthetic: bool = False,
    *,
    actor: Actor,
) -> CallRef:
    """Begin a call; nobody else sees it before it is opened.

    Effects: Call with the template's ballot, rule, roll rule, money and fields.
    Source: rulebook `budgeting.template.<template>`, `budgeting.similar_ppm`, `.silent_days`.
    """
    where = subject(Scope)
    chosen = drafting.template(template)
    roll_rule = chosen.roll_rule.model_copy(update={"dong": dong} if dong else {})
    made = Call(
        id=uuid4(),
        title=title,
        title_en=title_en or "",
        about=about or "",
        about_en=about_en or "",
        year=year,
        template=template,
        district_id=where.district_id,
        dong=dong or "",
        organisation_id=where.organisation_id,
        rule=drafting.check_rule(chosen.rule),
        roll_rule=roll_rule.model_dump(mode="json"),
        similar_ppm=rulebook.value("budgeting.similar_ppm").integer,
        silent_days=rulebook.value("budgeting.silent_days").integer,
        is_synthetic=synthetic,
        made_at=clock.now(),
        entered_at=clock.now(),
        audit=line().id,
    )
    drafting.set_ballot(made, chosen.ballot)
    made.save(force_insert=True)
    drafting.set_phases(made, phases)
    drafting.set_envelopes(made, chosen.envelopes)
    drafting.set_fields(made, chosen.fields)
    line().object("budgeting.call", made.id)
    line().organisation(where.organisation_id)
    return CallRef(str(made.id), made.state)


@action(
    "budgeting.call.change",
    ko="공모의 내용을 고칩니다.",
    en="Change a call.",
    policy=policies.may_run_call,
    letters=policies.RUNNERS,
    subject=subjects.kept_call,
    lock=subjects.lock_kept_call,
    idempotent=True,
    reason=Reason.OPTIONAL,
    writes=("budgeting_call", "budgeting_phase", "budgeting_callchange"),
    refusals=(
        CoreCode.NOT_FOUND,
        CoreCode.REASON_REQUIRED,
        BudgetCode.FROZEN,
        BudgetCode.BAD_DATES,
        BudgetCode.BAD_RULE,
        BudgetCode.BAD_BALLOT,
    ),
    constraints=FROZEN,
)
def change_call(
    call_id: UuidText,
    title: Name | None = None,
    title_en: Line | None = None,
    about: Note | None = None,
    about_en: Note | None = None,
    phases: Phases = (),
    ballot: BallotIn | None = None,
    rule: RuleIn | None = None,
    roll_rule: RollRule | None = None,
    may_revote: bool | None = None,
    paper_allowed: bool | None = None,
    links_allowed: bool | None = None,
    leftover: CodeText | None = None,
    seed_public_source: Line | None = None,
    silent_days: Small | None = None,
    *,
    actor: Actor,
) -> CallRef:
    """Change what is named, as long as nothing is frozen; what is left out stays.

    Effects: Call, Phase; once the call is open every change is public with its reason.
    """
    call = subject(Call)
    if call.state not in drafting.CHANGEABLE:
        raise Refusal(BudgetCode.FROZEN)
    if leftover not in (None, *Call.Leftover.values):
        raise Refusal(CoreCode.BAD_FIELD, field="leftover", range=", ".join(Call.Leftover.values))
    before = {f.attname: getattr(call, f.attname) for f in Call._meta.concrete_fields}
    given = {
        "title": title,
        "title_en": title_en,
        "about": about,
        "about_en": about_en,
        "may_revote": may_revote,
        "paper_allowed": paper_allowed,
        "links_allowed": links_allowed,
        "leftover": leftover,
        "seed_public_source": seed_public_source,
        "silent_days": silent_days,
        "rule": drafting.check_rule(rule) if rule is not None else None,
        "roll_rule": roll_rule.model_dump(mode="json") if roll_rule is not None else None,
    }
    for name, value in given.items():
        if value is not None:
            setattr(call, name, value)
    if ballot is not None:
        drafting.set_ballot(call, ballot)
    changed = [name for name, old in before.items() if getattr(call, name) != old]
    for name in changed:
        drafting.told(call, name, before[name], getattr(call, name))
    if phases:
        old_dates = {p.kind: (p.during.lower, p.during.upper) for p in call.phases.all()}
        drafting.set_phases(call, phases)
        for phase in phases:
            new_dates = (phase.begins, phase.ends)
            if old_dates.get(phase.kind) != new_dates:
                old = old_dates.get(phase.kind)
                drafting.told(call, f"phase.{phase.kind}", _dates(old), _dates(new_dates))
    call.audit = line().id
    call.save(update_fields=[*changed, "audit"])
    line().object("budgeting.call", call.id)
    line().organisation(call.organisation_id)
    return CallRef(str(call.id), call.state)


def _dates(pair: object) -> str:
    if not isinstance(pair, tuple):
        return ""
    return " – ".join(one.isoformat() for one in pair)


@action(
    "budgeting.envelope.set",
    ko="공모의 재원과 분야를 정합니다.",
    en="Set the money and the fields of a call.",
    policy=policies.may_run_call,
    letters=policies.RUNNERS,
    subject=subjects.kept_call,
    lock=subjects.lock_kept_call,
    idempotent=True,
    reason=Reason.OPTIONAL,
    writes=PARTS,
    refusals=(
        CoreCode.NOT_FOUND,
        CoreCode.REASON_REQUIRED,
        BudgetCode.FROZEN,
        BudgetCode.IN_USE,
    ),
    constraints=FROZEN,
)
def set_envelopes(
    call_id: UuidText,
    envelopes: Envelopes,
    fields: Fields | None = None,
    *,
    actor: Actor,
) -> CallRef:
    """Make these the envelopes of a call, and the fields where given; by code, in this order.

    Effects: Envelope, Field. What is left out goes, unless a proposal or project stands in it.
    """
    call = subject(Call)
    if call.state not in drafting.CHANGEABLE:
        raise Refusal(BudgetCode.FROZEN)
    drafting.set_envelopes(call, envelopes)
    if fields is not None:
        drafting.set_fields(call, fields)
    line().object("budgeting.call", call.id)
    line().organisation(call.organisation_id)
    line().changed("amount_won", None, sum(one.amount_won for one in envelopes))
    return CallRef(str(call.id), call.state)
