"""An election of the past becomes a call that is over, with its result; or nothing of it does."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from dure.budgeting.models import Award, Call, MoneyBallot, ResultPart
from dure.budgeting.queries.results import result_view
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.engines.pb import pabulib
from dure.engines.pb.election import Election
from dure.engines.pb.pabulib_writing import write
from tests.budgeting.calls import NOW, begun, official
from tests.engines.pb.elections import worked
from tests.engines.pb.test_pabulib_writing import META
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import MAPO, district

pytestmark = pytest.mark.django_db
COST = {"name": "mes", "satisfaction": "cost", "ties": ["id"]}


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def body(content: bytes, **more: Any) -> dict[str, Any]:  # Any: a body
    return {
        "district": MAPO,
        "title": "지난 투표",
        "year": 2024,
        "source": "구청 공개 자료",
        "content": content,
        "rule": COST,
        **more,
    }


def file_of(election: Election, **meta: str) -> bytes:
    return write(replace(election, meta={**META, **meta})).encode()


def test_a_file_becomes_a_published_call_with_its_result() -> None:
    lead = official()
    made = run("budgeting.election.import", body(file_of(worked())), lead).result
    call = Call.rows.get(id=made.id)
    assert (call.state, call.imported_from) == (Call.State.PUBLISHED, "구청 공개 자료")
    assert (made.ballots, made.winners, made.agrees) == (10, ("A", "D"), None)
    part = ResultPart.rows.get(result__call=call, is_official=True)
    assert pabulib.read(part.input_text.encode()).votes() == worked().votes()
    assert part.explanations["B"]["price"] == 1_700_000
    assert not Award.rows.exists()
    shown = result_view(call.id, Actor.anonymous())
    assert shown is not None
    assert shown.parts[0].spent_won == 3_000_000


def test_what_the_file_published_is_compared() -> None:
    content = write(replace(worked(), meta=META), winners=frozenset({0, 3})).encode()
    assert run("budgeting.election.import", body(content), official()).result.agrees is True
    text = {**body(content), "content": content.decode()}
    assert run("budgeting.election.import", text, official()).result.agrees is True
    greedy = body(content, rule={"name": "greedy", "ties": ["id"]})
    assert run("budgeting.election.import", greedy, official()).result.agrees is False


@pytest.mark.parametrize(
    ("content", "more", "name"),
    [
        (b"META\nkey;value\n", {}, "budgeting.bad_file"),
        (file_of(worked(), currency="EUR"), {}, "budgeting.bad_file"),
        (file_of(worked(), date_begin="soon"), {}, "budgeting.bad_file"),
        (file_of(replace(worked(), budget=Fraction(1, 2))), {}, "budgeting.bad_file"),
        (file_of(worked()), {"rule": {"name": "mes", "ties": ["id"]}}, "budgeting.bad_rule"),
        (file_of(worked()), {"rule": {**COST, "ties": ["lot", "id"]}}, "budgeting.bad_file"),
    ],
)
def test_what_cannot_be_taken_in_leaves_nothing(
    content: bytes, more: dict[str, object], name: str
) -> None:
    with pytest.raises(Refusal) as caught:
        run("budgeting.election.import", body(content, **more), official())
    assert caught.value.name == name
    assert not Call.rows.exists()


def test_no_ballot_goes_into_a_call_of_ours() -> None:
    here = begun()
    envelope = here.call.envelopes.first()
    with (
        given() as audit,
        pytest.raises(DatabaseError, match=r"dure\.urn_once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT urn.import_ballots(%s, %s, %s)", (envelope.id, '[["", [], null]]', audit)
        )
    assert not MoneyBallot.rows.exists()
