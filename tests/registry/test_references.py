"""A row of an organisation names one that is there, and an organisation stays."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from tests.harness import people
from tests.harness.given import given

pytestmark = pytest.mark.django_db

INSERTS = {
    "orgname": "(organisation_id, name, search_key, valid)"
    " VALUES (%s, '샘', '샘', '[2020-01-01,)')",
    "orgnumber": "(organisation_id, scheme, token, valid)"
    " VALUES (%s, 'biz', '\\x0102030405060708', '[2020-01-01,)')",
    "orgstate": "(organisation_id, state, valid)"
    " VALUES (%s, 'operating', '[1990-01-01,1990-01-02)')",
    "orgstatus": "(organisation_id, code, issuer, certificate, evidence_class, valid)"
    " VALUES (%s, 'village', '', '', 'A', '[1990-01-01,1990-01-02)')",
    "site": "(organisation_id, use, address, district_id, dong, is_head, valid)"
    " VALUES (%s, 'shop', '', '11440', '', false, '[1990-01-01,1990-01-02)')",
    "orgcontact": "(organisation_id, kind, value, is_public) VALUES (%s, 'web', 'w', true)",
    "orgyear": "(organisation_id, year, kind, value, source, evidence_class, stated_at)"
    " VALUES (%s, 1990, 'heads', 1, 's', 'A', dure_now())",
}
RULE = r"registry\.organisation_is_there"


def insert(table: str, organisation: object) -> None:
    columns, values = INSERTS[table].split(" VALUES (", 1)
    with given() as audit, connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO registry_{table} (id, audit, {columns.strip()[1:]}"
            f" VALUES (gen_random_uuid(), %s, {values}",
            [audit, organisation],
        )


@pytest.mark.parametrize("table", sorted(INSERTS))
def test_a_row_of_an_unknown_organisation_is_refused(table: str) -> None:
    with pytest.raises(IntegrityError, match=RULE), transaction.atomic():
        insert(table, uuid4())


@pytest.mark.parametrize("table", sorted(set(INSERTS) - {"orgname", "orgnumber"}))
def test_a_row_of_a_known_organisation_is_taken(table: str) -> None:
    insert(table, people.organisation("두레샘").id)


@pytest.mark.parametrize("table", sorted(set(INSERTS) - {"orgname", "orgnumber", "orgyear"}))
def test_a_row_is_not_given_to_an_unknown_organisation(table: str) -> None:
    insert(table, people.organisation("두레샘").id)
    with (
        pytest.raises(IntegrityError, match=RULE),
        transaction.atomic(),
        given(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE registry_{table} SET organisation_id = %s", [uuid4()])


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM registry_organisation WHERE id = %(id)s",
        "UPDATE registry_organisation SET id = gen_random_uuid() WHERE id = %(id)s",
    ],
)
def test_an_organisation_stays_under_its_id(statement: str) -> None:
    organisation = people.organisation("두레샘")
    with (
        pytest.raises(IntegrityError, match=r"registry\.organisation_stays"),
        transaction.atomic(),
        given(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, {"id": organisation.id})
