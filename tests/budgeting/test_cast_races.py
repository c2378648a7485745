"""Many casts at one moment: one person, one ballot; a cast against the close; the late one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from dure.budgeting.models import MoneyBallot
from dure.budgeting.queries import ballots
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from tests.budgeting.calls import NOW, projects, resident, voting
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district

pytestmark = pytest.mark.usefixtures("commits")
CASTS = 200
AT_ONCE = 16


@pytest.fixture(autouse=True)
def _now(commits: str, clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def test_two_hundred_casts_of_one_person_make_one_ballot() -> None:
    voter = resident()
    here = voting()
    codes = [one.code for one in projects(here)]
    together = Barrier(AT_ONCE)

    def cast(number: int) -> bool:
        try:
            if number < AT_ONCE:
                together.wait(60)
            body = {"call_id": here.id, "items": [codes[number % 2]]}
            return bool(run("budgeting.ballot.cast", body, voter).result.changed)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        changed = list(pool.map(cast, range(CASTS)))
    assert changed.count(False) == 1
    assert ballots.slips_in_urn(here.call.id) == 1
    assert [(row.online, row.paper) for row in ballots.turnout(here.call)] == [(1, 0)]
    here.do("close")
    assert MoneyBallot.rows.filter(call=here.id).count() == 1


def test_a_cast_beside_the_close_is_counted_or_refused() -> None:
    voters = [resident() for _ in range(12)]
    here = voting()
    code = projects(here)[0].code
    together = Barrier(len(voters) + 1)

    def cast(voter: Actor) -> bool:
        try:
            together.wait(60)
            run("budgeting.ballot.cast", {"call_id": here.id, "items": [code]}, voter)
        except Refusal as refusal:
            return refusal.name != "budgeting.vote_not_open"
        else:
            return True
        finally:
            connections.close_all()

    def close() -> None:
        try:
            together.wait(60)
            here.do("close")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(voters) + 1) as pool:
        taken = [pool.submit(cast, voter) for voter in voters]
        pool.submit(close).result(120)
        said_yes = sum(one.result(120) for one in taken)
    assert here.call.state == "counting"
    assert MoneyBallot.rows.filter(call=here.id).count() == said_yes
    assert sum(row.online for row in ballots.turnout(here.call)) == said_yes
    assert ballots.slips_in_urn(here.call.id) == 0
