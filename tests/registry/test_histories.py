"""No day twice: open rows by a b-tree, closed rows by exclusion, one from the other by a guard."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from dure.registry import models as registry
from tests.harness import people
from tests.harness.given import given

Days = tuple[date | None, date | None]
Write = Callable[[registry.Organisation, Days], Any]  # Any: a row of one of five tables
OPEN: Days = (date(2022, 1, 1), None)
BEFORE: Days = (date(2020, 1, 1), date(2022, 1, 1))
ACROSS: Days = (date(2021, 1, 1), date(2023, 1, 1))
RULES = {
    "orgname": "orgname_one_name_a_day",
    "orgstate": "orgstate_one_state_a_day",
    "orgstatus": "orgstatus_held_once_a_day",
    "site": "site_one_head_office_a_day",
    "orgnumber": "orgnumber_belongs_to_one_organisation_a_day",
}


def write(table: str, house: registry.Organisation, days: Days) -> Any:  # Any: as above
    values: dict[str, object] = {
        "orgname": {"name": "두레", "search_key": "두레"},
        "orgstate": {"state": "operating"},
        "orgstatus": {"code": "village"},
        "site": {"is_head": True, "district_id": people.MAPO},
        "orgnumber": {"scheme": "biz", "token": b"1" * 32, "digits": "9990010004"},
    }[table]  # type: ignore[assignment]  # a dict of dicts
    model = next(m for m in vars(registry).values() if getattr(m, "_meta", None) is not None
                 and m._meta.db_table == f"registry_{table}")  # fmt: skip
    with given() as audit:
        return model.rows.create(organisation=house, valid=days, audit=audit, **values)


def house() -> registry.Organisation:
    """An organisation without any dated row."""
    people.district(people.MAPO)
    with given() as audit:
        return registry.Organisation.rows.create(
            name="두레", name_key="두레", form="corporation", district_id=people.MAPO,
            created_at="2020-01-01T00:00:00+09:00", audit=audit,
        )  # fmt: skip


@contextmanager
def refused(rule: str) -> Iterator[None]:
    with pytest.raises(DatabaseError, match=rule), transaction.atomic():
        yield


@pytest.mark.django_db
@pytest.mark.parametrize("table", RULES)
def test_two_rows_of_one_key_share_no_day(table: str) -> None:
    one, rule = house(), RULES[table]
    write(table, one, BEFORE)
    present = write(table, one, OPEN)
    for days in (
        ACROSS,
        (None, None),
        (date(2025, 1, 1), None),
        (date(2019, 1, 1), date(2021, 1, 1)),
        (date(2023, 1, 1), date(2024, 1, 1)),
        (None, date(2021, 6, 1)),
    ):
        with refused(rule):
            write(table, one, days)
    with refused(rule), given():
        type(present).rows.filter(pk=present.pk).update(valid=(date(2021, 12, 31), None))
    with given():
        type(present).rows.filter(pk=present.pk).update(valid=(OPEN[0], date(2023, 1, 1)))
    write(table, one, (date(2023, 1, 1), None))
    write(table, one, (None, BEFORE[0]))
    assert type(present).rows.count() == 4


@pytest.mark.django_db
def test_what_the_key_leaves_out_may_share_days() -> None:
    one = house()
    with given() as audit:
        for days in (OPEN, BEFORE, ACROSS, OPEN):
            registry.Site.rows.create(
                organisation=one, district_id=people.MAPO, valid=days, audit=audit
            )
        for code in ("village", "anchor"):
            registry.OrgStatus.rows.create(organisation=one, code=code, valid=OPEN, audit=audit)
        for _ in range(2):  # a status that never held a day
            registry.OrgStatus.rows.create(
                organisation=one, code="village", valid=(OPEN[0], OPEN[0]), audit=audit
            )


@pytest.mark.django_db
def test_a_statement_of_both_rows_is_looked_at_as_a_whole() -> None:
    one = house()
    rows = [registry.OrgState(organisation=one, state=state, valid=days)
            for state, days in (("paused", ACROSS), ("operating", OPEN))]  # fmt: skip
    with refused(RULES["orgstate"]), given() as audit:
        for row in rows:
            row.audit = audit
        registry.OrgState.rows.bulk_create(rows)


def at_odds(table: str, first: Days, second: Days) -> Counter[str]:
    """Two transactions write rows of one key; the second begins while the first is open."""
    one = house()
    written, answers = threading.Event(), Counter[str]()

    def late() -> None:
        written.wait(30)
        try:
            with transaction.atomic():
                write(table, one, second)
            answers["done"] += 1
        except DatabaseError as error:
            answers["refused" if RULES[table] in str(error) else str(error)] += 1
        finally:
            connections.close_all()

    thread = threading.Thread(target=late)
    thread.start()
    with transaction.atomic():
        write(table, one, first)
        written.set()
        thread.join(1)  # it waits for this one where a lock is, and is done where none is
    answers["done"] += 1
    thread.join(30)
    return answers


@pytest.mark.parametrize("table", RULES)
@pytest.mark.parametrize("days", [(OPEN, ACROSS), (ACROSS, OPEN), (OPEN, OPEN), (ACROSS, ACROSS)])
def test_of_two_writers_one_stands(table: str, days: tuple[Days, Days], commits: str) -> None:
    assert at_odds(table, *days) == Counter({"done": 1, "refused": 1})


@pytest.mark.parametrize("table", ["orgname", "orgnumber"])
def test_without_the_lock_two_writers_would_both_stand(
    table: str, commits: str, database_as: object
) -> None:
    with database_as("dure_owner", commits) as owner:  # type: ignore[operator]  # harness fixture
        (text,) = owner.execute(
            "SELECT pg_get_functiondef('registry_no_day_twice'::regproc)"
        ).fetchone()
        for lock in (
            "FOR NO KEY UPDATE",
            "pg_advisory_xact_lock(",
            "pg_advisory_xact_lock_shared(",
        ):
            assert lock in text
        planted = text.replace("FOR NO KEY UPDATE", "")
        planted = planted.replace("PERFORM pg_advisory_xact_lock", "PERFORM hashtext(''); -- ")
        owner.execute(planted)
    assert at_odds(table, ACROSS, OPEN) == Counter({"done": 2})


def test_histories_are_written_read_committed(commits: str) -> None:
    one = house()
    with refused("histories_are_written_read_committed"):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        write("orgname", one, OPEN)
