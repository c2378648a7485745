"""Acting for a person, on pages: the counter, the banner on every page, the end, the paper."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from dure.core.actors import Actor, Role
from dure.registry.models import Acting, Mandate, Membership
from tests.harness import people
from tests.harness.clock import Clock
from tests.web.conftest import Visit
from tests.web.walk import client_of

pytestmark = pytest.mark.usefixtures("plain_files")

STRIP = "저절로 끝납니다"


def staff() -> Actor:
    return people.person_with(Role.STAFF, district=people.MAPO)


def allowed() -> tuple[Actor, Client, UUID]:
    """A helper, her browser, and the person she may act for, as a witness wrote it on the page."""
    witness, helper, person = staff(), staff(), UUID(str(people.person(people.MAPO).id))
    page = f"/people/{person}/acting/"
    writer = client_of(witness)
    assert str(helper.id) in writer.get(page).content.decode()
    body = {"staff_id": str(helper.id), "how": "paper", "days": "30"}
    assert writer.post(page, {**body, "days": "x"}).status_code == 422
    assert writer.post(page, {**body, "staff_id": str(witness.id)}).status_code == 403
    assert writer.post(page, body).status_code == 303
    assert Mandate.rows.filter(role="acts_for", person_id=helper.id).count() == 1
    return helper, client_of(helper), person


@pytest.mark.parametrize(("prefix", "words"), [("", STRIP), ("/en", "It ends by itself at")])
def test_from_the_banner_to_the_paper(prefix: str, words: str, db: None) -> None:
    helper, client, person = allowed()
    begin = f"{prefix}/people/{person}/acting/begin/"
    assert begin in client.get(f"{prefix}/people/{person}/acting/").content.decode()
    assert client.post(begin).status_code == 303
    for path in ("/", "/organisations/", "/me/", "/me/acting/"):
        told = client.get(f"{prefix}{path}").content.decode()
        assert words in told and str(person)[:8] in told
    organisation = people.organisation()
    join = f"{prefix}/organisations/{organisation.id}/join/"
    assert client.post(join, {"member_class": "consumer"}).status_code == 303
    assert Membership.rows.get(organisation=organisation).person_id == person
    assert client.post(f"{prefix}/me/data/", {}).status_code == 403  # the vault is nobody else's
    answer = client.post(f"{prefix}/acting/end/")
    stretch = Acting.rows.get(staff=helper.id)
    assert answer["Location"] == f"{prefix}/acting/{stretch.pk}/"
    paper = client.get(answer["Location"]).content.decode()
    assert words not in paper
    assert client.get(f"{prefix}/me/").content.decode().count(words) == 0
    own = client_of(Actor.person(person), second_step=False)
    assert f"/acting/{stretch.pk}/" in own.get(f"{prefix}/me/acting/").content.decode()
    assert own.get(f"{prefix}/acting/{stretch.pk}/").status_code == 200


def test_the_banner_goes_when_the_time_is_over(db: None, clock: Clock) -> None:
    clock.at("2026-07-01T10:00:00+09:00")
    _, client, person = allowed()
    client.post(f"/people/{person}/acting/begin/")
    assert STRIP in client.get("/").content.decode()
    clock.at("2026-07-01T11:00:00+09:00")
    told = client.get("/").content.decode()
    assert STRIP not in told
    assert "대신하기가 끝났습니다" in told
    assert "대신하기가 끝났습니다" not in client.get("/").content.decode()


def test_the_paper_is_closed_to_others(db: None) -> None:
    _, client, person = allowed()
    client.post(f"/people/{person}/acting/begin/")
    stretch = Acting.rows.get()
    for other in (
        people.person_with(Role.RESIDENT),
        people.person_with(Role.STAFF, district=people.JONGNO),
    ):
        assert client_of(other).get(f"/acting/{stretch.pk}/").status_code == 404
        assert client_of(other).post(f"/people/{person}/acting/begin/").status_code == 404
    assert Client().get(f"/acting/{stretch.pk}/").status_code == 303


def test_the_person_withdraws_on_her_own_page(db: None, clock: Clock) -> None:
    clock.at("2026-07-01T10:00:00+09:00")
    _, client, person = allowed()
    client.post(f"/people/{person}/acting/begin/")
    clock.at("2026-07-01T10:05:00+09:00")
    own = client_of(Actor.person(person), second_step=False)
    assert own.post("/acting/withdraw/", {"person_id": str(person)}).status_code == 303
    assert STRIP not in client.get("/").content.decode()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_pages_are_sound_at_360_px(language: str, visit: Visit) -> None:
    helper, _, person = allowed()
    window = visit(360, language)
    window.sign_in(helper)
    assert window.go(f"/people/{person}/acting/") == 200
    assert (window.sound(), window.sideways(), window.small_targets()) == ([], [], [])
    window.picture("acting_counter")
    window.page.locator("form[action$='/acting/begin/'] button").click()
    assert (window.sound(), window.sideways(), window.small_targets()) == ([], [], [])
    window.picture("acting_mine")
    window.page.locator("form[action$='/acting/end/'] button").click()
    assert (window.sound(), window.sideways(), window.small_targets()) == ([], [], [])
    window.picture("acting_done")
