"""Broken files at random: each is refused by line or counted, and never breaks a rule."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.engines.pb.certificate import certificate
from dure.engines.pb.election import Election
from dure.engines.pb.pabulib import read
from dure.engines.pb.pabulib_errors import PabulibError
from dure.engines.pb.picture import picture
from dure.engines.pb.rules import Name, RuleError
from dure.engines.pb.tally import plain_rules, tally

HEAD = "META\nkey;value\nnum_votes;3\nbudget;10\nvote_type;"
PROJECTS = "PROJECTS\nproject_id;cost;votes;name\na;4;2;A\nb;5.5;2;B\nc;0;1;C\n"
FILES = (
    f"{HEAD}approval\n{PROJECTS}VOTES\nvoter_id;vote\n1;a,b\n2;b\n3;a,c\n",
    f"{HEAD}choose-1\n{PROJECTS}VOTES\nvoter_id;vote\n1;a\n2;b\n3;c\n",
    f"{HEAD}ordinal\n{PROJECTS}VOTES\nvoter_id;vote\n1;a,b,c\n2;b\n3;c,a\n",
    f"{HEAD}cumulative\n{PROJECTS}VOTES\nvoter_id;vote;points\n1;a,b;3,1\n2;b;2.5\n3;a,c;0,1\n",
    f"{HEAD}scoring\n{PROJECTS}VOTES\nvoter_id;vote;points\n1;a,b;3,-1\n2;b;2\n3;;\n",
)
PIECES = st.sampled_from(
    [
        *'";,\n\r\t\x00-+.eE019abz \ufeff',
        "\r\n",
        "none",
        "META\n",
        "PROJECTS\n",
        "VOTES\n",
        "１",
        "\u200b",
        "1e9",
        "-1",
        "1,000",
        "9" * 50,
        ";;",
        '""',
        "\u2028",
        "é",
        "힣",
    ]
)


@st.composite
def broken(draw: st.DrawFn) -> str:
    """A good file with up to four cuts, pieces put in, or lines moved."""
    text = draw(st.sampled_from(FILES))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        how = draw(st.integers(0, 2))
        if how == 0:
            text = text[:at] + draw(PIECES) + text[at:]
        elif how == 1:
            text = text[:at] + text[at + draw(st.integers(1, 12)) :]
        else:
            lines = text.split("\n")
            line = lines.pop(draw(st.integers(0, len(lines) - 1)))
            lines.insert(draw(st.integers(0, len(lines))), line)
            text = "\n".join(lines)
    return text


def read_or_refused(text: str) -> Election | None:
    try:
        return read(text.encode())
    except PabulibError as error:
        refusal = error
    assert 0 <= refusal.line <= 1 + text.count("\n") + text.count("\r")
    assert refusal.line or refusal.code == "pabulib.no_section"
    return None


@settings(max_examples=400, deadline=None)
@given(broken())
def test_broken_file_is_refused_by_line_or_counted(text: str) -> None:
    election = read_or_refused(text)
    if election is None:
        return
    for rule in plain_rules(election):
        try:
            outcome = tally(election, rule)
        except RuleError:
            continue
        assert outcome.spent <= election.budget
        assert outcome.spent == sum(election.projects[at].cost for at in outcome.winners)
        certificate(election, outcome)
    assert picture(election, outcome).startswith("<svg ")


@pytest.mark.parametrize("text", FILES)
def test_files_are_good_before_they_are_broken(text: str) -> None:
    election = read(text.encode())
    assert (election.ballots.count, len(election.projects)) == (3, 3)


def test_nothing_on_the_ballot_and_nobody_voting() -> None:
    none = f"{HEAD}approval\nPROJECTS\nproject_id;cost\nVOTES\nvoter_id;vote\n"
    election = read(none.encode())
    for rule in plain_rules(election):
        if rule.name is Name.MES:
            with pytest.raises(RuleError, match="no ballot"):
                tally(election, rule)
        else:
            assert tally(election, rule).winners == ()
