"""Random walks over every declared process with a real ledger and real commits, two at a time:
whatever people do, the books are at zero, no lane is taken twice, nothing is held at an end, and
events only grow. Each promise has a planted fault that the walk must see.
"""

from __future__ import annotations

import random
import time

import pytest

from dure.config.database import SUPERUSER, Server
from dure.core.actions import run
from dure.core.actors import Actor
from dure.exchange import processes, rows, setwise, spending
from dure.exchange.declaration import Effect
from dure.exchange.effects import EFFECTS, Underway
from dure.exchange.models import Agreement
from tests.exchange import promises
from tests.exchange.clothing_swap import CLOTHING_SWAP
from tests.exchange.neighbours import NOW
from tests.exchange.promises import Watch
from tests.exchange.walking import Town, a_town
from tests.harness.clock import Clock

STEPS, LONG = 400, 100_000
ROUND, LONG_ROUND = 20, 100
TOLD = 5_000


@pytest.fixture
def town(commits: str, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Town:
    """All declared processes, and one that only this test declares."""
    clock.at(NOW)
    key = (CLOTHING_SWAP.key, CLOTHING_SWAP.version)
    monkeypatch.setitem(processes.BY_VERSION, key, CLOTHING_SWAP)
    run("exchange.process.install", {}, Actor.operator())
    return a_town(clock, random.Random(7))


def walk(town: Town, length: int, chance: random.Random) -> list[str]:
    """Walk so far, asking the promises after every round, on a long way after every twentieth;
    gives what was broken first."""
    watch = Watch()
    one, often = (LONG_ROUND, 20) if length >= LONG else (ROUND, 1)
    began = time.monotonic()
    for number in range(1, length // one + 1):
        town.morning(chance)
        town.walk(chance, one)
        if number % often == 0 or number == length // one:
            broken = watch.broken()
            if broken:
                return broken
        if length >= LONG and town.steps % TOLD == 0:
            print(f"{town.steps} steps, {time.monotonic() - began:.0f} s", flush=True)
    return []


def test_random_walk_keeps_every_promise(
    town: Town, clock: Clock, request: pytest.FixtureRequest
) -> None:
    whole = request.config.getoption("--torture")
    assert walk(town, LONG if whole else STEPS, random.Random(7)) == []
    print(town.taken, town.refused)  # what a long way went through
    for _ in range(12):  # time alone ends or hands over every case
        clock.move(days=40)
        town.tick()
    watch = Watch()
    watch.broken()
    assert watch.broken() == []
    known = {key for key, _ in processes.BY_VERSION}
    assert set(town.begun) == known, "every declared process was begun by itself"
    assert sum(town.taken.values()) > town.steps // 10
    assert town.told() > 0, "won were moved"
    left = Agreement.rows.filter(closed_at=None)
    for process, version, state in left.values_list("process", "version", "state").distinct():
        declared = processes.BY_VERSION[(process, version)]
        ways = declared.leaving(declared.state(state))
        assert not any(way.is_timer for way in ways), f"{process}.{state} waits for a timer"
        assert any(role.trusted for way in ways for role in way.by), f"{process}.{state} is stuck"


# --- planted faults: in the rows, behind every guard

PLANTED = {
    "every unit of every book is at zero": (
        "UPDATE ledger_account SET balance = balance + 1 WHERE id = (SELECT min(id) FROM"
        " ledger_account)"
    ),
    "what is held is what the open holds say": (
        "UPDATE ledger_account SET held_out = held_out + 1 WHERE id = (SELECT min(id) FROM"
        " ledger_account WHERE lo < -1)"
    ),
    "no lane is taken twice": (
        "ALTER TABLE exchange_commitment DROP CONSTRAINT commitment_lane_is_taken_once;"
        " INSERT INTO exchange_commitment (id, agreement_id, action, asset_id, lane, qty, unit,"
        " slot, reciprocal, state, version, audit)"
        " SELECT gen_random_uuid(), a.id, 'use', s.id, 0, 1, 'C62',"
        " '[2030-01-01,2030-01-02)', false, 'held', 0, a.audit"
        " FROM (SELECT * FROM exchange_agreement WHERE closed_at IS NULL LIMIT 1) a,"
        " (SELECT id FROM exchange_asset LIMIT 1) s, generate_series(1, 2)"
    ),
    "what is reserved is what is promised": (
        "UPDATE exchange_asset SET stock = stock + 1, reserved = reserved + 1"
        " WHERE id = (SELECT id FROM exchange_asset LIMIT 1)"
    ),
    "no ended case promises anything": (
        "UPDATE exchange_commitment SET state = 'held', slot = '[2031-01-01,2031-01-02)'"
        " WHERE id = (SELECT c.id FROM exchange_commitment c JOIN exchange_agreement a"
        " ON a.id = c.agreement_id WHERE a.closed_at IS NOT NULL AND c.slot IS NOT NULL LIMIT 1)"
    ),
    "no ended case holds value": (
        "UPDATE ledger_transfer SET grp = (SELECT id FROM exchange_agreement WHERE closed_at"
        " IS NOT NULL LIMIT 1) WHERE id = (SELECT h.id FROM ledger_transfer h WHERE h.kind = 1"
        " AND NOT EXISTS (SELECT FROM ledger_transfer e WHERE e.ref = h.id) LIMIT 1)"
    ),
    "what was given away has left, to one new owner": (
        "UPDATE exchange_agreement SET process = 'give_away', version = 1, state = 'closed',"
        " asset_id = (SELECT id FROM exchange_asset WHERE retired_at IS NULL LIMIT 1)"
        " WHERE id = (SELECT id FROM exchange_agreement WHERE closed_at IS NOT NULL LIMIT 1)"
    ),
    "no ended case waits for time": (
        "INSERT INTO exchange_timer (agreement_id, transition, due_at, audit)"
        " SELECT id, 'planted', now(), audit FROM exchange_agreement"
        " WHERE closed_at IS NOT NULL LIMIT 1"
    ),
    "spending told is what the ledger moved": (
        "UPDATE ledger_transfer SET amount = amount + 1 WHERE id = (SELECT t.id"
        " FROM ledger_transfer t JOIN exchange_agreement a ON a.id = t.grp"
        " JOIN ledger_unit u ON u.id = t.unit WHERE t.kind = 2 AND u.code = 'KRW' LIMIT 1)"
    ),
    promises.EVENTS: (
        "UPDATE journal_event SET qty = qty + 1 WHERE seq = (SELECT min(seq) FROM journal_event)"
    ),
}


HELD = (
    "SELECT count(*) FROM ledger_transfer h WHERE h.kind = 1"
    " AND NOT EXISTS (SELECT FROM ledger_transfer e WHERE e.ref = h.id)"
)


def test_every_promise_has_a_planted_fault_that_is_seen(
    town: Town, commits: str, server: Server
) -> None:
    assert set(PLANTED) == {*promises.PROMISES, promises.EVENTS}
    chance = random.Random(3)
    assert walk(town, STEPS, chance) == []
    for _ in range(20):  # to where some value is held, as a fault is planted there
        if promises.here(HELD)[0]:
            break
        assert walk(town, ROUND, chance) == []
    with server.connect(SUPERUSER, commits) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.commit()
        for name, text in PLANTED.items():
            watch = Watch(lambda query, *places: admin.execute(query, places).fetchone())  # type: ignore[arg-type,return-value]  # texts of the tests
            with admin.transaction(force_rollback=True):
                assert watch.broken() == []
                admin.execute(text)  # type: ignore[arg-type]  # a text of this module
                assert watch.broken() == [name]


# --- planted faults: in the code


def nothing(step: Underway, what: Effect) -> None:
    """An effect that forgets what it is for."""


@pytest.mark.parametrize(
    ("effect", "seen"),
    [
        ("release_slot", "no ended case promises anything"),
        ("void_value", "no ended case holds value"),
    ],
)
def test_walk_sees_an_effect_that_forgets(
    town: Town, monkeypatch: pytest.MonkeyPatch, effect: str, seen: str
) -> None:
    monkeypatch.setitem(EFFECTS, effect, nothing)
    assert walk(town, 5 * STEPS, random.Random(7)) == [seen]


def test_walk_sees_won_that_nobody_tells(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spending, "state", lambda *_: 0)
    assert walk(town, 5 * STEPS, random.Random(7)) == ["spending told is what the ledger moved"]


def test_walk_sees_stock_that_is_promised_and_not_reserved(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for port in (rows.Rows, setwise.Together):
        monkeypatch.setattr(port, "stock", lambda *_: True)
    assert walk(town, 5 * STEPS, random.Random(7)) == ["what is reserved is what is promised"]
