"""An event names a label and an organisation that are there, and both stay."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from dure.core.facts import Row
from dure.journal.models import Event
from dure.registry.models import District
from tests.harness import people
from tests.harness.given import given
from tests.journal.stating import note, row

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _district(clock: object) -> None:
    clock.at("2026-06-01T09:00:00+09:00")  # type: ignore[attr-defined]  # harness clock
    with given() as line:
        District.rows.get_or_create(
            sig="11440",
            defaults={"kostat": "11140", "name": "마포구", "name_en": "Mapo-gu", "audit": line},
        )


def of(organisation: UUID | None) -> Row:
    return row(org=organisation)


def test_an_event_of_a_known_organisation_or_none_is_taken() -> None:
    assert note(of(people.organisation("두레샘").id)) == 1
    assert note(row("exchange.agreement:2:attempt")) == 1


def test_an_event_of_an_unknown_organisation_is_refused() -> None:
    with (
        pytest.raises(IntegrityError, match=r"registry\.organisation_is_there"),
        transaction.atomic(),
    ):
        note(of(uuid4()))


def test_an_event_of_an_unknown_label_is_refused() -> None:
    note(row())
    event = Event.rows.get()
    event.pk, event.uid, event.source, event.label_id = None, uuid4(), "exchange.agreement:3:x", -1
    with (
        pytest.raises(IntegrityError, match=r"journal\.label_is_there"),
        transaction.atomic(),
        given(),
    ):
        event.save(force_insert=True)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM journal_label",
        "UPDATE journal_label SET id = id + 1000",
    ],
)
def test_a_label_stays(statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"dure\.append_only|permission denied"),
        transaction.atomic(),
        given(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
