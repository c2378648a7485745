"""Writing Pabulib: it reads back as the same election and tells nothing about single voters."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.engines.pb.election import BallotKind, Election, approvals
from dure.engines.pb.pabulib import read
from dure.engines.pb.pabulib_writing import NotWritable, Voter, write
from tests.engines.pb.elections import elections, worked

META = {
    "description": '두레 "시험"; 둘째\n줄',
    "country": "Korea",
    "unit": "Seoul",
    "instance": "2026",
    "rule": "greedy",
    "date_begin": "01.03.2026",
    "date_end": "14.03.2026",
    "max_length": "9",
    "edition": "1",
}


def rows(election: Election) -> Counter[tuple[tuple[str, Fraction], ...]]:
    """Ballots as project ids with their points, in the order that counts."""
    ballots = election.ballots
    found = []
    for begin, end in zip(ballots.starts[:-1].tolist(), ballots.starts[1:].tolist(), strict=True):
        found.append(
            tuple(
                (
                    election.projects[int(ballots.items[at])].id,
                    Fraction(0)
                    if ballots.points is None
                    else Fraction(int(ballots.points[at]), ballots.points_scale),
                )
                for at in range(begin, end)
            )
        )
    return Counter(found)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(set(BallotKind) - {BallotKind.CHOOSE_1})), st.data())
def test_what_is_written_reads_back(kind: BallotKind, data: st.DataObject) -> None:
    drawn = data.draw(elections(kind, linked=True))
    named = tuple(
        replace(one, name=f'{one.id}; "a"\nb', categories=("park", "길"), selected=at % 2)
        for at, one in enumerate(drawn.projects)
    )
    whole = tuple(replace(one, cost=Fraction(one.cost.numerator)) for one in named)
    election = replace(
        drawn,
        projects=whole,
        budget=Fraction(int(drawn.budget)) + Fraction(1, 8),
        meta=META,
        measures={"committee": tuple(Fraction(at, 4) for at in range(len(named)))},
    )
    back = read(write(election).encode())
    assert back.projects == election.projects
    assert (back.budget, back.kind) == (election.budget, election.kind)
    assert set(back.requires) == set(election.requires)
    assert set(back.excludes) == set(election.excludes)
    assert back.measures == election.measures
    assert rows(back) == rows(election)
    assert {one.code for one in back.notes} <= {"pabulib.empty_votes"}
    assert write(back) == write(election)


def test_order_of_rows_tells_nothing() -> None:
    one = replace(worked(), meta=META)
    count = one.ballots.count
    turned = approvals(
        [
            (project.id, project.cost, tuple(count - 1 - b for b in of_project(one, at)))
            for at, project in enumerate(one.projects)
        ],
        one.budget,
        n=count,
    )
    assert write(one) == write(replace(turned, meta=META))


def of_project(election: Election, at: int) -> list[int]:
    owners = election.ballots.owners()
    return [int(owners[place]) for place, one in enumerate(election.ballots.items) if one == at]


def test_winners_become_selected() -> None:
    text = write(replace(worked(), meta=META), winners=(0, 3))
    assert [one.selected for one in read(text.encode()).projects] == [1, 0, 0, 1, 0, 0]


def test_voters_are_banded_and_small_cells_merged() -> None:
    election = approvals([("a", 5, tuple(range(30)))], 5, n=30)
    voters = [Voter(33, "F", "internet")] * 12 + [Voter(71, "F", "internet")] * 3
    voters += [Voter(20 + at, "M", "paper") for at in range(0, 40, 4)] + [Voter()] * 5
    text = write(replace(election, meta=META), voters=voters, cell_min=10)
    told = Counter(
        tuple(line.split(";")[2:]) for line in text.split("VOTES\n")[1].split("\n")[1:-1]
    )
    # 3 old women lose age, sex and way and stand beside the 5 who told nothing; 8 are too few, so
    # the smallest other cell, 10 men without their ages, joins them.
    assert told == {("30-39", "F", "internet"): 12, ("", "", ""): 18}


def test_cells_told_nothing_are_large_enough_too() -> None:
    election = approvals([("a", 5, ())], 5, n=31)
    voters = [Voter(33, "F", "web")] * 15 + [Voter(45, "M", "web")] * 12 + [Voter()] * 4
    text = write(replace(election, meta=META), voters=voters, cell_min=10)
    told = Counter(
        tuple(line.split(";")[2:]) for line in text.split("VOTES\n")[1].split("\n")[1:-1]
    )
    assert told == {("30-39", "F", "web"): 15, ("", "", ""): 16}


def test_no_column_about_voters_unless_given() -> None:
    assert "\nvoter_id;vote\n" in write(replace(worked(), meta=META))


@pytest.mark.parametrize("key", ["description", "country", "unit", "instance", "date_end"])
def test_missing_meta_is_refused(key: str) -> None:
    with pytest.raises(NotWritable, match=key):
        write(replace(worked(), meta={one: META[one] for one in META if one != key}))


def test_amount_without_decimal_form_is_refused() -> None:
    with pytest.raises(NotWritable, match="10/3"):
        write(replace(worked(), meta=META, budget=Fraction(10, 3)))


def test_peer_reads_what_is_written_alike() -> None:
    from pabutools.election import Cost_Sat
    from pabutools.election.pabulib import parse_pabulib_from_string
    from pabutools.rules import method_of_equal_shares

    plain = {key: text.replace("\n", " ") for key, text in META.items()}
    instance, ballots = parse_pabulib_from_string(write(replace(worked(), meta=plain)))
    assert (instance.budget_limit, ballots.num_ballots()) == (5_000_000, 10)
    winners = method_of_equal_shares(instance, ballots, sat_class=Cost_Sat)
    assert [one.name for one in winners] == ["A", "D"]
