"""The demo's rounds: one takes proposals, one is voting, one has its result; all invented."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from dure.budgeting import policies
from dure.budgeting.demo_words import IDEAS, SOURCE, Idea
from dure.budgeting.models import Call
from dure.core import actions, clock
from dure.core.actions import Who, action, line
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.running import current
from dure.core.text import T
from dure.registry.models import Login

MAPO = "11440"
SEED = 20261122
KINDS = ("proposing", "reviewing", "listing", "voting", "counting")
HOURS = timedelta(hours=1)
# the begin of each phase and the end of the last, in hours from now; the vote of a round that is
# frozen now must not be over, so that of the round with a result ends this very hour
OPEN = (-120, 240, 480, 600, 840, 1000)
VOTING = (-960, -480, -240, -120, 240, 360)
PUBLISHED = (-1440, -960, -720, -480, 1, 48)
ROLL_RULE = {"basis": "residents", "grounds": ("home",)}


@dataclass(frozen=True, slots=True)
class DemoRounds:
    """How many rounds, proposals and ballots were invented."""

    rounds: int
    proposals: int
    ballots: int


@dataclass(frozen=True, slots=True)
class _People:
    """Who runs the demo's rounds and who takes part."""

    lead: Actor
    reviewer: Actor
    residents: tuple[Actor, ...]


@action(
    "budgeting.demo.load",
    ko="지어낸 주민참여예산 공모를 채웁니다.",
    en="Fill in invented rounds of the participatory budget.",
    policy=policies.may_install,
    letters={},
    who=Who.OPERATOR,
    faces=("cli",),
    idempotent=True,
    long=True,
    refusals=(CoreCode.NOT_ALLOWED,),
)
def load_demo(*, actor: Actor) -> DemoRounds:
    """Walk three synthetic rounds through the same actions as any other.

    The demo's resident has not voted yet. Effects: those of the actions.
    """
    if not settings.DEMO:
        raise Refusal(CoreCode.NOT_ALLOWED, role=T("시연 설정", "demo setting"))
    who = _people()
    chance = random.Random(SEED)  # noqa: S311 - invents, hides nothing
    first = _drafted(
        who, "마포구 주민참여예산 지난 공모(시연)", "Last round of Mapo (demo)", PUBLISHED
    )
    _to_vote(first, who, IDEAS)
    cast = _cast(first, who.residents, chance)
    _step("budgeting.call.close", {"call_id": first}, who.lead)
    result = _step("budgeting.result.compute", {"call_id": first}, who.lead).id
    _step("budgeting.result.publish", {"result_id": result, "district": MAPO}, who.lead)
    second = _drafted(who, "마포구 주민참여예산 투표(시연)", "Mapo votes (demo)", VOTING)
    _to_vote(second, who, IDEAS[:4], unfit=IDEAS[4])
    cast += _cast(second, who.residents[:-2], chance)
    third = _drafted(who, "마포구 주민참여예산 제안 공모(시연)", "Mapo asks for ideas (demo)", OPEN)
    _step("budgeting.call.open", {"call_id": third}, who.lead)
    for idea, author in zip(IDEAS[3:], who.residents, strict=False):
        _sent(third, idea, author)
    proposals = len(IDEAS) + 5 + len(IDEAS[3:])
    line().changed("proposals", None, proposals)
    return DemoRounds(3, proposals, cast)


def _step(name: str, body: Mapping[str, object], actor: Actor) -> Any:  # Any: what it answers
    """One action after another in one transaction; each begins the order of locks anew.

    Nobody waits for these rows: they were made here and nobody sees them before the end.
    """
    current().locked = (0, 0, 0)
    return actions.run(name, body, actor).result


def _people() -> _People:
    rows = Login.objects.filter(handle__startswith="demo_", person_id__isnull=False)
    people: dict[str, UUID | None] = dict(rows.values_list("handle", "person_id"))
    needed = ("demo_official", "demo_official2", "demo_resident")
    if any(name not in people for name in needed):
        raise Refusal(CoreCode.NOT_FOUND)
    actors = {
        name: Actor.person(person, origin="demo", assured=True)
        for name, person in sorted(people.items())
        if person is not None
    }
    # the resident comes last: she has something to do
    names = [name for name in actors if name not in needed] + ["demo_resident"]
    return _People(
        actors["demo_official"], actors["demo_official2"], tuple(actors[name] for name in names)
    )


