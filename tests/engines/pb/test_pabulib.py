"""Reading Pabulib files: every pitfall gets a line, or the reading that is documented."""

from __future__ import annotations

import gzip
from fractions import Fraction
from pathlib import Path

import pytest

from dure.engines.pb.election import BallotKind
from dure.engines.pb.pabulib import amount, read
from dure.engines.pb.pabulib_errors import REFUSALS, PabulibError
from tests.engines.pb.written import META, PLAIN, PROJECTS, VOTES, codes, of, refused, same

pytestmark = pytest.mark.usefixtures("road")


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
