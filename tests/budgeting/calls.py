"""Calls at every step for tests of budgeting, walked there by their own actions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from dure.budgeting.models import Call, Project, Proposal
from dure.core import clock as time
from dure.core.actions import CATALOGUE, run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.governance.models import RollEntry
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import MAPO, person_with

NOW = "2026-03-02T09:00:00+09:00"
PHASES = ("proposing", "reviewing", "listing", "voting", "counting")
COST = {"legality": None, "feasibility": None, "cost": 10_000_000}


def official(district: str = MAPO) -> Actor:
    return person_with(Role.OFFICIAL, district=district)


def staff(district: str = MAPO) -> Actor:
    return person_with(Role.STAFF, district=district)


def resident(district: str = MAPO) -> Actor:
    return person_with(Role.RESIDENT, district=district)


def dates(start: datetime) -> list[dict[str, str]]:
    """Ten days of each phase, one after the other."""
    found = []
    for number, kind in enumerate(PHASES):
        begins = start + timedelta(days=10 * number)
        ends = begins + timedelta(days=10)
        found.append({"kind": kind, "begins": begins.isoformat(), "ends": ends.isoformat()})
    return found


def body_of(**more: Any) -> dict[str, Any]:  # Any: a body
    return {
        "district": MAPO,
        "title": "우리 구 주민참여예산",
        "year": 2027,
        "template": "gu",
        "phases": dates(time.now()),
        **more,
    }


@dataclass
class Round:
    """A call with who runs it. Synthetic unless asked: a test need not move the clock."""

    id: str
    lead: Actor
    second: Actor

    @property
    def call(self) -> Call:
        return Call.rows.get(id=self.id)

    def do(self, verb: str, actor: Actor | None = None, **body: Any) -> Any:  # Any: as it answers
        """Run one of the call's own verbs; a second person approves where one is asked."""
        name = f"budgeting.call.{verb}"
        given = {"call_id": self.id, **body}
        if CATALOGUE[name].second_person is not None:
            given["district"] = self.call.district_id
            return seconded(name, given, actor or self.lead, self.second)
        return run(name, given, actor or self.lead).result


def seconded(name: str, body: dict[str, Any], lead: Actor, second: Actor) -> None:
    """Ask, and have the other person approve."""
    with pytest.raises(Refusal) as caught:
        run(name, body, lead, reason="시험에서 부탁합니다")
    assert caught.value.name == "core.second_person", caught.value.sentence("en")
    decision = {"approval_id": caught.value.places["approval"], "outcome": "approve"}
    run("registry.approval.decide", decision, second)


def begun(lead: Actor | None = None, **more: Any) -> Round:  # Any: fields of a body
    """A call in preparation; synthetic unless said otherwise."""
    lead = lead or official()
    made = run("budgeting.call.draft", body_of(**{"synthetic": True, **more}), lead).result
    return Round(made.id, lead, official())


def sent(here: Round, actor: Actor | None = None, **more: Any) -> Proposal:  # Any: as above
    """A proposal sent to an open call."""
    body = {"call_id": here.id, "title": "골목 쉼터", "need": "앉을 곳이 없어요", **more}
    made = run("budgeting.proposal.send", body, actor or resident()).result
    return Proposal.rows.get(id=made.id)


def reviewed(here: Round, proposal: Proposal, cost_won: int = 10_000_000) -> None:
    """Accepted, and fit by all three reviews."""
    run("budgeting.proposal.accept", {"proposal_id": str(proposal.id)}, here.lead)
    reviewer = official()
    for kind in COST:
        body = {
            "proposal_id": str(proposal.id),
            "kind": kind,
            "reviewer_id": str(reviewer.id),
            "department": "공원녹지과",
        }
        asked = run("budgeting.review.assign", body, here.lead).result
        answer = {
            "assignment_id": asked.id,
            "verdict": "fit",
            "reason_code": "fits",
            "text": "문제가 없습니다",
        }
        if kind == "cost":
            answer |= {"cost_won": cost_won, "basis": "견적 두 곳"}
        run("budgeting.review.give", answer, reviewer)


def with_projects(
    *costs: int,
    clock: Clock | None = None,
    link: bool = False,
    **more: Any,  # Any: fields of a body
) -> Round:
    """A listed call with one project a cost. With a `clock` it is a real one, at its own dates.

    link : the first project requires the second
    """
    here = begun(synthetic=clock is None, **more)
    here.do("open")
    proposals = [sent(here, title=f"제안 {number}") for number, _ in enumerate(costs, 1)]
    _reach(here, clock, "reviewing")
    here.do("review")
    envelope = here.call.envelopes.first().code
    made = []
    for proposal, cost in zip(proposals, costs, strict=True):
        reviewed(here, proposal, cost)
        body = {"proposal_id": str(proposal.id), "envelope": envelope}
        made.append(run("budgeting.project.list", body, here.lead).result)
    if link:
        changed = {"call_id": here.id, "links_allowed": True}
        run("budgeting.call.change", changed, here.lead, reason="이음을 받습니다")
        tied = {"project_id": made[0].id, "other": made[1].code, "kind": "requires"}
        run("budgeting.project.link", tied, here.lead)
    _reach(here, clock, "listing")
    here.do("list")
    return here


def _reach(here: Round, clock: Clock | None, kind: str) -> None:
    if clock is not None:
        clock.at(here.call.phases.get(kind=kind).during.lower)


def rolled(here: Round, more: Sequence[UUID] = ()) -> str:
    """A sealed roll of a call, built from the register by the call's own rule, with more people."""
    call = here.call
    body = {
        "subject_kind": "budgeting.call",
        "subject_id": here.id,
        "district": call.district_id,
        "organisation_id": str(call.organisation_id) if call.organisation_id else None,
        "rule": call.roll_rule,
        "as_of": time.today().isoformat(),
        "objection_days": 0,
    }
    made = run("governance.roll.draft", body, here.lead).result
    with given() as audit:
        RollEntry.rows.bulk_create(
            RollEntry(
                roll_id=made.id,
                person=person,
                token=hashlib.sha256(person.bytes).hexdigest(),
                standing="voting",
                ground="home",
                audit=audit,
            )
            for person in more
        )
    seconded(
        "governance.roll.seal",
        {"roll_id": made.id, "district": call.district_id},
        here.lead,
        here.second,
    )
    return str(made.id)


def frozen(*costs: int, **more: Any) -> Round:  # Any: as above
    """A frozen call: projects, roll and rule fixed."""
    here = with_projects(*(costs or (10_000_000, 20_000_000)), **more)
    rolled(here)
    here.do("freeze")
    return here


def voting(*costs: int, **more: Any) -> Round:  # Any: as above
    """A call whose vote is open."""
    here = frozen(*costs, **more)
    here.do("vote")
    return here


def projects(here: Round) -> list[Project]:
    return list(Project.rows.filter(call=here.id).order_by("code"))
