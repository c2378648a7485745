"""Published elections counted again by the rule they state."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from dure.engines.pb.pabulib import read
from dure.engines.pb.published import Replay, replayed, stated_rule, with_place_points, withdrawn
from dure.engines.pb.rules import Name, Satisfaction
from tests.engines.pb.elections import worked

# Every mismatch of the corpus with its cause; `docs/tally.md` tells the same list.
MISMATCHES = {
    "Poland_Warszawa_2018_Niskie_Okecie.pb.gz": (
        "615 and 308 have 88 votes each; the published outcome took 615, how is not stated"
    ),
}


def every(folder: Path) -> dict[str, Replay]:
    return {
        path.name: replayed(read(path.read_bytes()))
        for path in sorted((folder / "pabulib" / "files").glob("*.pb.gz"))
    }


@pytest.mark.slow
def test_published_outcomes_are_reproduced(shared_data: Path) -> None:
    found = every(shared_data)
    counted = {name: one for name, one in found.items() if one.rule is not None}
    apart = {name for name, one in counted.items() if not one.agrees}
    assert apart == set(MISMATCHES)
    assert len(counted) == 186
    assert 100 * (len(counted) - len(apart)) >= 99 * len(counted)
    assert Counter(one.stated for one in counted.values()) == {
        "greedy": 46,
        "greedy-no-skip": 55,
        "greedy-threshold": 82,
        "equalshares/add1": 2,
        "equalshares/add1-comparison": 1,
    }
    shares = [one for one in counted.values() if one.stated.startswith("equalshares")]
    assert [one.agrees for one in shares] == [True] * 3


def test_changed_outcome_is_seen(shared_data: Path) -> None:
    path = shared_data / "pabulib" / "files" / "Poland_Swiecie_2023.pb.gz"
    election = read(path.read_bytes())
    assert replayed(election).agrees
    first = replace(election.projects[0], selected=0)
    assert not replayed(replace(election, projects=(first, *election.projects[1:]))).agrees


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("greedy", Name.GREEDY),
        ("greedy-no-skip", Name.GREEDY_NO_SKIP),
        ("equalshares/add1", Name.MES),
        ("greedy-exclusive", None),
        ("greedy-custom", None),
        ("unknown", None),
        ("Greedy", None),
    ],
)
def test_rule_is_mapped_or_unknown(stated: str, name: Name | None) -> None:
    rule, reason = stated_rule(replace(worked(), meta={"rule": stated}))
    assert (rule.name if rule else None) == name
    assert bool(reason) == (name is None)


def test_threshold_comes_from_the_file_or_not_at_all() -> None:
    meta = {"rule": "greedy-threshold"}
    assert stated_rule(replace(worked(), meta=meta))[0] is None
    rule, _ = stated_rule(replace(worked(), meta={**meta, "min_project_score_threshold": "4"}))
    assert rule is not None and rule.threshold == 4


def test_add1_of_the_real_elections_is_named_whole() -> None:
    rule, _ = stated_rule(replace(worked(), meta={"rule": "equalshares/add1"}))
    assert rule is not None
    assert (rule.satisfaction, rule.step) == (Satisfaction.COST, 1)
    assert (rule.start, rule.stop) == ("floor", "overspend")


def test_only_one_means_won() -> None:
    marks = (1, 2, 3, 0, None, 1)
    projects = tuple(
        replace(one, selected=mark) for one, mark in zip(worked().projects, marks, strict=True)
    )
    found = replayed(replace(worked(), projects=projects, meta={"rule": "greedy"}))
    assert found.published == ("A", "F") and found.won == ("A", "B", "C") and not found.agrees


def test_withdrawn_project_is_left_out() -> None:
    comment = (
        "#1: Project A was withdrawn after the voting. #2: Project Z was withdrawn after the voting"
    )
    election = replace(worked(), meta={"rule": "greedy", "comment": comment})
    assert withdrawn(election) == ("A",)
    marked = tuple(replace(one, selected=int(one.id in "BCD")) for one in election.projects)
    assert replayed(replace(election, projects=marked)).won == ("B", "E")


def test_no_published_outcome_is_no_replay() -> None:
    found = replayed(replace(worked(), meta={"rule": "greedy"}))
    assert (found.rule, found.reason, found.agrees) == (None, "no outcome is published", False)


def test_place_points_need_a_fixed_length() -> None:
    text = (
        "META\nkey;value\nbudget;9\nvote_type;ordinal\nrule;greedy\nmin_length;2\nmax_length;2\n"
        "PROJECTS\nproject_id;cost;selected\na;5;0\nb;5;1\nVOTES\nvoter_id;vote\n1;b,a\n2;b,a\n3;a\n"
    )
    election = read(text.encode())
    assert with_place_points(election).measures == {"place_points": (4, 4)}
    assert stated_rule(read(text.replace("max_length;2", "max_length;3").encode()))[0] is None
