"""What a session without a second step opens, says and leads to."""

from __future__ import annotations

import pytest
from django.test import Client

from dure.core.actors import Actor, Role
from dure.registry import vault
from dure.registry.models import Login
from tests.harness import people
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]

READ = {"fields": ["name"], "purpose": "counter_service", "reason": "창구에서 본인이 부탁함"}


def resident() -> Actor:
    made = people.person(people.MAPO)
    actor = Actor.person(made.id, origin="test")
    vault.store(vault.Entry(made.id, {"name": "홍길동"}), actor=actor, purpose="account")
    return actor


def staff() -> Actor:
    return people.person_with(Role.STAFF, district=people.MAPO)


@pytest.mark.parametrize(("prefix", "words"), [("", "추가 인증 하기"), ("/en", "Take the second")])
def test_staff_with_one_step_see_a_mask_and_are_led_to_the_second(prefix: str, words: str) -> None:
    person = resident()
    client = client_of(staff(), second_step=False)
    page = client.get(f"{prefix}/people/{person.id}/").content.decode()
    assert "홍*동" in page
    assert words in page
    answer = client.post(f"{prefix}/people/{person.id}/", READ)
    assert answer.status_code == 403
    told = answer.content.decode()
    assert "홍길동" not in told
    assert f'href="{prefix}/me/security/"' in told
    assert [row.kind for row in vault.accesses(person.id) if row.kind == "read"] == []


def test_a_step_counts_while_its_factor_stands() -> None:
    person, worker = resident(), staff()
    client = client_of(worker)
    assert "홍길동" in client.post(f"/people/{person.id}/", READ).content.decode()
    Login.objects.get(person_id=worker.id).factors.all().delete()
    assert client.post(f"/people/{person.id}/", READ).status_code == 403


def test_a_step_of_another_person_counts_for_nobody_else() -> None:
    person, worker, other = resident(), staff(), staff()
    client, theirs = client_of(worker, second_step=False), client_of(other)
    session = client.session
    for name in ("account_authentication_methods", "account_authentication_methods_user"):
        session[name] = theirs.session[name]
    session.save()
    assert client.post(f"/people/{person.id}/", READ).status_code == 403


def test_vault_officer_with_one_step_has_no_desk() -> None:
    officer = people.person_with(Role.VAULT, purpose="care")
    answer = client_of(officer, second_step=False).get("/vault/")
    assert answer.status_code == 403
    assert "추가 인증이 필요해요" in answer.content.decode()
    assert client_of(officer).get("/vault/").status_code == 200
    assert client_of(resident()).get("/vault/").status_code == 404


def test_security_page_says_which_way_the_step_is_taken() -> None:
    worker = staff()
    client = client_of(worker, second_step=False)
    assert "패스키나 인증 앱을 하나 만든 뒤" in client.get("/me/security/").content.decode()
    client_of(worker)  # another session, which made an app
    page = client.get("/me/security/").content.decode()
    assert "/accounts/2fa/reauthenticate/?next=/me/security/" in page


def test_a_resident_is_asked_nothing() -> None:
    client = client_of(resident(), second_step=False)
    for path in ("/", "/me/", "/me/security/"):
        assert "추가 인증 하기" not in client.get(path).content.decode()
    assert Client().get("/").status_code == 200
