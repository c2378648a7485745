"""A round among a thousand members is proposed within three seconds of our own time."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from dure.core import clock as at_now
from dure.core.actions import run
from dure.exchange import rounds
from dure.exchange.models import Claim, Listing, Spec
from dure.ledger.models import Account, Unit
from dure.registry.models import Person
from tests.exchange.neighbours import NOW, bank
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import MAPO
from tests.ledger.givens import limits

pytestmark = pytest.mark.django_db
MEMBERS = 1_000


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


def test_thousand_members_are_asked_within_three_seconds() -> None:
    here, now = bank(), at_now.now()
    specs = list(Spec.rows.filter(scheme="dure", kind__in=("skill", "service")).order_by("id"))
    unit = Unit.rows.get(code="TIME")
    with given() as audit:
        people = Person.rows.bulk_create(
            Person(state="active", created_at=now, audit=audit) for _ in range(MEMBERS)
        )
        Account.rows.bulk_create(
            Account(
                book=here.book, unit=unit, type="liability", owner_person=one, label="시간",
                opened_at=now, audit=audit,
            )
            for one in people
        )  # fmt: skip
        for pk in Account.rows.filter(book=here.book).values_list("id", flat=True):
            limits(pk, -600, 600)
        Listing.rows.bulk_create(
            Listing(
                side=side, person=one.id, spec=specs[(n * step + shift) % len(specs)],
                district_id=MAPO, audience="public", title="부탁", unit="MIN", qty_min=1,
                qty_max=60 + n % 5 * 15, reciprocity="hours", rate=1,
                created_at=now - timedelta(minutes=n), audit=audit,
            )
            for n, one in enumerate(people)
            for side, step, shift in (("offer", 1, 0), ("request", 3, 1))
        )  # fmt: skip
    rounds.computed((), ())
    began, clocked = time.process_time(), time.monotonic()
    body = {"organisation_id": str(here.host.id), "title": "천 명"}
    done = run("exchange.hours_round.propose", body, here.keeper).result
    own, whole = time.process_time() - began, time.monotonic() - clocked
    print(f"{own:.2f} s of our own, {whole:.2f} s by the clock, {Claim.rows.count()} wishes")
    assert done.members > 900
    assert own < 3
