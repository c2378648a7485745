"""All operations by all roads against the oracle; and every guard, taken out, is missed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from dure.config.database import SUPERUSER, Server
from tests.harness.people import organisation
from tests.harness.torture import size
from tests.ledger.machine import LedgerMachine, Place
from tests.ledger.mutants import MUTANTS, Mutant

EXAMPLES = 40
EXAMPLES_TORTURE = 1_500
STEPS = 12
EXAMPLES_MUTANT = 150


def search(examples: int, *, shrink: bool = True) -> None:
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            phases=phases,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def place(commits: str, server: Server) -> Iterator[Place]:
    with (
        server.connect("dure_app", commits) as raw,
        server.connect(SUPERUSER, commits) as seeing,
    ):
        LedgerMachine.place = Place(raw, seeing, organisation().pk)
        yield LedgerMachine.place


def test_all_operations_agree_with_the_oracle(place: Place, request: pytest.FixtureRequest) -> None:
    examples = size(request.config, EXAMPLES, EXAMPLES_TORTURE)
    search(examples)
    assert place.operations > examples * STEPS
    assert place.operations // 6 < place.refusals < place.operations * 5 // 6


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name.replace(" ", "-"))
def test_a_planted_fault_is_found(place: Place, mutant: Mutant) -> None:
    mutant.plant(place.seeing)
    with pytest.raises(AssertionError):
        search(EXAMPLES_MUTANT, shrink=False)
