"""Two at once: whoever changes a part of a call waits for whoever freezes it, then is refused."""

from __future__ import annotations

import threading

from django.db import DatabaseError, connection, transaction

from dure.budgeting.models import Project
from dure.core.errors import Refusal
from tests.budgeting.calls import NOW, begun, projects, resident, rolled, sent, with_projects
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import MAPO, district


def test_a_cost_changed_while_the_call_freezes_is_refused(commits: str, clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)
    here = with_projects(10_000_000)
    rolled(here)
    project = projects(here)[0]
    told: list[str] = []

    def change() -> None:
        try:
            with given(), connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE budgeting_project SET cost_won = 1 WHERE id = %s", [project.pk]
                )
            told.append("done")
        except DatabaseError as error:
            told.append(str(error).splitlines()[0])
        finally:
            connection.close()

    other = threading.Thread(target=change)
    with transaction.atomic(), given(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE budgeting_call SET state = 'void', void_reason = '시험' WHERE id = %s",
            [here.id],
        )
        other.start()
        waiting = 0
        for _ in range(2_000):
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()"
            )
            (waiting,) = cursor.fetchone()
            if waiting:
                break
        assert waiting == 1, "the change waits for the freeze"
    other.join()
    assert told == ["dure.call_is_frozen"]
    assert Project.rows.get(pk=project.pk).cost_won == 10_000_000


def test_numbers_of_proposals_sent_at_once_are_all_different(commits: str, clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)
    here = begun()
    here.do("open")
    people = [resident() for _ in range(6)]
    gate = threading.Barrier(len(people))
    refused: list[str] = []

    def one(number: int) -> None:
        gate.wait()
        try:
            sent(here, people[number])
        except Refusal as refusal:
            refused.append(refusal.name)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    numbers = sorted(here.call.proposals.values_list("number", flat=True))
    assert numbers == [1, 2, 3, 4, 5, 6]
