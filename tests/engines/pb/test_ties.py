"""The tie chain: each step, and that its answer does not depend on the order given."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

import pytest

from dure.engines.pb.election import Election, approvals
from dure.engines.pb.rules import Name, Rule, RuleError
from dure.engines.pb.ties import first


def election() -> Election:
    made = approvals([("9", 5, ()), ("10", 3, ()), ("b", 9, ()), ("a", 3, ())], 10, n=0)
    late = [replace(one, received=9 - at) for at, one in enumerate(made.projects)]
    return replace(made, projects=tuple(late))


@pytest.mark.parametrize(
    ("ties", "winner", "step"),
    [
        (("id",), 1, "id"),  # "10" < "9" < "a" < "b" as text
        (("max_votes", "id"), 2, "max_votes"),
        (("min_cost", "id"), 1, "id"),  # 10 and a cost the same; id decides
        (("min_cost", "max_votes", "id"), 3, "max_votes"),
        (("max_cost", "id"), 2, "max_cost"),
        (("earliest_received", "id"), 3, "earliest_received"),
        (("list", "id"), 0, "list"),
    ],
)
def test_step_decides(ties: tuple[str, ...], winner: int, step: str) -> None:
    rule = Rule(Name.GREEDY, ties=ties, order=("9",))
    for tied in ((0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)):
        assert first(tied, election(), (1, 1, 7, 2), rule) == (winner, step)


def test_lot_is_the_least_hash() -> None:
    rule = Rule(Name.GREEDY, ties=("lot",), seed=b"\x01\x02", call="2026-동작")
    tickets = {
        at: sha256(b"\x01\x02" + "2026-동작".encode() + one.id.encode()).digest()
        for at, one in enumerate(election().projects)
    }
    assert first((0, 1, 2, 3), election(), (0,) * 4, rule) == (
        min(tickets, key=lambda at: tickets[at]),
        "lot",
    )


def test_one_alone_needs_no_step() -> None:
    assert first((2,), election(), (0,) * 4, Rule(Name.GREEDY)) == (2, "")


@pytest.mark.parametrize(
    ("ties", "code"),
    [
        ((), "pb.ties_open"),
        (("max_votes",), "pb.ties_open"),
        (("coin", "id"), "pb.ties_unknown"),
        (("id", "id"), "pb.ties_repeated"),
        (("lot",), "pb.seed_missing"),
        (("list", "id"), "pb.order_missing"),
    ],
)
def test_open_chain_is_refused(ties: tuple[str, ...], code: str) -> None:
    with pytest.raises(RuleError) as refused:
        Rule(Name.GREEDY, ties=ties, threshold=None)
    assert refused.value.code == code
