"""Many at once, with real commits: exactly one succeeds."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable

from django.db import connections

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.registry import models as registry
from tests.harness import people

REGISTRATIONS = 40


def at_once(deeds: list[Callable[[], object]]) -> Counter[str]:
    """Run all deeds behind one barrier, each on a connection of its own; count the answers."""
    barrier, answers, lock = threading.Barrier(len(deeds)), Counter[str](), threading.Lock()

    def one(deed: Callable[[], object]) -> None:
        try:
            barrier.wait(60)
            deed()
            told = "done"
        except Refusal as refusal:
            told = refusal.name
        except Exception as error:  # noqa: BLE001 - any other end is a fault to be counted
            told = f"{type(error).__name__}: {error}"
        finally:
            connections.close_all()
        with lock:
            answers[told] += 1

    threads = [threading.Thread(target=one, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return answers


def test_of_many_registrations_of_one_number_one_stands(commits: str) -> None:
    staff = people.person_with(Role.STAFF, district=people.MAPO)

    def register(number: int) -> Callable[[], object]:
        body = {
            "name": f"두레 {number}", "form": "corporation", "district": people.MAPO,
            "biz_number": "999-00-10004",
        }  # fmt: skip
        return lambda: run("registry.organisation.register", body, staff)

    answers = at_once([register(number) for number in range(REGISTRATIONS)])
    assert answers["done"] == 1, answers
    assert set(answers) <= {"done", "registry.number_taken", "core.busy"}, answers
    assert registry.Organisation.rows.count() == 1
    assert registry.OrgNumber.rows.count() == 1


def test_of_two_crossing_federation_edges_one_stands(commits: str) -> None:
    staff = people.person_with(Role.STAFF, district=people.MAPO)
    for turn in range(3):
        a, b = people.organisation(f"연합 가{turn}"), people.organisation(f"연합 나{turn}")
        asked = []
        for member, whole in ((a, b), (b, a)):
            body = {"organisation_id": str(whole.pk), "member_id": str(member.pk)}
            asked.append(run("registry.membership.apply", body, staff).result.id)
        deeds = [
            lambda pk=pk: run("registry.membership.admit", {"membership_id": pk}, staff)  # type: ignore[misc]  # bound early
            for pk in asked
        ]
        answers = at_once(deeds)
        assert answers == Counter({"done": 1, "registry.federation_cycle": 1})
    assert registry.Membership.rows.filter(state="admitted").count() == 3


def test_of_two_crossing_mandates_one_stands(commits: str) -> None:
    operator = Actor.operator()
    for turn in range(3):
        house, chosen = people.organisation(f"두레 {turn}"), people.person()

        def seed(role: str, who: object = chosen.pk, where: object = house.pk) -> object:
            body = {
                "person_id": str(who), "role": role, "scope_kind": "organisation",
                "scope_id": str(where),
            }  # fmt: skip
            return run("registry.mandate.seed", body, operator)

        deeds = [
            lambda role=role, seed=seed: seed(role)  # type: ignore[misc]  # bound early
            for role in ("treasurer", "approver")
        ]
        answers = at_once(deeds)
        assert answers["done"] == 1, answers
        assert set(answers) <= {"done", "registry.crossed", "registry.mandate_refused"}, answers
        assert registry.Mandate.rows.filter(person=chosen).count() == 1


def test_of_many_reviews_of_one_edit_one_stands(commits: str) -> None:
    house = people.organisation("두레")
    resident = people.person_with(Role.RESIDENT, district=people.MAPO)
    body = {"organisation_id": str(house.pk), "field": "name", "value": "한별랩"}
    edit = run("registry.organisation.propose", body, resident).result.id
    keepers = [people.person_with(Role.STAFF, district=people.MAPO) for _ in range(8)]
    review = {"edit_id": edit, "decision": "accept"}
    deeds = [
        lambda actor=actor: run("registry.organisation.review", review, actor)  # type: ignore[misc]  # bound early
        for actor in keepers
    ]
    answers = at_once(deeds)
    assert answers["done"] == 1, answers
    assert set(answers) <= {"done", "registry.answered", "core.busy"}, answers
    assert registry.OrgName.rows.filter(organisation=house).count() == 2
