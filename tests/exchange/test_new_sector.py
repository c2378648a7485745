"""A new sector takes one file: no table, no migration, no action."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.exchange import processes
from dure.exchange.checker import LabelFact, check
from dure.exchange.models import Agreement, ProcessState
from dure.journal.definitions import declared
from tests.exchange.cases import events_of, sums
from tests.exchange.clothing_swap import CLOTHING_SWAP
from tests.exchange.neighbours import NOW, answers, at, hold, library, step, tick
from tests.harness.clock import Clock
from tests.harness.given import given

pytestmark = pytest.mark.django_db
LABELS = {label.code: LabelFact(label.sector, label.evidence_floor) for label in declared()}


@pytest.fixture
def declared_here(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is put among the others, and the states installed as after every start."""
    clock.at(NOW)
    key = (CLOTHING_SWAP.key, CLOTHING_SWAP.version)
    monkeypatch.setitem(processes.BY_VERSION, key, CLOTHING_SWAP)
    result = run("exchange.process.install", {}, Actor.operator()).result
    assert result.new == len(list(CLOTHING_SWAP.states))


def test_sixth_process_passes_the_checker_and_runs(declared_here: None, clock: Clock) -> None:
    assert check(CLOTHING_SWAP, LABELS) == ()
    here = library()
    anna = here.neighbour()
    coat = here.thing(title="겨울 외투", terms=(), kind="other")
    case = hold(
        anna,
        coat,
        "10T10:00",
        "10T18:00",
        process="clothing_swap",
        start="want",
        terms=answers(pieces=2),
    )
    assert step(here.keeper, case, "keep") == "kept"
    assert step(here.keeper, case, "swap") == "kept"
    assert step(anna, case, "swap") == "swapped"
    assert sums() == {"reuse.handover": 2}
    assert events_of(case)[0].evidence == "B"
    other = hold(
        anna,
        coat,
        "11T10:00",
        "11T18:00",
        process="clothing_swap",
        start="want",
        terms=answers(pieces=1),
    )
    clock.at(at("13T10:00"))
    assert tick() == (1, 0)
    assert Agreement.rows.get(id=other).state == "gone"


def test_installing_twice_writes_nothing(declared_here: None) -> None:
    before = ProcessState.rows.count()
    assert run("exchange.process.install", {}, Actor.operator()).result.new == 0
    assert ProcessState.rows.count() == before


@pytest.mark.parametrize(
    ("field", "wrong"),
    [("state", "nonsense"), ("state", "settled"), ("version", 7), ("process", "unheard")],
)
def test_state_of_no_version_cannot_be_stored(
    declared_here: None, field: str, wrong: object
) -> None:
    here = library()
    case = hold(here.neighbour(), here.thing(terms=()), "10T10:00", "10T11:00")
    with pytest.raises(IntegrityError), transaction.atomic(), given() as audit:
        Agreement.rows.filter(id=case).update(**{field: wrong, "audit": audit})


def test_case_is_closed_only_where_its_version_ends(declared_here: None, clock: Clock) -> None:
    here = library()
    case = hold(here.neighbour(), here.thing(terms=()), "10T10:00", "10T11:00")
    with pytest.raises(IntegrityError), transaction.atomic(), given() as audit:
        Agreement.rows.filter(id=case).update(closed_at=clock.move(minutes=1), audit=audit)


def test_new_cases_begin_under_version_2_and_old_ones_end_under_version_1(
    declared_here: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = library()
    anna = here.neighbour()
    coat = here.thing(title="겨울 외투", terms=(), kind="other", lanes=2)
    want = {"process": "clothing_swap", "start": "want", "terms": answers(pieces=2)}
    old = hold(anna, coat, "10T10:00", "10T18:00", **want)
    # version 2 has no hanging up: who wants a piece swaps it at once
    kept = tuple(one for one in CLOTHING_SWAP.transitions if one.name not in ("keep", "let_go"))
    second = replace(CLOTHING_SWAP, version=2, transitions=kept)
    monkeypatch.setitem(processes.BY_VERSION, (second.key, 2), second)
    run("exchange.process.install", {}, Actor.operator())
    assert processes.newest("clothing_swap") is second
    new = hold(anna, coat, "11T10:00", "11T18:00", **want)
    assert [Agreement.rows.get(id=case).version for case in (old, new)] == [1, 2]
    assert step(here.keeper, old, "keep") == "kept"
    with pytest.raises(Refusal):
        step(here.keeper, new, "keep")
    assert step(here.keeper, old, "swap") == "kept"
    assert step(anna, old, "swap") == "swapped"
