"""The coordinator's desk with 200 open cases: narrowed by kind, with a bound on its queries."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dure.core import clock as now
from dure.core.actors import Role
from dure.exchange.models import Agreement
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import MAPO, organisation, person_with
from tests.web.ride_world import NOW
from tests.web.walk import client_of

HERE = "/exchange/desk/"
QUERIES_MAX = 150


@pytest.fixture
def staff(db: object, clock: Clock) -> Client:
    clock.at(NOW)
    host = organisation("마포품앗이", district_sig=MAPO)
    with given() as audit:
        Agreement.rows.bulk_create(
            Agreement(
                id=uuid4(),
                process=process,
                version=1,
                state=state,
                is_closed=False,
                case_id=uuid4(),
                organisation_id=host.id,
                district_id=MAPO,
                terms=terms,
                opened_at=now.now(),
                entered_at=now.now() - timedelta(hours=number),
                audit=audit,
            )
            for number in range(100)
            for process, state, terms in (
                ("time_exchange", "review", {"minutes": 60}),
                ("equipment_loan", "overdue", {}),
            )
        )
    return client_of(person_with(Role.STAFF, district=MAPO))


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return unescape(answer.content.decode())


def test_two_hundred_cases_are_narrowed_to_one_kind_with_few_queries(staff: Client) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        page = text_of(staff, HERE)
    assert "다툼·살펴봄 (100)" in page
    assert "늦음 (100)" in page
    assert "오래된 30건까지" in page
    assert len(asked) < QUERIES_MAX, len(asked)
    late = text_of(staff, f"{HERE}?kind=overdue")
    assert late.count("/exchange/agreements/") == 30
    assert "다툼·살펴봄 (0)" in text_of(staff, f"{HERE}?process=equipment_loan")
    assert "Late (100)" in text_of(staff, f"/en{HERE}")
