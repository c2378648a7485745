"""Writing the values of a call: from a template, by hand, with its phases, money and fields.

Law: a value that changes after the call opened leaves a public line with its reason; from
`frozen` on the database refuses every change.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from pydantic import ValidationError

from dure.core import clock, rulebook, running
from dure.core.actions import line
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.governance.types import RollRule

from . import types
from .errors import BudgetCode
from .models import Call, CallChange, Envelope, Field, Phase, ProposalVersion
from .types import BallotIn, EnvelopeIn, FieldIn, PhaseIn, RuleIn

ORDER = ("proposing", "reviewing", "listing", "voting", "counting")
CHANGEABLE = (Call.State.DRAFT, Call.State.OPEN, Call.State.REVIEWING, Call.State.LISTED)


class Template:
    """A template of the rulebook, read strictly."""

    def __init__(self, code: str, content: Mapping[str, Any]) -> None:  # Any: as the rule says
        assert set(content) <= {"ballot", "rule", "roll_rule", "envelopes", "fields"}, code
        self.code = code
        self.ballot = BallotIn.model_validate(content["ballot"])
        self.rule = RuleIn.model_validate(content["rule"])
        self.roll_rule = RollRule.model_validate(content["roll_rule"])
        self.envelopes = tuple(EnvelopeIn.model_validate(e) for e in content.get("envelopes", ()))
        self.fields = tuple(FieldIn.model_validate(f) for f in content.get("fields", ()))


def template(code: str) -> Template:
    """The template of this code. Raises Refusal(NO_TEMPLATE)."""
    try:
        found = rulebook.value(f"budgeting.template.{code}")
    except Refusal:
        raise Refusal(BudgetCode.NO_TEMPLATE, field="template", template=code) from None
    try:
        return Template(code, found.value)
    except ValidationError as error:  # a rule file that does not fit is a bug of ours
        raise AssertionError(f"budgeting.template.{code}: {error}") from error


def set_ballot(call: Call, ballot: BallotIn) -> None:
    """Take over how people vote. Raises Refusal(BAD_BALLOT) where limits do not fit the kind."""
    marks_max = 1 if ballot.kind == "choose-1" else ballot.marks_max
    faults = (
        (
            marks_max is not None and marks_max < ballot.marks_min,
            T("고를 수의 아래가 위보다 큽니다.", "The least number of marks is above the most."),
        ),
        (
            (ballot.kind == "cumulative") != (ballot.points_sum is not None),
            T("점수의 합은 점수 투표에만, 거기에는 꼭 있어야 합니다.",
              "A sum of points belongs to a cumulative ballot, and there always."),
        ),
        (
            ballot.kind != "cumulative" and ballot.points_max is not None,
            T("점수는 점수 투표에만 씁니다.", "Points belong to a cumulative ballot."),
        ),
        (
            (ballot.kind == "knapsack") != (ballot.spend_max_won is not None),
            T("금액 한도는 금액 투표에만, 거기에는 꼭 있어야 합니다.",
              "A limit of money belongs to a knapsack ballot, and there always."),
        ),
    )  # fmt: skip
    for is_wrong, why in faults:
        if is_wrong:
            raise Refusal(BudgetCode.BAD_BALLOT, field="ballot", why=why)
    call.ballot_kind = ballot.kind
    call.marks_min, call.marks_max = ballot.marks_min, marks_max
    call.points_sum = ballot.points_sum
    call.points_max = (
        ballot.points_max or ballot.points_sum if ballot.kind == "cumulative" else None
    )
    call.spend_max_won = ballot.spend_max_won


def set_phases(call: Call, phases: Sequence[PhaseIn]) -> None:
    """Replace the phases named; they must follow each other. Raises Refusal(BAD_DATES)."""
    if not phases:
        return
    held = {phase.kind: phase for phase in Phase.rows.filter(call=call)}
    dates = {kind: (one.during.lower, one.during.upper) for kind, one in held.items()}
    dates |= {phase.kind: (phase.begins, phase.ends) for phase in phases}
    last: datetime | None = None
    for kind in ORDER:
        if kind not in dates:
            continue
        begins, ends = dates[kind]
        if begins >= ends or (last is not None and begins < last):
            raise Refusal(BudgetCode.BAD_DATES, field="phases")
        last = ends
    # Later phases move out of the way first, so that no two ever overlap.
    Phase.rows.filter(call=call, kind__in=[phase.kind for phase in phases]).delete()
    Phase.rows.bulk_create(
        Phase(
            call=call,
            kind=phase.kind,
            during=DateTimeTZRange(phase.begins, phase.ends),
            audit=line().id,
        )
        for phase in phases
    )


def set_envelopes(call: Call, envelopes: Sequence[EnvelopeIn]) -> None:
    """Make these the call's money; one that is in use and left out is refused (IN_USE)."""
    _sync(
        Envelope,
        call,
        envelopes,
        lambda one: {
            "name": one.name,
            "name_en": one.name_en or "",
            "amount_won": one.amount_won,
            "part": one.part or "",
        },
    )


