"""A full dump of a vote of 10,000 links nobody to a ballot better than chance.

The attacker is a superuser of the database: every row of every table with its place on disk and
its transaction id, the audit lines with person and time. She lacks the key of the call, which is a
file outside the database. Each voter's choice is one of its own, so that the test knows the truth.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import combinations, islice
from uuid import UUID, uuid4

import psycopg
import pytest

from dure.budgeting import credentials
from dure.core.actions import run
from dure.core.actors import Actor
from tests.budgeting.calls import NOW, projects, rolled, with_projects
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district

pytestmark = pytest.mark.slow

VOTERS = 10_000
AT_MOST = 4  # 1/n + 3σ of a random matching of n ballots: mean 1, σ 1
Truth = dict[UUID, tuple[str, ...]]
SLIPS = "SELECT items FROM urn.slip ORDER BY "
BALLOTS = "SELECT items FROM budgeting_moneyballot ORDER BY "
PEOPLE = {
    "marks by place": "SELECT person FROM marks.mark ORDER BY ctid",
    "marks by transaction": "SELECT person FROM marks.mark ORDER BY xmin::text::bigint",
    "audit lines": "SELECT actor FROM core_auditline WHERE action = 'budgeting.ballot.cast'"
    " ORDER BY seq",
}


def matches(truth: Truth, people: Sequence[UUID], choices: Sequence[Sequence[str]]) -> int:
    """How many people stand beside their own choice when both lists are laid side by side."""
    pairs = zip(people, choices, strict=True)
    return sum(truth[person] == tuple(choice) for person, choice in pairs)


def attacks(admin: psycopg.Connection, truth: Truth, slips: str, orders: Sequence[str]) -> int:
    """The best of laying every order of the people beside every order of the choices."""
    best = 0
    for people in PEOPLE.values():
        voters = [person for (person,) in admin.execute(people).fetchall()]
        for order in orders:
            found = [items for (items,) in admin.execute(slips + order).fetchall()]
            best = max(best, matches(truth, voters, found))
    return best


def same_transaction(admin: psycopg.Connection, truth: Truth) -> int:
    """People whose mark and slip were written by one transaction of their own."""
    rows = admin.execute(
        "SELECT m.person, (array_agg(s.items))[1:1] FROM marks.mark m"
        " JOIN urn.slip s ON s.xmin = m.xmin GROUP BY m.person HAVING count(*) = 1"
    ).fetchall()
    return sum(truth[person] == tuple(items[0]) for person, items in rows)


def test_a_full_dump_links_nobody(
    commits: str, clock: Clock, database_as: Callable[..., psycopg.Connection]
) -> None:
    clock.at(NOW)
    district(MAPO)
    here = with_projects(*([1_000_000] * 20))
    codes = sorted(one.code for one in projects(here))
    people = [uuid4() for _ in range(VOTERS)]
    rolled(here, people)
    here.do("freeze")
    here.do("vote")
    choices = list(islice(combinations(codes, 5), VOTERS))
    random.Random(7).shuffle(choices)
    truth = dict(zip(people, choices, strict=True))
    for person, choice in truth.items():
        body = {"call_id": here.id, "items": list(choice)}
        run("budgeting.ballot.cast", body, Actor.person(person, origin="test"))
    admin = database_as("postgres", commits)

    # The control: as the slips were cast, whoever holds the dump knows everything.
    assert attacks(admin, truth, SLIPS, ["ctid"]) == VOTERS
    assert same_transaction(admin, truth) == VOTERS
    # So does, while the vote is open, whoever has the key beside the dump.
    person = people[0]
    slip = admin.execute(
        "SELECT items FROM urn.slip WHERE credential = %s",
        (credentials.credential(here.call.id, person),),
    ).fetchone()
    assert slip is not None
    assert tuple(slip[0]) == truth[person]

    orders = ["ctid", "xmin::text::bigint, ctid", "credential"]
    for _ in range(3):  # chance alone passes the bound once in 270 orders
        run("budgeting.urn.shake", {}, Actor.operator())
        found = max(attacks(admin, truth, SLIPS, orders), same_transaction(admin, truth))
        if found <= AT_MOST:
            break
    assert found <= AT_MOST

    here.do("close")
    assert here.call.id not in credentials.keyed()
    assert admin.execute("SELECT count(*) FROM urn.slip").fetchone() == (0,)
    counted = admin.execute("SELECT count(*), count(DISTINCT items) FROM budgeting_moneyballot")
    assert counted.fetchone() == (VOTERS, VOTERS)
    left = attacks(admin, truth, BALLOTS, ["id", "ctid", "xmin::text::bigint, id"])
    assert left <= 2 * AT_MOST
