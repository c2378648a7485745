"""People of the demo: known passwords, only where the demo is on."""

from __future__ import annotations

from typing import Any

import pytest

from dure.core import clock, door
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.registry.models import Login
from tests.harness import people

pytestmark = pytest.mark.django_db


def test_demo_people_sign_in_and_hold_their_roles(settings: Any) -> None:
    settings.DEMO = True
    people.organisation()
    told = run("registry.demo.people", {}, Actor.operator(), key="demo").result.accounts
    roles = {}
    for account in told:
        login = Login.objects.get(handle=account.handle)
        assert login.check_password(account.password)
        actor = door.load_grants(Actor.person(login.person_id), clock.now())
        roles[account.handle] = sorted({grant.role.code for grant in actor.grants} - {"resident"})
    assert roles == {
        "resident": [], "centre": ["staff"], "official": ["official"], "second": ["official"],
        "auditor": ["auditor"], "treasurer": ["treasurer"], "approver": ["approver"],
        "board": ["board"],
    }  # fmt: skip


def test_demo_people_are_made_once(settings: Any) -> None:
    settings.DEMO = True
    first = run("registry.demo.people", {}, Actor.operator(), key="demo")
    again = run("registry.demo.people", {}, Actor.operator(), key="demo")
    assert again.replayed
    assert again.result == first.result
    assert Login.objects.count() == 5


def test_no_demo_people_where_the_demo_is_off(settings: Any) -> None:
    settings.DEMO = False
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        run("registry.demo.people", {}, Actor.operator(), key="demo")
    assert Login.objects.count() == 0
