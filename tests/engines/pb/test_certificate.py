"""Certificates: the checker counts every one again, and believes no changed one."""

from __future__ import annotations

import ast
import gzip
import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any  # what JSON holds

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.engines.pb import check_result
from dure.engines.pb.certificate import certificate, certificate_text, input_hash
from dure.engines.pb.election import BallotKind, Election
from dure.engines.pb.pabulib import read
from dure.engines.pb.rules import Name, Rule, Satisfaction
from dure.engines.pb.tally import plain_rules, tally
from tests.engines.pb.certified import certified, faults, rules, sealed, shuffled, spoiled, whole
from tests.engines.pb.elections import elections, worked

KINDS = [one for one in BallotKind if one is not BallotKind.CHOOSE_1]
CHECKER = Path(str(check_result.__file__))


def countable(election: Election) -> list[tuple[dict[str, Any], bytes]]:
    """Certificates of an election by every rule."""
    dearest = max((one.cost for one in election.projects), default=Fraction(1))
    step = max(election.budget / election.ballots.count / 4, dearest / 8, Fraction(1))
    return [certified(election, rule) for rule in rules(election.kind, step)]


def accepted(election: Election) -> int:
    """Certify an election by every rule; gives how many there were."""
    made = countable(whole(election))
    for stated, source in made:
        assert faults(stated, source, full=True) == [], stated["rule"]
        assert faults(stated, source, full=False) == [], stated["rule"]
    return len(made)


def test_every_certificate_of_the_worked_election_is_accepted() -> None:
    assert accepted(worked()) == len(rules(BallotKind.APPROVAL))


@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_every_certificate_of_a_random_election_is_accepted(kind: BallotKind, linked: bool) -> None:
    @settings(max_examples=6, deadline=None)
    @given(elections(kind, linked))
    def holds(election: Election) -> None:
        accepted(election)

    holds()


def test_checker_is_short_and_stands_alone() -> None:
    text = CHECKER.read_text("utf-8")
    assert len(text.splitlines()) <= 200
    imported = {
        name
        for node in ast.walk(ast.parse(text))
        for name in (
            [one.name for one in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def test_checker_runs_alone(tmp_path: Path) -> None:
    stated, source = certified(whole(worked()), Rule(Name.MES, Satisfaction.COST))
    (tmp_path / "votes.pb").write_bytes(source)

    def run(text: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "certificate.json").write_text(text, "utf-8")
        return subprocess.run(
            [sys.executable, "-I", CHECKER, "certificate.json", "votes.pb", "--full"],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )

    good = run(certificate_text(stated))
    assert (good.returncode, good.stdout) == (0, "It holds.\n")
    stated["final"]["rounds"][1]["rate"] = "1/3"
    bad = run(certificate_text(sealed(stated)))
    assert bad.returncode == 1
    assert bad.stderr == 'final rounds 2 rate: says "1/3", counted "1/2"\n'


@pytest.mark.slow
def test_a_thousand_changed_certificates_are_refused() -> None:
    draw = random.Random(20260401)
    made = countable(whole(worked()))
    believed = []
    for turn in range(1000):
        stated, source = made[turn % len(made)]
        changed, path = spoiled(stated, draw)
        assert changed != stated
        if not faults(changed, source, full=bool(turn % 2)):
            believed.append(path)
    assert believed == []


@pytest.mark.slow
def test_a_thousand_forged_certificates_with_a_fitting_seal_are_refused() -> None:
    """Only the engine's name and rule fields that change nothing are bound by the seal alone."""
    draw = random.Random(7)
    made = countable(whole(worked()))
    believed, tried = [], 0
    while tried < 1000:
        stated, source = made[tried % len(made)]
        changed, path = spoiled(stated, draw)
        if path[0] in ("engine", "rule", "seal"):
            continue
        tried += 1
        if not faults(sealed(changed), source, full=True):
            believed.append(path)
    assert believed == []


def test_the_wrong_round_is_named() -> None:
    stated, source = certified(whole(worked()), Rule(Name.MES, Satisfaction.CARDINALITY))
    stated["final"]["rounds"][0]["payers"][0][2] = "1"
    assert faults(sealed(stated), source)[0].startswith("final rounds 1 payers 1 3: ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("budget;5000000", "budget;5000001"),
        ("A;2000000", "A;2000001"),
        (";A,B,C", ";A,B"),
        ("C;800000", "C;800001"),
    ],
)
def test_a_changed_input_is_refused(old: str, new: str) -> None:
    stated, source = certified(whole(worked()), Rule(Name.GREEDY))
    assert faults(stated, source) == []
    changed = source.decode().replace(old, new, 1).encode()
    assert changed != source
    assert faults(stated, changed)[0].split(":")[0] in ("budget", "input", "final rounds 1 rate")


@settings(max_examples=30, deadline=None)
@given(elections(), st.randoms(use_true_random=False))
def test_input_hash_does_not_know_the_order_of_ballots(
    election: Election, draw: random.Random
) -> None:
    assert input_hash(shuffled(election, draw)) == input_hash(election)


def test_input_hash_knows_one_ballot_more() -> None:
    _, source = certified(whole(worked()), Rule(Name.GREEDY))
    more = source.rstrip(b"\n") + b"\n999;A\n"
    assert input_hash(read(more)) != input_hash(read(source))


REAL = (
    "Netherlands_Assen_2024.pb",
    "Poland_Swiecie_2023.pb",
    "Poland_Gdansk_2020_Aniolki.pb",
    "US_Stanford_Dataset_Merced_Peoples_Budget_Ballot_2019_vote_rankings.pb",
    "Poland_Warszawa_2026_Blonia_Wilanowskie.pb",
)


@pytest.mark.parametrize("name", REAL)
def test_certificates_of_real_elections_are_accepted(name: str, shared_data: Path) -> None:
    path = shared_data / "pabulib" / "files" / name
    packed = path.with_name(name + ".gz")
    source = path.read_bytes() if path.exists() else gzip.decompress(packed.read_bytes())
    election = read(source)
    for rule in plain_rules(election):
        stated = certificate(election, tally(election, rule))
        assert faults(stated, source) == [], rule
