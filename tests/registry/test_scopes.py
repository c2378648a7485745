"""What an actor sees is what the policy allows: each scope beside its twin, on random data."""

from __future__ import annotations

import random
from uuid import uuid4

import pytest

from dure.core.actors import Actor, Grant, Role
from dure.registry import models as registry
from dure.registry import policies
from dure.registry.queries.subjects import WORKING, working_q
from tests.harness import people

pytestmark = pytest.mark.django_db
PLACES = (people.MAPO, people.JONGNO, "11140")
FACTS = (
    policies.is_centre_staff,
    policies.is_official,
    policies.is_organisation_staff,
    policies.is_board,
    policies.is_treasurer,
    policies.is_member,
    policies.may_keep_organisation,
    policies.may_set_status,
    policies.may_state_year,
    policies.may_admit,
    ~policies.is_board & policies.is_centre_staff,
)


@pytest.fixture
def houses() -> list[registry.Organisation]:
    return [
        people.organisation(f"두레 {number}", district_sig=PLACES[number % 3])
        for number in range(9)
    ]


def actors(houses: list[registry.Organisation]) -> list[Actor]:
    chance = random.Random(7)
    made = [Actor.anonymous()]
    for _ in range(40):
        grants = []
        for _ in range(chance.randrange(4)):
            role = chance.choice([r for r in Role if r not in (Role.VISITOR, Role.OPERATOR)])
            kind = chance.choice(["organisation", "district", "city", "purpose"])
            scope = {
                "organisation": str(chance.choice(houses).pk),
                "district": chance.choice(PLACES),
                "city": "*",
                "purpose": "care",
            }[kind]
            grants.append(Grant(role, kind, scope))
        made.append(Actor.person(uuid4()).with_grants(tuple(grants)))
    return made


def test_every_policy_agrees_with_its_queryset(houses: list[registry.Organisation]) -> None:
    now = people._now()
    seen = 0
    rows = registry.Organisation.objects.everything("the test compares all of them")
    for actor in actors(houses):
        for policy in FACTS:
            by_query = set(rows.filter(policy.q(actor, now)).values_list("pk", flat=True))
            by_hand = {house.pk for house in houses if policy.holds(actor, house, now)}
            assert by_query == by_hand, (policy.text.en, actor.grants)
            seen += len(by_hand)
    assert seen == 80


def test_the_working_scope_agrees_with_its_grants(houses: list[registry.Organisation]) -> None:
    rows = registry.Organisation.objects.everything("the test compares all of them")
    for actor in actors(houses):
        by_query = set(rows.filter(working_q(actor)).values_list("pk", flat=True))
        by_hand = {
            house.pk
            for house in houses
            if any(
                actor.has(role, district=house.district_id)
                or actor.has(role, organisation=house.pk)
                for role in WORKING
            )
        }
        assert by_query == by_hand, actor.grants


def test_a_mandate_is_seen_by_its_holder_and_its_scope(houses: list[registry.Organisation]) -> None:
    holder = people.person_with(Role.BOARD, organisation=houses[0])
    held = registry.Mandate.rows.get(person=holder.id)
    board = Grant(Role.BOARD, "organisation", str(houses[0].pk))
    other = Grant(Role.BOARD, "organisation", str(houses[1].pk))
    for actor, sees in (
        (holder, True),
        (Actor.person(uuid4()).with_grants((board,)), True),
        (Actor.person(uuid4()).with_grants((other,)), False),
        (Actor.anonymous(), False),
    ):
        found = registry.Mandate.objects.within(actor).filter(pk=held.pk).exists()
        assert found is sees
