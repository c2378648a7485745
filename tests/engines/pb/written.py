"""A small Pabulib file to spoil, and what reading it gives."""

from __future__ import annotations

import pytest

from dure.engines.pb.election import Election
from dure.engines.pb.pabulib import read
from dure.engines.pb.pabulib_errors import PabulibError

META = "META\nkey;value\nnum_projects;3\nnum_votes;4\nbudget;100\nvote_type;approval\n"
PROJECTS = (
    "PROJECTS\nproject_id;cost;votes;name;category;selected\n"
    "p1;40;3;Bench;park,youth;1\np2;50;2;Tree;park;0\np3;30;1;Lamp;;2\n"
)
VOTES = "VOTES\nvoter_id;vote;age\n1;p1,p2;30\n2;p1;\n3;p2,p1;17\n4;p3;none\n"
PLAIN = META + PROJECTS + VOTES


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
