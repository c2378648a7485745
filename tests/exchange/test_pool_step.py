"""The step of many is the step of one, many times: every row alike, every refusal alike."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.exchange.declaration import Process, Transition
from dure.exchange.models import Agreement
from dure.exchange.setwise import Together
from dure.exchange.together import is_of_own_case
from tests.exchange.neighbours import NOW, answers
from tests.exchange.pool_snapshot import Snapshot, snapshot
from tests.exchange.pool_world import POOL, World, a_process, a_world, install
from tests.harness.clock import Clock
from tests.harness.matrix import undone

pytestmark = pytest.mark.django_db
SEEDS, LONG = 8, 200
Refused = dict[str, str]


def given_to(transition: Transition) -> tuple[dict[str, str], ...]:
    return answers(pieces=3) if transition.asks is not None else ()


def one_by_one(world: World, process: Process, transition: Transition, actor: Actor) -> Refused:
    """Every case that stands there by the single step, ids rising; who was refused, in words."""
    assert transition.source is not None
    standing = Agreement.rows.filter(process=process.key, state=transition.source.key)
    refused: Refused = {}
    for case in standing.order_by("pk"):
        body = {
            "agreement_id": str(case.id),
            "transition": transition.name,
            "state": case.state,
            "answers": given_to(transition),
        }
        try:
            run("exchange.agreement.step", body, actor)
        except Refusal as refusal:
            refused[str(case.id)] = refusal.sentence("ko")
    return refused


def by_time(world: World, process: Process, transition: Transition, actor: Actor) -> Refused:
    """Those whose timer is due, by the tick of every minute."""
    for _ in range(20):
        run("exchange.agreement.tick", {}, Actor.timer("exchange.agreement.tick"))
    return {}


def at_once(world: World, process: Process, transition: Transition, actor: Actor) -> Refused:
    """The same by the step of the pool."""
    body = {
        "pool_id": str(world.cycle.id),
        "transition": transition.name,
        "answers": given_to(transition),
    }
    result = run("exchange.pool.step", body, actor).result
    return {one.agreement_id: one.ko for one in result.left_out}


Way = Callable[[World, Process, Transition, Actor], Refused]


def left_by(way: Way, *where: Any) -> tuple[Snapshot, Refused]:  # Any: as the way takes it
    with undone():
        refused = way(*where)
        return snapshot(), refused


def differences(one: Snapshot, other: Snapshot) -> dict[str, object]:
    """The rows that stand in one snapshot only, by table."""
    return {
        name: (list((rows - other[name]).items())[:3], list((other[name] - rows).items())[:3])
        for name, rows in one.items()
        if rows != other[name]
    }


def compare_along(world: World, process: Process, clock: Clock) -> tuple[int, int]:
    """Take a pool through a whole process, both ways at each step; how many cases moved and how
    many were refused."""
    moved = refused = 0
    for transition in process.transitions[1:]:
        assert transition.source is not None
        if transition.is_timer:
            clock.move(days=6)
        actor = Actor.operator() if POOL in transition.by else world.keeper
        single: Way = by_time if transition.is_timer else one_by_one
        actor = Actor.timer("exchange.pool.slice") if transition.is_timer else actor
        where = (world, process, transition, actor)
        alone, refused_alone = left_by(single, *where)
        together, refused_together = left_by(at_once, *where)
        if transition.is_timer:
            alone.pop("timers"), together.pop("timers")  # a stuck one is put off by the tick
        assert differences(alone, together) == {}, transition.name
        if not transition.is_timer:
            assert refused_alone == refused_together
        before = Agreement.rows.filter(state=transition.source.key).count()
        at_once(*where)
        after = Agreement.rows.filter(state=transition.source.key).count()
        moved += before - after
        refused += after
    return moved, refused


@pytest.mark.parametrize("slots", [False, True])
def test_many_move_as_each_would_alone(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, slots: bool
) -> None:
    long = request.config.getoption("--torture")
    moved = refused = 0
    for seed in range(LONG if long else SEEDS):
        with undone():
            clock.at(NOW)
            chance = random.Random(seed)
            process = a_process(chance, f"random_{seed}", slots=slots)
            install(process, monkeypatch)
            world = a_world(chance, process, 9)
            found = compare_along(world, process, clock)
            moved, refused = moved + found[0], refused + found[1]
    assert moved > 30, (moved, refused)
    assert refused > 10, (moved, refused)


def _stock_of_its_own(port: Together, asset: UUID, reserved: int, used: int = 0) -> bool:
    port.written.stocks, kept = {}, port.written.stocks
    try:
        return SOUND_STOCK(port, asset, reserved, used)
    finally:
        port.written.stocks = kept


SOUND_STOCK = Together.stock


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        ("stock", _stock_of_its_own),  # does not see what the cases before it took
        ("gather", lambda port, movements: None),  # nor what they spent
        ("tell", lambda port, people, code, places: None),
        ("enter", lambda port, agreement, timers: port._now.entered.append((agreement, ()))),
    ],
)
def test_planted_fault_is_seen(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, name: str, fault: object
) -> None:
    monkeypatch.setattr(Together, name, fault)
    seen = False
    for seed in range(5 * SEEDS):
        with undone():
            clock.at(NOW)
            chance = random.Random(seed)
            process = a_process(chance, f"random_{seed}")
            install(process, monkeypatch)
            world = a_world(chance, process, 9)
            try:
                compare_along(world, process, clock)
            except (AssertionError, IntegrityError):
                seen = True
        if seen:
            return
    raise AssertionError("nobody saw it")


def test_random_processes_go_both_ways() -> None:
    chance = random.Random(3)
    by_set = a_process(chance, "by_set")
    by_case = a_process(chance, "by_case", slots=True)
    steps = [t for t in by_set.transitions if t.source is not None]
    assert all(is_of_own_case(by_set, t) for t in steps)
    assert not is_of_own_case(by_case, by_case.transitions[1])
