"""The desk of those who run rounds: where they may begin one, what a round needs to go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dure.budgeting import policies
from dure.budgeting.closing import open_award_count
from dure.budgeting.models import Award, Call, Project, Proposal, Result, ReviewAssignment, kept_q
from dure.core import clock
from dure.core.actors import Actor, Role
from dure.core.models.rules import Rule, RuleVersion
from dure.core.text import T
from dure.governance.models import Roll
from dure.registry.models import Approval, District, Organisation

PREFIX = "budgeting.template."
NEXT: Mapping[str, T] = {
    "draft": T("날짜와 돈을 정하고 공모를 엽니다.", "Set dates and money, then open the round."),
    "open": T("들어온 제안을 살피고, 때가 되면 검토를 시작합니다.",
              "Look at the proposals; begin the review when it is time."),
    "reviewing": T("검토를 마치고 사업 목록을 공개합니다.",
                   "Finish the reviews and publish the list of projects."),
    "listed": T("명부를 확정하고 규칙을 고정합니다.", "Seal the roll and freeze the rules."),
    "frozen": T("투표를 엽니다.", "Open the vote."),
    "voting": T("투표가 끝나면 마감합니다.", "Close the vote when it is over."),
    "counting": T("표를 세고 두 사람이 공개합니다.", "Count, and publish with a second person."),
    "published": T("뽑힌 사업의 진행을 알립니다.", "Report how the winners get on."),
    "following": T("뽑힌 사업의 진행을 알립니다.", "Report how the winners get on."),
    "closed": T("남은 일이 없습니다.", "Nothing is left to do."),
    "void": T("취소되어 할 일이 없습니다.", "It was cancelled; nothing is left to do."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where an actor may begin a round; `code` = district, or district/organisation."""

    code: str
    name: T


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template of the rulebook with its source."""

    code: str
    text: T
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that must be there before a step, or should be; `where` = the page that gives it.

    where : dates, money, proposals or follow, as the desk names its pages
    """

    text: T
    is_met: bool
    where: str = ""
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """A step that may be taken next. `do` names it; `object_id` is what it acts on, if another.

    at       : the moment from which it may be taken (the clock takes it by itself then)
    approval : the question that waits for a second person already
    """

    do: str
    text: T
    needs: tuple[Need, ...]
    asks_second: bool = False
    object_id: UUID | None = None
    at: datetime | None = None
    approval: UUID | None = None

    @property
    def is_ready(self) -> bool:
        """Whether nothing is missing."""
        return all(need.is_met or not need.is_required for need in self.needs)


def places(actor: Actor) -> list[Place]:
    """Districts and organisations for which the actor may begin a round."""
    codes = set(actor.scope_ids(Role.OFFICIAL, "district"))
    districts = {row.sig: row for row in District.objects.everything("districts are public")}
    if actor.scope_ids(Role.OFFICIAL, "city"):
        codes = set(districts)
    found = [
        Place(code, T(districts[code].name, districts[code].name_en))
        for code in sorted(codes & set(districts))
    ]
    own = [UUID(one) for one in actor.scope_ids(Role.BOARD, "organisation")]
    rows = Organisation.objects.within(actor).filter(pk__in=own, merged_into=None).order_by("name")
    return found + [
        Place(f"{row.district_id}/{row.pk}", T(row.name, row.name))
        for row in rows
        if row.district_id
    ]


def templates() -> list[TemplateRow]:
    """The templates that stand today, by key."""
    today = clock.today()
    versions = RuleVersion.rows.filter(
        rule__key__startswith=PREFIX, valid__contains=today, scope_kind="statute"
    ).order_by("seq")
    last = {one.rule_id: one for one in versions}
    rules = Rule.rows.filter(key__in=last).order_by("key")
    return [
        TemplateRow(
            rule.key.removeprefix(PREFIX), T(rule.ko, rule.en),
            last[rule.key].source, last[rule.key].status,
        )
        for rule in rules
    ]  # fmt: skip


