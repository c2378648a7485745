"""One person for staff: masked, opened for a reason, and seen by the person."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from dure.core.actors import Actor, Role
from dure.registry import vault
from dure.registry.queries import login as queries
from tests.harness import people
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]

READ = {"fields": ["name"], "purpose": "counter_service", "reason": "창구에서 본인이 부탁함"}


def resident() -> Actor:
    made = people.person(people.MAPO)
    actor = Actor.person(made.id, origin="test")
    vault.store(vault.Entry(made.id, {"name": "홍길동"}), actor=actor, purpose="account")
    return actor


def test_staff_see_a_mask_and_open_a_name_for_a_reason() -> None:
    person = resident()
    client = client_of(people.person_with(Role.STAFF, district=people.MAPO))
    page = client.get(f"/people/{person.id}/").content.decode()
    assert "홍*동" in page
    assert "홍길동" not in page
    refused = client.post(f"/people/{person.id}/", {**READ, "reason": ""})
    assert refused.status_code == 422
    assert "홍길동" not in refused.content.decode()
    opened = client.post(f"/people/{person.id}/", READ)
    assert "홍길동" in opened.content.decode()
    assert opened["Cache-Control"] == "private, no-store"
    seen = vault.accesses(person.id)
    assert [row.kind for row in seen if row.kind == "read"] == ["read"]


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.AUDITOR, Role.RESIDENT])
def test_others_do_not_find_the_person(role: Role) -> None:
    person = resident()
    client = client_of(people.person_with(role, district=people.MAPO))
    assert client.get(f"/people/{person.id}/").status_code == 404
    assert client.post(f"/people/{person.id}/", READ).status_code == 404
    assert client.get(f"/people/{uuid4()}/").status_code == 404
    assert [row.kind for row in vault.accesses(person.id)] == ["store"]


def test_staff_of_another_district_do_not_find_the_person() -> None:
    person = resident()
    client = client_of(people.person_with(Role.STAFF, district=people.JONGNO))
    assert client.get(f"/people/{person.id}/").status_code == 404


def test_phone_confirmed_at_the_counter_signs_in() -> None:
    person = resident()
    client = client_of(people.person_with(Role.STAFF, district=people.MAPO))
    body = {"phone": "010-0000-0000", "reason": "창구에서 전화를 걸어 확인함"}
    assert client.post(f"/people/{person.id}/phone/", body).status_code == 303
    client_of(person)
    found = queries.login_named("+82 10 0000 0000", Actor.anonymous())
    assert found is not None
    assert found.person_id == person.id


def test_vault_desk_is_for_the_vault_officer_alone() -> None:
    officer = client_of(people.person_with(Role.VAULT, purpose="care"))
    assert officer.get("/vault/").status_code == 200
    assert officer.get("/en/vault/").status_code == 200
    staff = client_of(people.person_with(Role.STAFF, district=people.MAPO))
    assert staff.get("/vault/").status_code == 404
    assert Client().get("/vault/").status_code == 303


def test_lists_show_masked_names_to_those_who_keep_the_roll_and_numbers_to_officials() -> None:
    person = resident()
    organisation = people.organisation()
    people.membership(person.id, organisation)
    path = f"/organisations/{organisation.id}/people/"
    staff = client_of(people.person_with(Role.STAFF, organisation=organisation))
    board = client_of(people.person_with(Role.BOARD, organisation=organisation))
    official = client_of(people.person_with(Role.OFFICIAL, district=people.MAPO))
    page = staff.get(path).content.decode()
    assert f'<a href="/people/{person.id}/">홍*동</a>' in page
    page = board.get(path).content.decode()
    assert "홍*동" in page
    assert f"/people/{person.id}/" not in page
    page = official.get(path).content.decode()
    assert "홍*동" not in page
    assert person.id.hex[:8] in page
    assert [row.kind for row in vault.accesses(person.id)] == ["masked", "masked", "store"]
