"""Why projects won or lost: the worked election of the design, as a result stores and shows it."""

from __future__ import annotations

import json
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

from dure.budgeting.counting import Part
from dure.budgeting.explanations import explained
from dure.budgeting.queries.explanations import whole_parts, whys
from dure.core.text import T
from dure.engines.pb.rules import Completion, Name, Rule, Satisfaction, Start, Stop
from dure.engines.pb.tally import tally
from tests.engines.pb.elections import worked

COST = Rule(Name.MES, Satisfaction.COST)


def facts_of(rule: Rule) -> dict[str, Any]:  # Any: as stored
    election = worked()
    part = Part(None, "", True, election, tally(election, rule))  # type: ignore[arg-type]
    found: dict[str, Any] = json.loads(json.dumps(explained(part)))
    assert set(found) == {one.id for one in election.projects}
    return found


def test_facts_of_the_worked_election() -> None:
    found = facts_of(COST)
    assert found["A"] == {
        "kind": "won",
        "rank": 1,
        "supporters": 5,
        "payers": [[5, "400000"]],
        "added": False,
    }
    assert found["B"] == {
        "kind": "shares",
        "supporters": 5,
        "given": "2500000",
        "taken": [["A", "800000"], ["D", "500000"]],
        "left": "1200000",
        "missing": "800000",
        "price": 1_700_000,
        "is_greatest": True,
    }


def test_what_is_shown_sums_exactly_in_whole_won() -> None:
    names: Any = {code: SimpleNamespace(name=T(code, code)) for code in "ABCDEF"}
    shown = whys(facts_of(Rule(Name.MES, Satisfaction.CARDINALITY)), names)
    for why in shown.values():
        assert why.given_won == sum(went.won for went in why.went) + why.left_won
    assert (shown["C"].kind, shown["C"].payers, shown["C"].least_won) == ("won", 3, 266_666)
    assert whole_parts([Fraction(2, 3), Fraction(1, 3), Fraction(0)]) == (1, [1, 0, 0])


def test_a_completion_tells_a_price_that_a_count_confirmed_and_never_the_greatest() -> None:
    rule = Rule(
        Name.MES,
        Satisfaction.COST,
        Completion.ADD1,
        step=Fraction(10_000),
        start=Start.EXACT,
        stop=Stop.EXHAUSTIVE,
    )
    found = facts_of(rule)
    losers = [fact for fact in found.values() if fact["kind"] == "shares"]
    assert losers
    assert not any(fact["is_greatest"] for fact in losers)


def test_where_greedy_takes_the_place_of_equal_shares_nobody_paid() -> None:
    found = facts_of(Rule(Name.MES, Satisfaction.COST, Completion.COMPARISON))
    assert {code for code, fact in found.items() if fact["kind"] == "won"} == {"A", "B", "C"}
    assert not any(fact.get("payers") for fact in found.values())
    assert {fact["kind"] for fact in found.values()} == {"won", "score"}


def test_greedy_tells_further_support_instead() -> None:
    found = facts_of(Rule(Name.GREEDY))
    loser = found["E"]
    assert (loser["kind"], loser["supporters"], loser["left"]) == ("score", 4, "200000")
    assert loser["missing"] == "2200000"
    assert loser["extra"] >= 1
    assert loser["is_greatest"]
