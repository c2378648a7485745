"""The demo district stands, through actions alone."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import override_settings

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.models import AuditLine
from dure.registry import demo
from dure.registry import models as registry

pytestmark = pytest.mark.django_db


@override_settings(DEMO=True)
def test_the_demo_fills_every_district_once() -> None:
    first = run("registry.demo.load", {}, Actor.operator(), key="demo:registry.demo.load:1")
    again = run("registry.demo.load", {}, Actor.operator(), key="demo:registry.demo.load:1")
    assert again.replayed and again.result == first.result
    assert registry.Organisation.rows.values("district").distinct().count() == 25
    assert registry.Organisation.rows.count() == first.result.organisations + 1 == 201
    kinds = set(registry.OrgStatus.rows.values_list("code", flat=True))
    assert kinds == set(registry.OrgStatus.Status.values)
    assert registry.Membership.rows.filter(member__isnull=False).count() == 60
    made = AuditLine.rows.filter(action="registry.organisation.register").count()
    assert made == registry.Organisation.rows.count()
    word = demo.password(settings.SECRET_KEY)
    assert all(one.check_password(word) for one in registry.Login.objects.all())
    told = [f"{row.result}{row.changes}" for row in AuditLine.rows.all()]
    assert not any(word in text for text in told)


@override_settings(DEMO=False)
def test_a_real_installation_has_no_demo() -> None:
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        run("registry.demo.load", {}, Actor.operator())
    assert registry.Organisation.rows.count() == 0
