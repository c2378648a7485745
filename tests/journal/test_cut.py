"""A cut under writers: nothing slips in below a sealed position, and it reads twice the same."""

from __future__ import annotations

import threading

from django.db import connection, transaction

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.journal import queries
from dure.journal.actions.seals import GENESIS
from dure.journal.models import Event, Seal
from tests.journal.stating import note, row

WRITERS, EACH = 8, 12


def write(number: int, failures: list[BaseException]) -> None:
    try:
        for turn in range(EACH):
            with transaction.atomic():
                note(row(f"exchange.agreement:{number}-{turn}:attempt"))
    except BaseException as failure:
        failures.append(failure)
        raise
    finally:
        connection.close()


def seal() -> None:
    try:
        run("journal.seal", {}, Actor.operator())
    except Refusal as refusal:
        if refusal.name != "journal.nothing_to_seal":
            raise


def test_every_event_is_in_exactly_one_seal_under_eight_writers(commits: str) -> None:
    failures: list[BaseException] = []
    writers = [threading.Thread(target=write, args=(n, failures)) for n in range(WRITERS)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        seal()
    for writer in writers:
        writer.join()
    seal()
    assert failures == []
    seals = list(Seal.rows.order_by("seq_to"))
    assert Event.rows.count() == sum(one.row_count for one in seals) == WRITERS * EACH
    head = GENESIS
    for one in seals:
        assert one.previous == head
        again = queries.chain(head, one.seq_from, one.seq_to)
        assert (again.head, again.row_count) == (one.head, one.row_count)
        head = one.head


def test_changed_row_breaks_the_chain(commits: str, database_as: object) -> None:
    with transaction.atomic():
        note(row("exchange.agreement:1:attempt"), row("exchange.agreement:2:attempt"))
    seal()
    sealed = Seal.rows.get()
    with database_as("dure_owner", commits) as owner:  # type: ignore[operator]  # harness fixture
        owner.execute("ALTER TABLE journal_event DISABLE TRIGGER USER")
        owner.execute("UPDATE journal_event SET qty = 2 WHERE source LIKE '%:1:%'")
        owner.execute("ALTER TABLE journal_event ENABLE TRIGGER USER")
    again = queries.chain(GENESIS, sealed.seq_from, sealed.seq_to)
    assert again.head != sealed.head
