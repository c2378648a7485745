"""Trying out (가정해 보기): a published vote counted again with other costs, money or rule.

Nouns: asked, what is to be otherwise; tried, what would have won then.
Law: the answer is a whole count of the published ballots by the engine, never an estimate. A public
page must not wear the machine out: one count at a time and a limited number a minute in a process;
what was counted is kept, so that an address that is passed on costs nothing.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from uuid import UUID

from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.engines.pb import pabulib
from dure.engines.pb.election import Election
from dure.engines.pb.rules import GREEDY_NAMES, Completion, Name, Rule, RuleError, Start, Stop
from dure.engines.pb.tally import label, plain_rules, tally
from dure.engines.pb.what_if import Change, changed_election

from .counting import official_rule
from .errors import BudgetCode
from .models import ResultPart

ELECTIONS_KEPT = 2
ANSWERS_KEPT = 256
COUNTS_A_MINUTE = 40
WAIT_S = 5
RUNS_MAX = 100  # of add1 until a ballot's share has doubled
TRACED_MAX = 500  # runs of add1: some seconds for the largest city
COSTS_MAX = 5
TAKES_CAPS = GREEDY_NAMES | {Name.SCORES}
THRESHOLD = "greedy-threshold"

_one_at_a_time = threading.Lock()
_begun: deque[float] = deque()
_answers: OrderedDict[tuple[UUID, Asked], Tried] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be otherwise; what is None or empty stays.

    costs      : (code of a project, won), at most five
    rule       : a word of `choices`
    completion : none, utilitarian, comparison or add1, with equal shares alone
    step_won   : money added per ballot, with add1 alone; threshold: least votes, likewise
    """

    costs: tuple[tuple[str, int], ...] = ()
    budget_won: int | None = None
    rule: str = ""
    completion: str = "none"
    step_won: int | None = None
    threshold: int | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """What would have won: codes in the order chosen, and the money."""

    winners: tuple[str, ...]
    spent_won: int
    left_won: int
    rule: Rule


def choices(part: ResultPart) -> tuple[Rule, ...]:
    """The rules that can count these ballots and need no parameter."""
    return plain_rules(_election(part.pk))


def tried(part: ResultPart, asked: Asked) -> Tried:
    """Count a published part again with what is asked.

    Raises Refusal(BAD_RULE) for a rule that cannot count these ballots, Refusal(TOO_MANY) when too
    much was counted this minute, Refusal(BUSY) when another count takes long.
    """
    key = (part.pk, asked)
    kept = _answers.get(key)
    if kept is not None:
        return kept
    if not _one_at_a_time.acquire(timeout=WAIT_S):
        raise Refusal(CoreCode.BUSY, seconds=WAIT_S)
    try:
        _limit()
        found = _count(part, asked)
        _answers[key] = found
        while len(_answers) > ANSWERS_KEPT:
            _answers.popitem(last=False)
    finally:
        _one_at_a_time.release()
    return found


def _limit() -> None:
    """At most so many counts a minute in this process. Raises Refusal(TOO_MANY)."""
    now = time.monotonic()
    while _begun and _begun[0] <= now - 60:
        _begun.popleft()
    if len(_begun) >= COUNTS_A_MINUTE:
        raise Refusal(CoreCode.TOO_MANY, seconds=int(_begun[0] + 60 - now) + 1)
    _begun.append(now)


@lru_cache(maxsize=ELECTIONS_KEPT)
def _election(part_id: UUID) -> Election:
    """The published ballots of a part, read once; results never change."""
    text = ResultPart.rows.values_list("input_text", flat=True).get(pk=part_id)
    return pabulib.read(text.encode())


def _count(part: ResultPart, asked: Asked) -> Tried:
    election = _election(part.pk)
    costs = {code: Fraction(won) for code, won in asked.costs}
    budget = Fraction(part.budget_won if asked.budget_won is None else asked.budget_won)
    changed = changed_election(election, Change(costs=costs, budget=budget))
    try:
        rule = _rule(part, election, budget, asked)
        outcome = tally(changed, rule, TRACED_MAX)
    except RuleError as error:
        raise _bad(error.ko, error.en) from None
    return Tried(
        tuple(changed.projects[at].id for at in outcome.winners),
        int(outcome.spent),
        int(outcome.left),
        rule,
    )


def _bad(ko: str, en: str) -> Refusal:
    return Refusal(BudgetCode.BAD_RULE, field="rule", why=T(ko, en))


def word_of(rule: Rule) -> str:
    """The word that names a rule in an address: `mes-cost`, `greedy`.

    >>> from dure.engines.pb.rules import Satisfaction
    >>> word_of(Rule(Name.MES, Satisfaction.COST))
    'mes-cost'
    """
    return label(rule).replace(" ", "-")


def _rule(part: ResultPart, election: Election, budget: Fraction, asked: Asked) -> Rule:
    """The rule that is asked, with the ties, lot and caps of the vote's own.

    Raises Refusal(BAD_RULE), RuleError.
    """
    official = official_rule(part.result.call, bytes.fromhex(part.result.seed))
    if not asked.rule:
        return official
    wanted = "greedy" if asked.rule == THRESHOLD else asked.rule
    plain = next((one for one in plain_rules(election) if word_of(one) == wanted), None)
    if plain is None:
        raise _bad(
            "이 표로는 셀 수 없는 규칙입니다.", "These ballots cannot be counted by this rule."
        )
    name = Name.GREEDY_THRESHOLD if asked.rule == THRESHOLD else plain.name
    completion = Completion(asked.completion) if name is Name.MES else Completion.NONE
    is_add1 = completion is Completion.ADD1
    if is_add1:
        _demand_step(election, budget, asked.step_won)
    return Rule(
        name=name,
        satisfaction=plain.satisfaction,
        completion=completion,
        step=Fraction(asked.step_won) if is_add1 and asked.step_won else None,
        start=Start.EXACT if is_add1 else None,
        stop=Stop.EXHAUSTIVE if is_add1 else None,
        threshold=Fraction(asked.threshold or 0) if name is Name.GREEDY_THRESHOLD else None,
        ties=official.ties,
        seed=official.seed,
        call=official.call,
        order=official.order,
        caps=official.caps if name in TAKES_CAPS else (),
    )


def _demand_step(election: Election, budget: Fraction, step: int | None) -> None:
    """A step small enough to matter and large enough to be counted while somebody waits."""
    least = max(int(budget / max(election.ballots.count, 1) / RUNS_MAX), 1)
    if step is None or step < least:
        raise Refusal(
            BudgetCode.BAD_RULE,
            field="step_won",
            why=T(
                f"한 표당 늘릴 돈을 {least:,}원 이상으로 적어 주세요.",
                f"please give a step of at least {least:,} won per ballot.",
            ),
        )