def _drafted(who: _People, title: str, title_en: str, hours: Sequence[int]) -> str:
    begin = clock.now().replace(minute=0, second=0, microsecond=0)
    moments: list[datetime] = [begin + HOURS * one for one in hours]
    phases = tuple(
        {"kind": kind, "begins": moments[at].isoformat(), "ends": moments[at + 1].isoformat()}
        for at, kind in enumerate(KINDS)
    )
    body = {
        "district": MAPO,
        "title": title,
        "title_en": title_en,
        "about": "화면을 보여 드리려고 지어낸 공모입니다. 실제 예산이 아닙니다.",
        "about_en": "Invented to show the pages. It is no real budget.",
        "year": clock.today().year + 1,
        "template": "gu",
        "phases": phases,
        "synthetic": True,
    }
    made = str(_step("budgeting.call.draft", body, who.lead).id)
    _step("budgeting.call.change", {"call_id": made, "roll_rule": ROLL_RULE}, who.lead)
    return made


def _sent(call: str, idea: Idea, author: Actor) -> str:
    body = {
        "call_id": call,
        "title": idea.title,
        "need": idea.need,
        "place": idea.place,
        "latitude_e5": idea.spot[0],
        "longitude_e5": idea.spot[1],
        "field": idea.field,
        "envelope": "gu",
        "estimate_won": idea.cost_won // 10_000_000 * 10_000_000 or idea.cost_won,
    }
    return str(_step("budgeting.proposal.send", body, author).id)


def _to_vote(call: str, who: _People, ideas: Sequence[Idea], unfit: Idea | None = None) -> None:
    """From the opening of a round to its open vote."""
    lead = who.lead
    _step("budgeting.call.open", {"call_id": call}, lead)
    authors = who.residents
    sent = [_sent(call, idea, authors[at % len(authors)]) for at, idea in enumerate(ideas)]
    refused = _sent(call, unfit, authors[-1]) if unfit else ""
    _step("budgeting.call.review", {"call_id": call}, lead)
    for proposal, idea in zip(sent, ideas, strict=True):
        _step("budgeting.proposal.accept", {"proposal_id": proposal}, lead)
        for kind in ("legality", "feasibility", "cost"):
            _review(proposal, who, kind, cost_won=idea.cost_won if kind == "cost" else None)
        listed = {
            "proposal_id": proposal,
            "envelope": "gu",
            "field": idea.field,
            "name": idea.title,
            "name_en": idea.title_en,
            "summary": idea.need,
        }
        _step("budgeting.project.list", listed, lead)
    if refused:
        _step("budgeting.proposal.accept", {"proposal_id": refused}, lead)
        _review(refused, who, "feasibility", cost_won=None, fit=False)
    _step("budgeting.call.list", {"call_id": call}, lead)
    roll = {
        "subject_kind": "budgeting.call",
        "subject_id": call,
        "district": MAPO,
        "rule": Call.rows.get(id=call).roll_rule,
        "as_of": clock.today().isoformat(),
        "objection_days": 0,
    }
    made = _step("governance.roll.draft", roll, lead).id
    _step("governance.roll.seal", {"roll_id": made, "district": MAPO}, lead)
    _step("budgeting.call.freeze", {"call_id": call, "district": MAPO}, lead)
    _step("budgeting.call.vote", {"call_id": call}, lead)


def _review(
    proposal: str, who: _People, kind: str, *, cost_won: int | None, fit: bool = True
) -> None:
    asked = {
        "proposal_id": proposal,
        "kind": kind,
        "reviewer_id": str(who.reviewer.id),
        "department": "시연 담당 부서",
    }
    given: dict[str, object] = {
        "assignment_id": _step("budgeting.review.assign", asked, who.lead).id,
        "verdict": "fit" if fit else "unfit",
        "reason_code": "fits" if fit else "upkeep",
        "text": "할 수 있는 일입니다." if fit else "만든 뒤에 관리할 곳을 정하지 못했습니다.",
    }
    if cost_won is not None:
        given |= {"cost_won": cost_won, "basis": SOURCE}
    _step("budgeting.review.give", given, who.reviewer)


def _cast(call: str, voters: Sequence[Actor], chance: random.Random) -> int:
    codes = list(Call.rows.get(id=call).projects.order_by("code").values_list("code", flat=True))
    for voter in voters:
        items = tuple(chance.sample(codes, chance.randint(1, min(4, len(codes)))))
        _step("budgeting.ballot.cast", {"call_id": call, "items": items}, voter)
    return len(voters)
