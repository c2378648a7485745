"""The way back in, on pages: the counter, the colleague, the paper, and the person's own stop."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from dure.core.actors import Actor, Role
from dure.registry.models import Recovery
from dure.registry.queries import recovery as queries
from tests.harness import people
from tests.harness.clock import Clock
from tests.registry.test_recovery import NEW, at_home
from tests.web.conftest import Visit
from tests.web.walk import client_of

pytestmark = [pytest.mark.usefixtures("plain_files")]

WHY = {"reason": "창구에서 얼굴을 아는 이웃"}
CODE = re.compile(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){3}")


def staff() -> Client:
    return client_of(people.person_with(Role.STAFF, district=people.MAPO))


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_from_the_counter_to_a_new_password(prefix: str, db: None, clock: Clock) -> None:
    clock.at("2026-07-01T10:00:00+09:00")
    login = at_home()
    first, second = staff(), staff()
    page = f"{prefix}/people/{login.person_id}/recovery/"
    assert page in first.get(f"{prefix}/people/{login.person_id}/").content.decode()
    assert first.post(page, {"reason": "네"}).status_code == 422
    assert first.post(page, WHY).status_code == 303
    recovery = Recovery.rows.get(person=login.person_id)
    assert f"{page}{recovery.id}/" not in first.get(page).content.decode()  # not one's own
    assert page in second.get(f"{prefix}/me/").content.decode()  # a thing to do
    assert first.post(f"{page}{recovery.id}/", {"outcome": "agree"}).status_code == 403
    assert second.post(f"{page}{recovery.id}/", {"outcome": "agree"}).status_code == 303
    own = client_of(Actor.person(login.person_id), second_step=False)
    assert f"/recoveries/{recovery.id}/stop/" in own.get(f"{prefix}/me/security/").content.decode()
    print_at = f"{prefix}/recoveries/{recovery.id}/code/"
    assert print_at not in second.get(page).content.decode()
    assert second.post(print_at).status_code == 409
    clock.at("2026-07-02T10:00:00+09:00")
    first, second = staff(), staff()  # sessions of yesterday are over
    assert print_at in second.get(page).content.decode()
    shown = second.post(print_at)
    found = CODE.search(shown.content.decode())
    assert found is not None
    assert shown["Cache-Control"] == "private, no-store"
    use = f"{prefix}/accounts/recovery/"
    wrong = Client().post(use, {"code": queries.new_code(), "password": NEW})
    assert wrong.status_code == 422
    back = Client().post(use, {"code": found[0], "password": NEW})
    assert login.handle in back.content.decode()
    login.refresh_from_db()
    assert login.check_password(NEW)


def test_the_person_stops_it_on_her_page_and_by_the_letter(db: None) -> None:
    for by_letter in (False, True):
        login = at_home()
        staff().post(f"/people/{login.person_id}/recovery/", WHY)
        recovery = Recovery.rows.get(person=login.person_id)
        if by_letter:
            path = f"/accounts/recovery/stop/{queries.stop_link(recovery)}/"
            assert Client().get(path).status_code == 200
            assert Recovery.rows.get(pk=recovery.pk).state == "asked"  # opening stops nothing
            assert Client().post(path).status_code == 303
            assert Client().get(path).status_code == 404
        else:
            own = client_of(Actor.person(login.person_id), second_step=False)
            assert own.post(f"/recoveries/{recovery.pk}/stop/").status_code == 303
        assert Recovery.rows.get(pk=recovery.pk).state == "stopped"


def test_pages_are_closed_to_others(db: None) -> None:
    login = at_home()
    page = f"/people/{login.person_id}/recovery/"
    for role in (Role.RESIDENT, Role.OFFICIAL):
        client = client_of(people.person_with(role, district=people.MAPO))
        assert client.get(page).status_code == client.post(page, WHY).status_code == 404
    assert Client().get(page).status_code == 303
    assert Recovery.rows.count() == 0


@pytest.mark.parametrize("language", ["ko", "en"])
def test_pages_are_sound_at_360_px(language: str, visit: Visit) -> None:
    login = at_home()
    window = visit(360, language)
    window.sign_in(people.person_with(Role.STAFF, district=people.MAPO))
    for path in (f"/people/{login.person_id}/recovery/", "/accounts/recovery/", "/me/security/"):
        assert window.go(path) == 200
        assert window.sound() == []
        assert window.sideways() == []
        assert window.small_targets() == []
        window.picture(f"recovery{path}".replace(str(login.person_id), "person"))
