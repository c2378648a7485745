"""The demo's rounds stand at three steps, say that they are invented, and are made quickly."""

from __future__ import annotations

import time

import pytest
from django.test import override_settings

from dure.budgeting.models import Award, Call, Review
from dure.budgeting.queries import waiting
from dure.budgeting.queries.results import result_view
from dure.core import clock
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.door import load_grants
from dure.core.errors import Refusal
from dure.registry.models import Login

pytestmark = pytest.mark.django_db
SECONDS_MAX = 30  # twelve times what it takes on a quiet machine


@override_settings(DEMO=True)
def test_demo_fills_three_rounds_once() -> None:
    run("registry.demo.load", {}, Actor.operator(), key="demo:registry.demo.load:1")
    begun = time.perf_counter()
    first = run("budgeting.demo.load", {}, Actor.operator(), key="demo:budgeting.demo.load:1")
    assert time.perf_counter() - begun < SECONDS_MAX
    again = run("budgeting.demo.load", {}, Actor.operator(), key="demo:budgeting.demo.load:1")
    assert again.replayed and again.result == first.result
    states = dict(Call.rows.values_list("state", "id"))
    assert set(states) == {"published", "voting", "open"}
    assert all(one.is_synthetic and "시연" in one.title for one in Call.rows.all())
    assert Award.rows.filter(result__call=states["published"]).count() >= 2
    found = result_view(states["published"], Actor.anonymous())
    assert found is not None and found.online_count > 5
    assert Review.rows.filter(verdict="unfit").count() == 1
    person = Login.objects.get(handle="demo_resident").person_id
    assert person is not None
    resident = load_grants(Actor.person(person), clock.now())
    assert [one.call.id for one in waiting.waiting_votes(resident)] == [states["voting"]]


@override_settings(DEMO=False)
def test_a_real_installation_has_none() -> None:
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        run("budgeting.demo.load", {}, Actor.operator())
    assert Call.rows.count() == 0
