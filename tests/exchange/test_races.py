"""Two at once: one step is taken, one file comes in once, one source is written once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import connection, transaction

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.exchange.actions import match_runs
from dure.exchange.models import Agreement, Match, Party
from dure.journal.models import Event
from tests.exchange.cases import NOW, cafe, sums
from tests.exchange.neighbours import bank
from tests.exchange.test_matching_runs import match, pair
from tests.harness.clock import Clock
from tests.harness.people import MAPO, membership, person, person_with
from tests.journal.stating import note, row

RACERS = 6
FILE = (
    b"id,data_provider,country,product_category_id,repair_status,event_date\n"
    b"rc_7,Cafe,KOR,16,Fixed,2025-06-07\n"
)


def race(act: Callable[[int], object]) -> tuple[list[object], list[str]]:
    """Run `act` in threads that start together; what they gave, and the refusals' codes."""
    gate = threading.Barrier(RACERS)
    given: list[object] = []
    refused: list[str] = []

    def one(number: int) -> None:
        gate.wait()
        try:
            given.append(act(number))
        except Refusal as refusal:
            refused.append(refusal.name)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(given) + len(refused) == RACERS, "a racer crashed"
    return given, refused


def test_one_item_is_taken_on_by_one_fixer(commits: str, clock: Clock) -> None:
    clock.at(NOW)
    here = cafe()
    owner = here.stranger
    item = str(run("exchange.agreement.open", {"pool_id": here.pool_id}, owner).result.id)
    step = {"agreement_id": item, "transition": "triage", "state": "submitted"}
    run("exchange.agreement.step", step, here.keeper)
    fixers = [here.member]
    for _ in range(RACERS - 1):
        made = person()
        membership(made.id, here.host)
        fixers.append(Actor.person(made.id))
    claim = {"agreement_id": item, "transition": "claim", "state": "queued"}
    given, refused = race(lambda n: run("exchange.agreement.step", claim, fixers[n]))
    assert (len(given), set(refused)) == (1, {"exchange.stale_state"})
    assert Party.rows.filter(role="fixer").count() == 1
    assert Agreement.rows.get().state == "assigned"


def test_same_file_at_once_comes_in_once(commits: str) -> None:
    body = {"content": FILE, "district": MAPO}
    given, refused = race(lambda n: run("exchange.repair.import", body, Actor.operator()).result)
    assert refused == []
    assert sorted(result.new for result in given) == [0] * (RACERS - 1) + [1]  # type: ignore[attr-defined]  # Imported
    assert sums() == {"repair.attempt": 1, "repair.fixed": 1}


def test_same_source_at_once_is_one_event(commits: str, clock: Clock) -> None:
    clock.at(NOW)

    def state(number: int) -> int:
        with transaction.atomic():
            return note(row())

    given, refused = race(state)
    assert sum(int(str(count)) for count in given) == 1
    assert set(refused) <= {"core.busy"}
    assert Event.rows.count() == 1


def test_two_runs_of_matching_at_once_suggest_a_pair_once(
    commits: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.at(NOW)
    keeper = person_with(Role.STAFF, district=MAPO)
    pair(bank())
    gate, before = threading.Barrier(2), match_runs._before

    def looked(district: str) -> match_runs._Before:
        found = before(district)
        with suppress(threading.BrokenBarrierError):
            gate.wait(timeout=1)
        return found

    def go() -> None:
        try:
            match(keeper)
        finally:
            connection.close()

    monkeypatch.setattr(match_runs, "_before", looked)
    runs = [threading.Thread(target=go) for _ in range(2)]
    for one in runs:
        one.start()
    for one in runs:
        one.join()
    assert Match.rows.filter(state="proposed").count() == 1
