"""Reading the ballots of Pabulib files: votes, ranks, points, and the limits they keep or break."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from dure.engines.pb import pabulib_rows
from dure.engines.pb.election import Election
from dure.engines.pb.pabulib import read
from tests.engines.pb.written import META, PLAIN, PROJECTS, VOTES, codes, of, refused, same

pytestmark = pytest.mark.usefixtures("road")


def test_word_none_as_a_vote_is_an_empty_ballot() -> None:
    election = of(PLAIN.replace("4;p3", "4;None").replace("p3;30;1", "p3;30;0"))
    assert election.votes() == (3, 2, 0)
    assert (0, "pabulib.none_vote") in codes(election)


def test_word_none_is_a_project_where_one_is_called_so() -> None:
    election = of(PLAIN.replace("p3", "none"))
    assert election.votes() == (3, 2, 1) and election.projects[2].id == "none"


def test_empty_vote_counts() -> None:
    election = of(PLAIN.replace("4;p3", "4;").replace("p3;30;1", "p3;30;0"))
    assert (election.ballots.count, election.votes()) == (4, (3, 2, 0))
    assert codes(election) == [(0, "pabulib.empty_votes")]


def test_repeated_project_counts_once_and_is_told() -> None:
    election = of(PLAIN.replace("3;p2,p1", "3;p2,p1,p2"))
    assert same(election) and codes(election) == [(16, "pabulib.repeated")]
    ranks = of(PLAIN.replace("approval", "ordinal").replace("3;p2,p1", "3;p2,p1,p2"))
    assert ranks.ballots.items.tolist() == [0, 1, 0, 1, 0, 2]  # its first place holds
    assert codes(ranks) == [(16, "pabulib.repeated")]


def test_gaps_and_blanks_in_a_vote() -> None:
    election = of(PLAIN.replace("3;p2,p1", "3; p2, p1,,"))
    assert same(election) and codes(election) == [(16, "pabulib.gaps")]
    assert same(of(PLAIN.replace("3;p2,p1", "3;p2 ,\u00a0p1")))


def test_broken_limits_are_told() -> None:
    election = of(META + "max_length;1\nmin_length;2\n" + PROJECTS + VOTES)
    assert same(election)
    told = [(one.line, one.en) for one in election.notes]
    assert told == [
        (8, "2 ballots break min_length 2. They were counted as they are."),
        (7, "2 ballots break max_length 1. They were counted as they are."),
    ]


def test_knapsack_limit_is_compared_exactly() -> None:
    def told(limit: str, cost: str = "40") -> list[str]:
        text = META + f"max_sum_cost;{limit}\n" + PROJECTS.replace("p1;40", f"p1;{cost}") + VOTES
        return [one.en for one in of(text).notes]

    assert told("90") == told("90,0") == []
    words = "2 ballots break max_sum_cost %s. They were counted as they are."
    assert told("89.99") == [words % "89.99"]
    assert told("90", "40.01") == [words % "90"]
    assert of(META + PROJECTS.replace("p1;40", "p1;1" + "0" * 30) + "VOTES\nvoter_id;vote\n1;\n")
    assert told("90", "9" * 30) == []  # too large to compare in 64 bits: nothing is claimed


def test_open_quotation_never_swallows_ballots() -> None:
    code, line = refused(PLAIN.replace("2;p1;", '2;p1;"'))
    assert (code, line > 0) == ("pabulib.bad_csv", True)
    # closed again two ballots later: one row over three lines, with the right number of cells
    assert refused(PLAIN.replace("2;p1;", '2;p1;"').replace("4;p3;none", '4;p3;none"')) == (
        "pabulib.line_break",
        15,
    )
    code, line = refused(PLAIN.replace("Bench", '"Bench').replace("Tree", '"Tree"'))
    assert (code, line > 0) == ("pabulib.bad_csv", True)


def test_choose_1_names_one() -> None:
    text = PLAIN.replace("approval", "choose-1")
    assert refused(text) == ("pabulib.choose_1", 14)
    one = text.replace("1;p1,p2", "1;p1,p1").replace("3;p2,p1", "3;p2")
    assert of(one).votes() == (2, 1, 1)


POINTED = (
    META.replace("approval", "cumulative")
    + PROJECTS
    + "VOTES\nvoter_id;vote;points\n1;p1,p2;3,2\n2;p1;0.5\n3;p2,p1;1,0\n4;;\n"
)


def test_points_are_exact() -> None:
    election = of(POINTED)
    points, scale = election.ballots.points, election.ballots.points_scale
    assert points is not None
    assert (points.tolist(), scale) == ([6, 4, 1, 0, 2], 2)
    assert election.ballots.items.tolist() == [0, 1, 0, 0, 1]
    assert election.votes() == (3, 2, 0)  # a named project has the vote, with 0 points too
    assert of(POINTED.replace("cumulative", "scoring")).votes() == (2, 2, 0)


@pytest.mark.parametrize(
    ("was", "becomes", "code", "line"),
    [
        ("2;p1;0.5", "2;p1;1,2", "points_count", 15),
        ("2;p1;0.5", "2;p1;", "points_count", 15),
        ("2;p1;0.5", "2;p1;x", "points", 15),
        ("2;p1;0.5", "2;p1;１", "points", 15),
        ("2;p1;0.5", "2;p1;1e3", "points", 15),
        ("2;p1;0.5", "2;p1;-1", "points_negative", 15),
        ("2;p1;0.5", "2;p1;999999999999", "points", 15),  # 0.25 beside it passes the scale
        ("2;p1;0.5", "2;p1,p1;1,2", "points_twice", 15),
        ("2;p1;0.5", "2;p1,,p2;1,2,3", "vote_gap", 15),
        ("vote;points", "vote;marks", "no_column", 13),
    ],
)
def test_bad_points_are_refused_by_line(was: str, becomes: str, code: str, line: int) -> None:
    text = POINTED.replace("1;p1,p2;3,2", "1;p1,p2;3,0.25")
    assert refused(text.replace(was, becomes)) == (f"pabulib.{code}", line)


def test_same_points_twice_count_once() -> None:
    election = of(POINTED.replace("2;p1;0.5", "2;p1,p1;0.5,0.5"))
    assert election.votes() == (3, 2, 0)
    assert (15, "pabulib.repeated") in codes(election)


def test_scores_below_zero_are_read() -> None:
    election = of(POINTED.replace("cumulative", "scoring").replace("0.5", "-0.5"))
    points = election.ballots.points
    assert points is not None and points.tolist() == [6, 4, -1, 0, 2]


def test_both_roads_read_real_files_alike(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def digest(election: Election) -> str:
        ballots = election.ballots
        points = b"" if ballots.points is None else ballots.points.tobytes()
        whole = ballots.starts.tobytes() + ballots.items.tobytes() + points
        return hashlib.sha256(whole + repr(election.notes).encode()).hexdigest()

    paths = sorted((shared_data / "pabulib" / "files").glob("*.pb.gz"))[::16]
    now = [digest(read(path.read_bytes())) for path in paths]
    monkeypatch.setattr(pabulib_rows, "plain_columns", lambda *_: None)
    assert [digest(read(path.read_bytes())) for path in paths] == now
    assert len(now) == 20