def set_fields(call: Call, fields: Sequence[FieldIn]) -> None:
    """Make these the call's fields; one that is in use and left out is refused (IN_USE)."""
    _sync(
        Field,
        call,
        fields,
        lambda one: {
            "name": one.name,
            "name_en": one.name_en or "",
            "marks_max": one.marks_max,
            "amount_max_won": one.amount_max_won,
        },
    )


def _sync(kind: Any, call: Call, given: Sequence[Any], values: Any) -> None:  # Any: two like tables
    codes = [one.code for one in given]
    if len(codes) != len(set(codes)):
        twice = next(code for code in codes if codes.count(code) > 1)
        raise Refusal(CoreCode.BAD_FIELD, field="code", range=T(twice, twice))
    held = {one.code: one for one in kind.rows.filter(call=call)}
    for code, old in held.items():
        if code not in codes:
            if _is_used(old):
                raise Refusal(BudgetCode.IN_USE, name=code)
            old.delete()
    for position, one in enumerate(given):
        row = held.get(one.code)
        if row is None:
            kind.rows.create(
                call=call, code=one.code, position=position, audit=line().id, **values(one)
            )
            continue
        for name, value in {**values(one), "position": position}.items():
            if name != "position" and getattr(row, name) != value:
                told(call, f"{one.code}.{name}", getattr(row, name), value)
            setattr(row, name, value)
        row.audit = line().id
        row.save()


def _is_used(row: Any) -> bool:  # Any: Envelope or Field
    name = "envelope" if isinstance(row, Envelope) else "field"
    return bool(row.projects.exists() or ProposalVersion.rows.filter(**{name: row}).exists())


def told(call: Call, name: str, old: object, new: object, *, by: Actor | None = None) -> None:
    """Record one change of a call; public with its reason once the call is open."""
    line().changed(name, _plain(old), _plain(new))
    if call.state == Call.State.DRAFT or old == new:
        return
    why = running.current().reason
    if not why:
        raise Refusal(CoreCode.REASON_REQUIRED, field="reason")
    CallChange.rows.create(
        call=call,
        name=name,
        old=_plain(old),
        new=_plain(new),
        why=why,
        by=(by or running.current().actor).id,
        at=clock.now(),
        audit=line().id,
    )


def _plain(value: object) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return "" if value is None else str(value)


def rules_of(call: Call) -> dict[str, object]:
    """Everything of a call that decides its result, as it is frozen and hashed."""
    phases = {p.kind: [p.during.lower, p.during.upper] for p in call.phases.all()}
    return {
        "call": str(call.id),
        "ballot": {
            "kind": call.ballot_kind,
            "marks_min": call.marks_min,
            "marks_max": call.marks_max,
            "points_max": call.points_max,
            "points_sum": call.points_sum,
            "spend_max_won": call.spend_max_won,
            "may_revote": call.may_revote,
            "paper_allowed": call.paper_allowed,
        },
        "rule": call.rule,
        "leftover": call.leftover,
        "links": [
            [link.kind, link.project.code, link.other.code]
            for link in call.links.select_related("project", "other").order_by(
                "project__code", "other__code"
            )
        ],
        "roll": {"rule": call.roll_rule, "sha256": call.roll.sha256 if call.roll else None},
        "seed": {"commit": call.seed_commit, "public_source": call.seed_public_source},
        "phases": phases,
        "envelopes": [[e.code, e.amount_won, e.part] for e in call.envelopes.order_by("code")],
        "fields": [[f.code, f.marks_max, f.amount_max_won] for f in call.fields.order_by("code")],
        "projects": [
            [p.code, p.cost_won, p.envelope.code, p.field.code if p.field else None, p.received]
            for p in call.projects.filter(is_dropped=False)
            .select_related("envelope", "field")
            .order_by("code")
        ],
        "silent_days": call.silent_days,
    }


def check_rule(rule: RuleIn) -> dict[str, object]:
    """The rule as stored, when the engine takes it. Raises Refusal(BAD_RULE)."""
    return types.to_json(types.checked(rule))
