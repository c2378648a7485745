"""Certificates of hybrid scores, caps, envelopes and links."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

from dure.engines.pb.certificate import CertificateError, certificate, input_hash
from dure.engines.pb.election import Election, approvals
from dure.engines.pb.envelopes import Envelope, Leftover, count_envelopes
from dure.engines.pb.pabulib import read
from dure.engines.pb.pabulib_writing import write
from dure.engines.pb.rules import Completion, Name, Norm, Rule, Satisfaction, Weight
from dure.engines.pb.tally import tally
from tests.engines.pb.certified import certified, faults, sealed, whole
from tests.engines.pb.elections import worked

SEOUL = (("committee", 450_000), ("e-vote", 450_000), ("survey", 100_000))


def measured() -> Election:
    """W4: committee, electronic vote, survey; A and B share a field."""
    election = whole(approvals([("A", 4, (0,)), ("B", 5, (0, 1)), ("C", 6, (1,))], 11, n=2))
    rows = {"committee": (80, 72, 90), "e-vote": (120, 150, 90), "survey": (30, 20, 50)}
    fields = {"A": ("road",), "B": ("road", "park"), "C": ("school",)}
    return replace(
        election,
        projects=tuple(replace(one, categories=fields[one.id]) for one in election.projects),
        measures={name: tuple(map(Fraction, row)) for name, row in rows.items()},
    )


@pytest.mark.parametrize("norm", list(Norm))
def test_hybrid_scores_are_counted_again(norm: Norm) -> None:
    weights = tuple(Weight(name, ppm, norm) for name, ppm in SEOUL)
    stated, source = certified(measured(), Rule(Name.SCORES, weights=weights))
    assert faults(stated, source) == []


def test_w4_by_share_of_max_is_certified_with_its_scores() -> None:
    weights = tuple(Weight(name, ppm, Norm.SHARE_OF_MAX) for name, ppm in SEOUL)
    stated, source = certified(measured(), Rule(Name.SCORES, weights=weights))
    assert [(one["winner"], one["rate"]) for one in stated["final"]["rounds"]] == [
        ("B", "17/20"),
        ("A", "41/50"),
    ]
    changed = source.decode().replace("72", "73").encode()
    assert faults(stated, changed) != []


def test_caps_are_kept_by_the_recount() -> None:
    rule = Rule(Name.GREEDY, caps=(("road", Fraction(5)),))
    stated, source = certified(measured(), rule)
    assert stated["winners"] == ["B", "C"]
    assert faults(stated, source) == []
    stated["rule"]["caps"] = []
    assert faults(sealed(stated), source) != []


@pytest.mark.parametrize("leftover", list(Leftover))
def test_every_envelope_has_a_certificate_of_its_own(leftover: Leftover) -> None:
    election = whole(worked())
    envelopes = (
        Envelope("dong", Fraction(2_500_000), ("A", "D", "E")),
        Envelope("city", Fraction(2_500_000), ("B", "C", "F"), is_city=True),
    )
    rule = Rule(Name.MES, Satisfaction.COST, Completion.UTILITARIAN)
    parts = count_envelopes(election, envelopes, leftover, lambda part: tally(part, rule))
    hashes = set()
    for part in parts:
        stated = certificate(part.election, part.outcome)
        hashes.add(stated["input"])
        assert faults(stated, write(part.election).encode()) == []
    assert len(hashes) == 2


LINKED = {
    "requires": ((0, 2),),  # A needs C
    "excludes": ((3, 1),),  # D and B shut one another out
}


@pytest.mark.parametrize(
    ("rule", "winners"),
    [
        (Rule(Name.GREEDY), ["B", "E"]),
        (Rule(Name.MES, Satisfaction.COST), ["B"]),
        (Rule(Name.MES, Satisfaction.CARDINALITY), ["C", "D"]),
        (Rule(Name.PHRAGMEN), ["C", "D", "A"]),
    ],
)
def test_links_change_the_outcome_and_are_flagged(rule: Rule, winners: list[str]) -> None:
    election = replace(whole(worked()), requires=LINKED["requires"], excludes=LINKED["excludes"])
    stated, source = certified(election, rule)
    assert (stated["links"], stated["winners"]) == (True, winners)
    assert faults(stated, source) == []
    without = source.decode().replace("requires", "asks").encode()
    assert faults(stated, without)[0] != ""


def test_a_hidden_link_is_refused() -> None:
    election = replace(whole(worked()), requires=LINKED["requires"])
    stated, source = certified(election, Rule(Name.GREEDY))
    stated["links"] = False
    assert faults(sealed(stated), source) == ["links: says false, counted true"]


@pytest.mark.parametrize("voices", [(), (2,)])
def test_what_excludes_a_winner_is_out_though_it_never_stood_in_line(
    voices: tuple[int, ...],
) -> None:
    """X shuts out the winner W; without supporters, or short of money, it is no candidate then."""
    wanted = (("W", 2, (0, 1)), ("X", 9, voices), ("R", 6, (0, 2)), ("S", 6, (2,)))
    rows: list[tuple[str, Fraction | int | str, tuple[int, ...]]] = [*wanted]
    election = replace(whole(approvals(rows, 9, n=3)), requires=((2, 1),), excludes=((1, 0),))
    stated, source = certified(election, Rule(Name.MES, Satisfaction.COST))
    assert stated["winners"] == ["W"]
    told = [name for one in stated["final"]["rounds"] for name, _ in one["dropped"]]
    told += [name for name, _ in stated["final"]["dropped"]]
    assert told == (["X", "S"] if voices else ["S"])  # R is out as X is: neither bought nor dropped
    assert faults(stated, source) == []


def moved(text: str) -> str:
    """VOTES before PROJECTS."""
    meta, rest = text.split("PROJECTS\n")
    projects, votes = rest.split("VOTES\n")
    return f"{meta}VOTES\n{votes}PROJECTS\n{projects}"


@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: "\ufeff" + text,
        lambda text: text.rstrip("\n"),
        moved,
        lambda text: text.replace("PROJECTS\n", "Projects;;\n"),
        lambda text: text.replace("budget;5000000", "budget;5000000.00"),
        lambda text: text.replace("A,B,C", " A, B ,C"),
        lambda text: text.replace("A,B,C", "A,B,C,A"),
    ],
)
def test_the_checker_reads_what_the_engine_reads(written: Callable[[str], str]) -> None:
    stated, source = certified(whole(worked()), Rule(Name.MES, Satisfaction.COST))
    again = written(source.decode()).encode()
    assert again != source
    assert input_hash(read(again)) == stated["input"]
    assert faults(stated, again) == []


@pytest.mark.parametrize("rows", [[], [("a", 5, ()), ("b", 0, ())]])
def test_elections_without_votes_are_certified(
    rows: list[tuple[str, Fraction | int | str, tuple[int, ...]]],
) -> None:
    for rule in (Rule(Name.GREEDY), Rule(Name.DENSITY), Rule(Name.PHRAGMEN)):
        stated, source = certified(whole(approvals(rows, 10, n=0)), rule)
        assert stated["winners"] == []
        assert faults(stated, source) == []


def test_the_checker_reads_packed_files() -> None:
    stated, source = certified(whole(worked()), Rule(Name.GREEDY))
    assert faults(stated, gzip.compress(source)) == []


def test_an_id_with_two_spellings_is_not_certified() -> None:
    election = approvals([("e\u0301", 1, (0,))], 1, n=1)
    with pytest.raises(CertificateError):
        certificate(election, tally(election, Rule(Name.GREEDY)))
