"""SIGKILL in the middle of a step of 400 cases: all moved, or none; the same key goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

from dure.config.database import SUPERUSER
from tests.crash.conftest import ROOT, Installation

CASES = 400
ENDINGS = ("database", "process")
GIVEN = """
import json
from datetime import timedelta
from uuid import uuid4
from dure.core import clock
from dure.core.actors import Role
from dure.exchange.models import Agreement, Asset, Claim, Party, Pool, Spec
from tests.harness.given import given
from tests.harness.people import organisation, person_with
host = organisation("나눔터")
keeper = person_with(Role.STAFF, organisation=host)
now = clock.now()
with given() as audit:
    place = {"organisation": host, "district_id": host.district_id, "created_at": now,
             "audit": audit}
    pool = {"kind": "order_cycle", "opens": now - timedelta(days=2), "state": "awarded",
            "closes": now - timedelta(hours=1), "pickup": now + timedelta(days=1),
            "terms": {"pays": "gift"}, **place}
    cycle = Pool.rows.create(title="회차", **pool)
    stock = Asset.rows.create(kind="stock", title="감자", audience="public", stock=10**6, **place)
    product = Pool.rows.create(title="감자", parent=cycle, asset=stock, unit="GRM",
                               spec=Spec.rows.first(), **pool)
    cases = [Agreement(process="food_order", version=1, state="ordered", organisation=host,
                       district_id=host.district_id, case_id=uuid4(), pool=cycle,
                       terms={"lines": []}, opened_at=now, entered_at=now, audit=audit)
             for _ in range(%d)]
    Agreement.rows.bulk_create(cases)
    people = [person_with(Role.RESIDENT).id for _ in range(3)]
    Party.rows.bulk_create([Party(agreement=one, role="buyer", person=people[n %% 3], audit=audit)
                            for n, one in enumerate(cases)])
    Claim.rows.bulk_create([Claim(pool=product, agreement=one, person=people[n %% 3], asked=500,
                                  firm=500, awarded=500, made_at=now, audit=audit)
                            for n, one in enumerate(cases)])
print(cycle.id, keeper.id)
"""
STEP = """
import json, sys
from dure.core.actions import run
from dure.core.actors import Actor
body = {"pool_id": %r, "transition": "award"}
print(run("exchange.pool.step", body, Actor.operator(), key=%r).result.moved)
"""
LEFT = """
SELECT count(*) FILTER (WHERE state = 'ordered'), count(*) FILTER (WHERE state = 'allocated'),
    (SELECT count(*) FROM exchange_commitment c JOIN exchange_agreement g ON g.id = c.agreement_id
        WHERE g.pool_id = a.pool_id),
    (SELECT sum(s.reserved) FROM exchange_asset s JOIN exchange_pool p ON p.asset_id = s.id
        WHERE p.parent_id = a.pool_id),
    (SELECT count(*) FROM core_auditline WHERE action = 'exchange.pool.step' AND outcome = 'done'
        AND key = %s)
FROM exchange_agreement a WHERE pool_id = %s GROUP BY a.pool_id
"""


def begin(installation: Installation, pool: str, key: str) -> subprocess.Popen[str]:
    head = "import django; django.setup()\n"
    return subprocess.Popen(
        [sys.executable, "-c", head + STEP % (pool, key)],
        env={**installation.env, "DURE_QUIET": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def wait_until_writing(installation: Installation, process: subprocess.Popen[str]) -> None:
    """Wait until the step's own transaction writes rows that nobody sees yet."""
    with installation.server.connect(SUPERUSER) as admin:
        while process.poll() is None:
            seen = admin.execute(
                "SELECT FROM pg_locks WHERE relation = 'exchange_commitment'::regclass"
                " AND mode = 'RowExclusiveLock'"
            ).fetchone()
            if seen is not None:
                return
            time.sleep(0.001)
    raise AssertionError(f"the step ended before it could be killed: {process.communicate()}")


def test_a_killed_step_moves_all_or_nothing(installation: Installation) -> None:
    pool, _ = installation.python(GIVEN % CASES).split()
    whole = installation.python(WHOLE_NOW)
    key = "pool-step-crash"
    for ending in ENDINGS:
        process = begin(installation, pool, key)
        wait_until_writing(installation, process)
        if ending == "database":
            installation.kill("database")
        else:
            os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        installation.wait()
        assert installation.ask(LEFT, key, pool) == [(CASES, 0, 0, 0, 0)], ending
    for _ in range(2):  # again with the same key: the first answer
        process = begin(installation, pool, key)
        said, problems = process.communicate()
        assert (process.returncode, said.strip()) == (0, str(CASES)), problems
        assert installation.ask(LEFT, key, pool) == [(0, CASES, CASES, CASES * 500, 1)]
    faults, orphans = json.loads(installation.python(WHOLE_NOW))
    assert faults == []
    before = json.loads(whole)[1]  # rows of the setup have no line; those that moved got one now
    moved = {"exchange_agreement": CASES, "exchange_asset": 1}
    assert {k: n for k, n in before.items() if k not in moved} == orphans
    installation.keep_whole()


WHOLE_NOW = """
import json
from dure.core import sealing
faults = [[f.kind, f.place] for f in sealing.verify().faults]
print(json.dumps([faults, sealing.rows_without_line()]))
"""
