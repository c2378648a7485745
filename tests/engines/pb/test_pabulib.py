"""Reading Pabulib files: every pitfall gets a line, or the reading that is documented."""

from __future__ import annotations

import gzip
import hashlib
from fractions import Fraction
from pathlib import Path

import pytest

from dure.engines.pb import pabulib_rows
from dure.engines.pb.election import BallotKind, Election
from dure.engines.pb.pabulib import amount, read
from dure.engines.pb.pabulib_errors import REFUSALS, PabulibError

META = "META\nkey;value\nnum_projects;3\nnum_votes;4\nbudget;100\nvote_type;approval\n"
PROJECTS = (
    "PROJECTS\nproject_id;cost;votes;name;category;selected\n"
    "p1;40;3;Bench;park,youth;1\np2;50;2;Tree;park;0\np3;30;1;Lamp;;2\n"
)
VOTES = "VOTES\nvoter_id;vote;age\n1;p1,p2;30\n2;p1;\n3;p2,p1;17\n4;p3;none\n"
PLAIN = META + PROJECTS + VOTES


@pytest.fixture(autouse=True, params=["cut at once", "row by row"])
def road(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both roads of reading ballots must say the same about every file here."""
    if request.param == "row by row":
        monkeypatch.setattr(pabulib_rows, "plain_columns", lambda *_: None)


def of(text: str) -> Election:
    return read(text.encode())


def codes(election: Election) -> list[tuple[int, str]]:
    return [(one.line, one.code) for one in election.notes]


def refused(text: str | bytes, **limits: int) -> tuple[str, int]:
    with pytest.raises(PabulibError) as found:
        read(text if isinstance(text, bytes) else text.encode(), **limits)
    return found.value.code, found.value.line


def same(election: Election) -> bool:
    return (election.votes(), election.ballots.count, election.budget) == ((3, 2, 1), 4, 100)


def test_plain_file() -> None:
    election = of(PLAIN)
    assert same(election) and election.kind is BallotKind.APPROVAL
    assert election.notes == ()
    assert election.projects[0].categories == ("park", "youth")
    assert [one.selected for one in election.projects] == [1, 0, 2]
    assert [one.received for one in election.projects] == [0, 1, 2]
    assert election.ballots.items.tolist() == [0, 1, 0, 0, 1, 2]
    assert election.meta["num_votes"] == "4"


def test_packed_file() -> None:
    assert same(read(gzip.compress(PLAIN.encode())))


def test_order_mark_is_passed_over() -> None:
    election = of("\ufeff" + PLAIN)
    assert same(election) and codes(election) == [(1, "pabulib.bom")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end: str) -> None:
    assert same(of(PLAIN.replace("\n", end)))
    assert same(of(PLAIN.replace("\n", end).rstrip("\r\n")))


def test_mixed_line_ends_and_blank_lines() -> None:
    lines = PLAIN.split("\n")
    ends = ["\r\n", "\n", "\r", "\n\n"]
    assert same(of("".join(line + ends[at % 4] for at, line in enumerate(lines))))


def test_sections_in_any_order_and_case() -> None:
    assert same(of(META.replace("META", "Meta") + VOTES.replace("VOTES", "votes") + PROJECTS))
    assert same(of(VOTES + PROJECTS.replace("PROJECTS", " Projects ") + META))


def test_quoted_semicolons_and_line_breaks_in_names() -> None:
    election = of(PLAIN.replace(";Tree;", ';"A; ""tree""\nwith a break";'))
    assert same(election) and election.projects[1].name == 'A; "tree"\nwith a break'


def test_lines_are_counted_behind_a_line_break() -> None:
    text = PLAIN.replace(";Tree;", ';"A\ntree";').replace("4;p3", "4;p9")
    assert refused(text) == ("pabulib.vote_unknown", 18)


def test_amounts_are_exact() -> None:
    election = of(PLAIN.replace("budget;100", "budget;2458488.22").replace("p2;50", "p2;12000.0"))
    assert election.budget == Fraction(245848822, 100)
    assert election.projects[1].cost == 12000
    assert of(PLAIN.replace("p2;50", "p2;" + "1" + "0" * 20)).projects[1].cost == 10**20
    assert of(PLAIN.replace("p2;50", "p2;0.1")).projects[1].cost == Fraction(1, 10)


def test_comma_is_a_decimal_mark_or_refused() -> None:
    election = of(PLAIN.replace("p2;50", "p2;50,75"))
    assert election.projects[1].cost == Fraction(203, 4)
    assert codes(election) == [(10, "pabulib.comma")]
    assert refused(PLAIN.replace("p2;50", "p2;1,000")) == ("pabulib.amount_comma", 10)
    assert refused(PLAIN.replace("budget;100", "budget;1,000,000")) == ("pabulib.amount_comma", 5)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("none", "amount_missing"),
        ("None", "amount_missing"),
        ("", "amount_missing"),
        ("-1", "amount_negative"),
        ("-1.5", "amount_negative"),
        ("1e5", "amount_exponent"),
        ("1E+5", "amount_exponent"),
        ("1_000", "amount"),
        ("１２", "amount"),
        ("+5", "amount"),
        ("nan", "amount"),
        ("inf", "amount"),
        ("1/2", "amount"),
        ("12 zł", "amount"),
        ("9" * 41, "amount"),
        (".5", "amount"),
        ("1.2.3", "amount"),
    ],
)
def test_bad_amounts_are_refused_by_line(cell: str, code: str) -> None:
    assert refused(PLAIN.replace("p2;50", f"p2;{cell}")) == (f"pabulib.{code}", 10)
    assert refused(PLAIN.replace("budget;100", f"budget;{cell}")) == (f"pabulib.{code}", 5)
    assert amount(cell)[0] is None


def test_word_none_is_empty_in_optional_columns() -> None:
    election = of(PLAIN.replace("p3;30;1;Lamp;;2", "p3;30;none;None;NONE;none"))
    assert (election.projects[2].name, election.projects[2].categories) == ("", ())
    assert election.projects[2].selected is None
    assert election.notes == ()


def test_word_none_as_a_vote_is_an_empty_ballot() -> None:
    election = of(PLAIN.replace("4;p3", "4;None").replace("p3;30;1", "p3;30;0"))
    assert election.votes() == (3, 2, 0)
    assert (0, "pabulib.none_vote") in codes(election)


def test_word_none_is_a_project_where_one_is_called_so() -> None:
    election = of(PLAIN.replace("p3", "none"))
    assert election.votes() == (3, 2, 1) and election.projects[2].id == "none"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (META + PROJECTS, "no_section", 0),
        (META + VOTES, "no_section", 0),
        (PROJECTS + VOTES, "no_section", 0),
        ("", "no_section", 0),
        ("\n\nvoter_id;vote\n" + PLAIN, "before_sections", 3),
        (PLAIN + META, "section_twice", 18),
        (PLAIN.replace("budget;100\n", ""), "no_key", 1),
        (PLAIN.replace("vote_type;approval\n", ""), "no_key", 1),
        (PLAIN.replace("budget;100", "budget;100\nbudget;200"), "key_twice", 6),
        (PLAIN.replace("approval", "lottery"), "vote_type", 6),
        (META + "PROJECTS\n" + VOTES, "no_header", 7),
        (META + PROJECTS + "VOTES\n", "no_header", 12),
        (PLAIN.replace("project_id;", "id;"), "no_column", 8),
        (PLAIN.replace(";cost;", ";price;"), "no_column", 8),
        (PLAIN.replace("voter_id;", "voter;"), "no_column", 13),
        (PLAIN.replace("vote;age", "vote;vote"), "column_twice", 13),
        (PLAIN.replace("key;value\n", ""), "no_column", 2),
    ],
)
def test_broken_frame_is_refused(text: str, code: str, line: int) -> None:
    assert refused(text) == (f"pabulib.{code}", line)


@pytest.mark.parametrize(
    ("was", "becomes", "code", "line"),
    [
        ("4;p3;none", "4;p3", "columns", 17),
        ("4;p3;none", "4;p3;none;x", "columns", 17),
        ("4;p3;none", "4", "columns", 17),
        ("p3;30;1;Lamp;;2", "p3;30;1;Lamp", "columns", 11),
        ("budget;100", "budget;1;00", "columns", 5),
        ("4;p3", "4;p4", "vote_unknown", 17),
        ("4;p3", "4;p3;p1", "columns", 17),
        ("4;p3", "3;p3", "voter_twice", 17),
        ("4;p3", " 3 ;p3", "voter_twice", 17),
        ("4;p3", ";p3", "voter_empty", 17),
        ("p3;30", "p1;30", "project_twice", 11),
        ("p3;30", ";30", "project_empty", 11),
        ("p3;30", '"p,3";30', "project_comma", 11),
    ],
)
def test_bad_rows_are_refused_by_line(was: str, becomes: str, code: str, line: int) -> None:
    assert refused(PLAIN.replace(was, becomes, 1)) == (f"pabulib.{code}", line)


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


def test_trailing_empty_cells_are_passed_over() -> None:
    padded = "\n".join(f"{line};;" if line else "" for line in PLAIN.split("\n"))
    election = of(padded)
    assert same(election) and codes(election) == [(0, "pabulib.padding")]


def test_counts_that_differ_are_told_and_rows_rule() -> None:
    text = PLAIN.replace("num_votes;4", "num_votes;5").replace("num_projects;3", "num_projects;9")
    election = of(text.replace("p1;40;3", "p1;40;7"))
    assert same(election)
    assert codes(election) == [
        (3, "pabulib.count"),
        (4, "pabulib.count"),
        (9, "pabulib.votes_column"),
    ]


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


def test_selected_is_never_an_input() -> None:
    without = "\n".join(
        line.rpartition(";")[0] if line.startswith("p") else line
        for line in PLAIN.replace(";selected", ";x").split("\n")
    ).replace("project_id;cost;votes;name;category", "project_id;cost;votes;name;category", 1)
    assert [one.selected for one in of(PLAIN).projects] == [1, 0, 2]
    assert [one.selected for one in of(without).projects] == [None] * 3
    assert of(without).votes() == of(PLAIN).votes()
    told = of(PLAIN.replace("park;0", "park;yes"))
    assert told.projects[1].selected is None and codes(told) == [(10, "pabulib.selected")]


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


def test_bytes_that_are_not_utf8_are_refused_by_line() -> None:
    content = PLAIN.replace("Tree", "Drzewo ś").encode("cp1250")
    assert refused(content) == ("pabulib.not_utf8", 10)
    assert refused(PLAIN.replace("Tree", "Tr\0ee")) == ("pabulib.nul", 10)
    assert refused(PLAIN.encode("utf-16"))[0] == "pabulib.not_utf8"


def test_caps_on_size_and_rows() -> None:
    content = PLAIN.encode()
    assert same(read(content, bytes_max=len(content)))
    assert refused(content, bytes_max=len(content) - 1) == ("pabulib.too_big", 0)
    bomb = gzip.compress(PLAIN.encode() + b"\n" * 10_000_000)
    assert len(bomb) < 20_000 and refused(bomb, bytes_max=100_000) == ("pabulib.too_big", 0)
    assert refused(content, rows_max=3)[0] == "pabulib.too_many_rows"
    assert refused(gzip.compress(content)[:-9]) == ("pabulib.bad_gzip", 0)


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


def test_links_and_measures() -> None:
    text = PLAIN.replace("category;selected", "requires;excludes").replace(
        "p1;40;3;Bench;park,youth;1", "p1;40;3;Bench;p2,p3;"
    )
    text = text.replace("Tree;park;0", "Tree;;p3").replace("Lamp;;2", "Lamp;none;")
    election = of(text)
    assert election.requires == ((0, 1), (0, 2)) and election.excludes == ((1, 2),)
    assert refused(text.replace("Tree;;p3", "Tree;;p7")) == ("pabulib.link_unknown", 10)
    measured = of(PLAIN.replace(";selected", ";measure:committee").replace("Lamp;;2", "Lamp;;2.5"))
    assert measured.measures == {"committee": (1, 0, Fraction(5, 2))}


def test_every_refusal_is_spoken_in_both_languages() -> None:
    error = PabulibError("pabulib.vote_unknown", 7, given="p9")
    assert str(error) == "Line 7: The vote names a project that is not listed: p9."
    assert error.ko == "7번째 줄: 없는 사업 p9에 투표했습니다."
    assert all(ko and en for ko, en in REFUSALS.values())


def test_altered_files_get_what_their_index_expects(shared_data: Path) -> None:
    refusals = {
        "cost_none.pb": ("pabulib.amount_missing", 24),
        "cost_negative.pb": ("pabulib.amount_negative", 24),
        "cost_exponent.pb": ("pabulib.amount_exponent", 24),
        "vote_unknown_project.pb": ("pabulib.vote_unknown", 30),
        "voter_repeated.pb": ("pabulib.voter_twice", 31),
        "project_repeated.pb": ("pabulib.project_twice", 28),
        "budget_missing.pb": ("pabulib.no_key", 1),
        "no_votes_section.pb": ("pabulib.no_section", 0),
        "cp1250.pb": ("pabulib.not_utf8", 3),
    }
    folder = shared_data / "pabulib_altered"
    names = {path.name for path in folder.glob("*.pb")}
    assert len(names) == 20 and set(refusals) < names
    for name in sorted(names):
        content = (folder / name).read_bytes()
        if name in refusals:
            assert (name, refused(content)) == (name, refusals[name])
            continue
        election = read(content)
        votes = {"vote_empty.pb": (15, 14, 12, 5), "scoring.pb": (8, 10, 7, 1)}
        assert (name, election.votes()) == (name, votes.get(name, (16, 14, 12, 5)))
        assert election.ballots.count == 27


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
