"""Events and factors are append-only: by trigger, by grant and by constraint."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from dure.journal.models import Event
from dure.registry.models import District
from tests.harness.given import given
from tests.journal.stating import NOON, note, row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _district(clock: object) -> None:
    clock.at("2026-06-01T09:00:00+09:00")  # type: ignore[attr-defined]  # harness clock
    with given() as line:
        District.rows.get_or_create(
            sig="11440",
            defaults={"kostat": "11140", "name": "마포구", "name_en": "Mapo-gu", "audit": line},
        )


CHANGES = (
    "UPDATE {} SET {} = {}",
    "DELETE FROM {}",
    "TRUNCATE {} CASCADE",
)


TABLES = (
    ("journal_event", "qty"),
    ("journal_factor", "year"),
    ("journal_seal", "row_count"),
)


@pytest.mark.parametrize(("table", "column"), TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_application_has_no_grant_to_change(table: str, column: str, change: str) -> None:
    with (
        given(),
        pytest.raises(DatabaseError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(table, column, column))
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


@pytest.mark.parametrize(("table", "column"), TABLES)
@pytest.mark.parametrize("change", CHANGES)
def test_trigger_refuses_even_the_owner(
    database_as: object, table: str, column: str, change: str
) -> None:
    owner = database_as("dure_owner")  # type: ignore[operator]  # harness fixture
    owner.execute("SELECT set_config('dure.action', 'x@' || pg_current_xact_id()::text, true)")
    with pytest.raises(psycopg.errors.RaiseException, match=r"dure\.append_only"):
        owner.execute(change.format(table, column, column))
    owner.rollback()


def test_control_without_trigger_the_owner_could(database_as: object) -> None:
    owner = database_as("dure_owner")  # type: ignore[operator]  # harness fixture
    with owner.transaction(force_rollback=True):  # the database is shared with every later test
        owner.execute("ALTER TABLE journal_seal DISABLE TRIGGER ALL")
        owner.execute("DELETE FROM journal_seal")


def test_event_outside_an_action_is_refused() -> None:
    with (
        pytest.raises(DatabaseError, match=r"dure\.no_action"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("INSERT INTO journal_event (uid) VALUES (gen_random_uuid())")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"sign": -1}, "event_is_negative_only_as_a_reversal"),
        ({"qty": -1}, "event_qty_is_not_negative"),
        ({"evidence": "C"}, "event_of_class_b_or_c_has_proof"),
        ({"gco2e": 1}, "event_has_factor_and_grams_or_neither"),
        ({"began": NOON + timedelta(days=1)}, "event_begins_before_it_ends"),
        ({"recorded_at": NOON - timedelta(days=1)}, "event_is_not_in_the_future"),
        ({"district": "1144"}, "event_district_is_a_code"),
        ({"reason": "typo"}, "event_correction_names_what_how_and_why"),
    ],
)
def test_database_is_the_last_line(change: dict[str, object], name: str) -> None:
    note(row())
    event = Event.rows.get()
    event.seq, event.uid, event.source = None, uuid4(), "exchange.agreement:2:x"
    for field, value in change.items():
        setattr(event, field, value)
    with pytest.raises(IntegrityError, match=name), given():
        event.save(force_insert=True)
