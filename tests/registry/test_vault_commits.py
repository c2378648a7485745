"""The vault under real commits: what opens when, and what the second wall shows."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, connections, transaction

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.registry import vault
from dure.registry.vault import crypto
from tests.harness import people

STAFF = Actor.person(UUID(int=7), origin="test")
WHY = "창구에서 본인이 부탁함"


def kept(name: str = "홍길동", **cells: str) -> UUID:
    """A person of the vault with a name."""
    subject = uuid4()
    vault.store(vault.Entry(subject, {"name": name, **cells}), actor=STAFF, purpose="account")
    return subject


def test_no_log_row_no_read(commits: str, database_as: Callable[..., psycopg.Connection]) -> None:
    subject = kept()
    with database_as("dure_vault") as owner:
        owner.execute("REVOKE INSERT ON vault.access_log FROM dure_vault")
    with pytest.raises(DatabaseError, match="access_log"):
        vault.read(subject, ["name"], actor=STAFF, purpose="counter_service", reason=WHY)
    with pytest.raises(DatabaseError, match="access_log"):
        vault.masked_names([subject], actor=STAFF, purpose="list_page")


def test_access_log_is_append_only_even_for_its_owner(
    commits: str, database_as: Callable[..., psycopg.Connection]
) -> None:
    kept()
    owner = database_as("dure_vault")
    owner.autocommit = True
    for statement in ("UPDATE vault.access_log SET reason = NULL", "DELETE FROM vault.access_log"):
        with pytest.raises(psycopg.errors.RaiseException, match=r"dure\.append_only"):
            owner.execute(statement)


def test_rows_show_nothing_without_a_context(
    commits: str, database_as: Callable[..., psycopg.Connection]
) -> None:
    kept()
    owner = database_as("dure_vault")
    assert owner.execute("SELECT count(*) FROM vault.cell").fetchone() == (0,)
    assert owner.execute("SELECT count(*) FROM vault.access_log").fetchone() == (0,)
    with owner.transaction():
        owner.execute("SELECT set_config('vault.bulk', 'on', true)")
        assert owner.execute("SELECT count(*) FROM vault.cell").fetchone() == (1,)


def test_swapped_cells_do_not_open(commits: str) -> None:
    first, second = kept("가나다"), kept("라마바")
    swap(first, second)
    answer = vault.read(first, ["name"], actor=STAFF, purpose="counter_service", reason=WHY)
    with pytest.raises(crypto.CannotOpen):
        answer.open()


def test_swapped_cells_do_open_when_nothing_is_bound(
    commits: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crypto.Place, "bound", lambda self: b"")
    monkeypatch.setattr(crypto, "new_key", lambda: bytes(32))
    first, second = kept("가나다"), kept("라마바")
    swap(first, second)
    answer = vault.read(first, ["name"], actor=STAFF, purpose="counter_service", reason=WHY)
    assert answer.open() == {"name": "라마바"}


def swap(first: UUID, second: UUID) -> None:
    with transaction.atomic(using="vault"), connections["vault"].cursor() as cursor:
        cursor.execute("SELECT set_config('vault.bulk', 'on', true)")
        cursor.execute(
            "UPDATE vault.cell c SET sealed = o.sealed FROM vault.cell o WHERE c.field = 'name'"
            " AND o.field = 'name' AND (c.subject, o.subject) IN ((%s, %s), (%s, %s))",
            [first, second, second, first],
        )


def test_answer_does_not_open_inside_a_transaction(commits: str) -> None:
    subject = kept()
    with transaction.atomic():
        answer = vault.read(subject, ["name"], actor=STAFF, purpose="counter_service", reason=WHY)
        with pytest.raises(vault.NotYet):
            answer.open()
    assert answer.open() == {"name": "홍길동"}


def test_answer_of_a_rolled_back_read_never_opens(commits: str) -> None:
    subject = kept()
    with transaction.atomic():
        answer = vault.read(subject, ["name"], actor=STAFF, purpose="counter_service", reason=WHY)
        transaction.set_rollback(True)
    with pytest.raises(vault.NotYet):
        answer.open()
    assert [row.kind for row in vault.accesses(subject)] == ["store"]


def test_reading_a_person_is_one_action_one_log_row(commits: str) -> None:
    staff = people.person_with(Role.STAFF, district=people.MAPO)
    person = people.person(people.MAPO)
    vault.store(vault.Entry(person.id, {"name": "홍길동"}), actor=staff, purpose="account")
    body = {"person_id": str(person.id), "fields": ["name"], "purpose": "counter_service"}
    outcome = run("registry.person.read", body, staff, reason=WHY)
    assert vault.collect(outcome.result.read_id).open() == {"name": "홍길동"}
    with pytest.raises(KeyError):
        vault.collect(outcome.result.read_id)
    seen = vault.accesses(person.id)
    assert [(row.kind, row.actor, row.reason) for row in seen[:1]] == [("read", staff.id, WHY)]