def next_steps(call_id: UUID | str, actor: Actor) -> tuple[Step, ...]:
    """What may be done next with a round, and what each needs; empty for who does not run it."""
    call: Call | None = Call.objects.within(actor).filter(kept_q(actor), pk=call_id).first()
    if call is None or not policies.may_run_call.holds(actor, call, clock.now()):
        return ()
    steps = _STEPS.get(call.state)
    return steps(call, actor) if steps else ()


def _begins(call: Call, kind: str) -> datetime | None:
    phase = call.phases.filter(kind=kind).first()
    return phase.during.lower if phase else None


def _ends(call: Call, kind: str) -> datetime | None:
    phase = call.phases.filter(kind=kind).first()
    return phase.during.upper if phase else None


def _reached(call: Call, at: datetime | None, text: T) -> Need:
    return Need(text, call.is_synthetic or (at is not None and at <= clock.now()), "dates")


def _draft(call: Call, actor: Actor) -> tuple[Step, ...]:
    return (
        Step(
            "open",
            T("공모 열기", "Open the round"),
            (
                Need(T("제안 받는 날짜", "Dates for proposals"),
                     _begins(call, "proposing") is not None, "dates"),
                Need(T("투표하는 날짜", "Dates of the vote"),
                     _begins(call, "voting") is not None, "dates"),
                Need(T("재원 한도", "Money"), call.envelopes.exists(), "money"),
            ),
        ),
    )  # fmt: skip


def _open(call: Call, actor: Actor) -> tuple[Step, ...]:
    ends = _ends(call, "proposing")
    need = _reached(call, ends, T("제안 기간이 끝남", "The time for proposals is over"))
    return (Step("review", T("검토 시작하기", "Begin the review"), (need,), at=ends),)


def _reviewing(call: Call, actor: Actor) -> tuple[Step, ...]:
    listed = Project.rows.filter(call=call, is_dropped=False).exists()
    left = Proposal.rows.filter(call=call, state__in=("sent", "accepted")).count()
    waits = ReviewAssignment.rows.filter(
        proposal__call=call, released_at=None, review__isnull=True
    ).count()
    return (
        Step(
            "list",
            T("사업 목록 공개하기", "Publish the list of projects"),
            (
                Need(T("투표할 사업이 하나 이상", "At least one project"), listed, "proposals"),
                Need(T(f"결정하지 않은 제안 없음 (지금 {left}건)",
                       f"No proposal left undecided (now {left})"), left == 0, "proposals", False),
                Need(T(f"기다리는 검토 없음 (지금 {waits}건)",
                       f"No review waiting (now {waits})"), waits == 0, "proposals", False),
            ),
        ),
    )  # fmt: skip


def _listed(call: Call, actor: Actor) -> tuple[Step, ...]:
    rolls = Roll.rows.filter(subject_kind="budgeting.call", subject_id=call.pk)
    sealed = rolls.filter(state="sealed").order_by("-sealed_at").first()
    draft = rolls.filter(state="draft").order_by("-drafted_at").first()
    steps = []
    if sealed is None or sealed.rule != call.roll_rule:
        steps.append(Step("roll_draft", T("명부 만들기", "Draft the roll"), ()))
    if draft is not None:
        over = draft.objections_until <= clock.now()
        answered = not draft.objections.filter(decides=None, decision=None).exists()
        steps = [
            Step(
                "roll_seal",
                T("명부 확정하기", "Seal the roll"),
                (
                    Need(T("명부 열람 기간이 끝남", "The time for objections is over"), over),
                    Need(T("이의에 모두 답함", "Every objection is answered"), answered),
                ),
                True,
                draft.pk,
                draft.objections_until,
                _asked(actor, "governance.roll.seal", "roll_id", draft.pk),
            )
        ]
    voting_ends = _ends(call, "voting")
    needs = (
        Need(
            T("이 공모의 명부 규칙으로 만든 확정된 명부", "A sealed roll by this round's rule"),
            sealed is not None and sealed.rule == call.roll_rule,
        ),
        Need(
            T("투표 기간이 남아 있음", "The time of voting is not over"),
            voting_ends is not None and clock.now() < voting_ends,
            "dates",
        ),
        Need(
            T("투표할 사업이 하나 이상", "At least one project"),
            Project.rows.filter(call=call, is_dropped=False).exists(),
            "proposals",
        ),
    )
    asked = _asked(actor, "budgeting.call.freeze", "call_id", call.pk)
    freeze = T("규칙 고정하기", "Freeze the rules")
    return (*steps, Step("freeze", freeze, needs, True, approval=asked))


def _frozen(call: Call, actor: Actor) -> tuple[Step, ...]:
    begins = _begins(call, "voting")
    need = _reached(call, begins, T("투표가 시작되는 때가 됨", "The vote's first moment has come"))
    return (Step("vote", T("투표 열기", "Open the vote"), (need,), at=begins),)


def _voting(call: Call, actor: Actor) -> tuple[Step, ...]:
    ends = _ends(call, "voting")
    need = _reached(call, ends, T("투표 기간이 끝남", "The time of voting is over"))
    return (Step("close", T("투표 마감하기", "Close the vote"), (need,), at=ends),)


def _counting(call: Call, actor: Actor) -> tuple[Step, ...]:
    last = Result.rows.filter(call=call).order_by("-number").first()
    if last is None:
        return (Step("compute", T("표 세기", "Count the ballots"), ()),)
    asked = _asked(actor, "budgeting.result.publish", "result_id", last.pk)
    text = T("결과 공개하기", "Publish the result")
    return (Step("publish", text, (), True, last.pk, approval=asked),)


def _published(call: Call, actor: Actor) -> tuple[Step, ...]:
    left = open_award_count(call)
    text = T(f"뽑힌 사업이 모두 끝나거나 취소됨 (남은 {left}건)",
             f"Every winner is finished or cancelled ({left} left)")  # fmt: skip
    finish = T("공모 끝내기", "Finish the round")
    return (Step("finish", finish, (Need(text, left == 0, "follow"),)),)


_STEPS = {
    "draft": _draft,
    "open": _open,
    "reviewing": _reviewing,
    "listed": _listed,
    "frozen": _frozen,
    "voting": _voting,
    "counting": _counting,
    "published": _published,
    "following": _published,
}


def _asked(actor: Actor, action: str, name: str, number: UUID) -> UUID | None:
    """The open question to a second person about one thing, that the actor may see."""
    rows = Approval.objects.within(actor).filter(
        action=action, state="asked", expires_at__gt=clock.now(), **{f"body__{name}": str(number)}
    )
    found: UUID | None = rows.values_list("pk", flat=True).first()
    return found


@dataclass(frozen=True, slots=True)
class Named:
    """A thing of a round that a question to a second person names: its round, and its own name."""

    call_id: UUID
    title: T
    name: str = ""


def named(field: str, object_id: str, actor: Actor) -> Named | None:
    """The round of `call_id`, `result_id`, `roll_id` or `award_id`, for who works for it."""
    name = ""
    call_id: UUID | str | None = object_id
    if field == "result_id":
        call_id = Result.rows.filter(pk=object_id).values_list("call", flat=True).first()
    elif field == "roll_id":
        rolls = Roll.rows.filter(pk=object_id, subject_kind="budgeting.call")
        call_id = rolls.values_list("subject_id", flat=True).first()
    elif field == "award_id":
        award = Award.rows.select_related("project", "result").filter(pk=object_id).first()
        call_id, name = (award.result.call_id, award.project.name) if award else (None, "")
    call = Call.objects.within(actor).filter(kept_q(actor), pk=call_id).first() if call_id else None
    return (
        None if call is None else Named(call.pk, T(call.title, call.title_en or call.title), name)
    )
