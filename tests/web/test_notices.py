"""My notices: the list, the choice of ways, the devices, and a push message in a real browser."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from django.test import Client

from dure.core import actions, pushing
from dure.core.actors import Actor
from dure.core.models import Notice, NoticePreference
from dure.registry.models import Device, Login
from tests.exchange.neighbours import ask, bank, offer, step
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.registry.test_devices import POINT, SECRET, SERVICE, ways
from tests.registry.test_login import GOOD, me, sign_up
from tests.web.conftest import LANGUAGES, WIDTHS, Visit
from tests.web.test_listings import text_of
from tests.web.walk import client_of

HERE, SETTINGS = "/me/notices/", "/me/notices/settings/"


def told(person: object) -> str:
    """Write one notice to a person; gives its id."""
    job = {"job": str(uuid4()), "person": str(person), "action": "core.x", "refused": False}
    actions.run("core.job.tell", job, Actor.timer("core.job"), key=str(uuid4()))
    return str(Notice.rows.filter(person=person).latest("made_at").id)


@pytest.fixture
def resident(db: None, clock: Clock) -> Actor:
    clock.at("2026-05-10T14:00:00+09:00")
    return me(sign_up())


def test_a_visitor_is_led_to_sign_in(db: None) -> None:
    for path in (HERE, SETTINGS):
        answer = Client().get(path)
        assert answer.status_code == 303 and "/accounts/login/" in answer["Location"]


def test_the_empty_list_says_what_will_stand_there(resident: Actor) -> None:
    assert "아직 알림이 없습니다" in text_of(client_of(resident), HERE)


def test_a_notice_is_read_by_opening_it_and_leads_to_its_page(resident: Actor) -> None:
    one, _ = told(resident.id), told(resident.id)
    client = client_of(resident)
    assert "읽지 않은 알림이 2건" in text_of(client, HERE)
    answer = client.post(f"{HERE}{one}/")
    assert answer.status_code == 303 and answer["Location"].startswith("/me/jobs/")
    assert "읽지 않은 알림이 1건" in text_of(client, HERE)
    english = client.post(f"/en{HERE}{one}/")
    assert english["Location"].startswith("/en/me/jobs/")
    client.post(f"{HERE}see-all/")
    assert "모두 읽었습니다" in text_of(client, HERE)
    assert "읽지 않은 알림이 없습니다" in text_of(client, f"{HERE}?show=new")


def test_a_notice_says_of_which_case_it_is_to_who_may_see_the_case(resident: Actor) -> None:
    here = bank()
    giver, taker = here.neighbour(), here.neighbour()
    case = ask(taker, offer(giver, title="베란다 고치기"))
    assert '<b translate="no">베란다 고치기 · 부탁함</b>' in text_of(client_of(giver), HERE)
    step(giver, case, "accept")
    assert "베란다 고치기 · 약속됨" in text_of(client_of(giver), HERE), "as it stands now"
    with given():
        Notice.rows.filter(person=giver.id).update(person=resident.id)
    page = text_of(client_of(resident), HERE)
    assert "약속에 새 소식" in page and "베란다" not in page


def test_a_notice_of_somebody_else_is_not_found(resident: Actor) -> None:
    theirs = told(uuid4())
    assert client_of(resident).post(f"{HERE}{theirs}/").status_code == 404
    assert Notice.rows.get(pk=theirs).seen_at is None


def test_more_than_a_page_is_paged(resident: Actor) -> None:
    for _ in range(21):
        told(resident.id)
    client = client_of(resident)
    assert text_of(client, HERE).count("맡긴 일이 끝났습니다. 결과를") == 20
    assert text_of(client, f"{HERE}?page=2").count("맡긴 일이 끝났습니다. 결과를") == 1


def test_the_ways_are_kept_and_shown_again(resident: Actor) -> None:
    client = client_of(resident)
    sent = {"how": ["push", "digest"], "quiet_from": "12:00", "quiet_to": "14:30"}
    assert client.post(SETTINGS, sent).status_code == 303
    row = NoticePreference.rows.get(pk=resident.id)
    assert (row.mail, row.push, row.digest, str(row.quiet_to)) == (False, True, True, "14:30:00")
    page = client.get(SETTINGS).content.decode()
    assert page.count(" checked") == 2 and page.count(" selected") == 2


def test_half_quiet_hours_come_back_with_what_was_typed(resident: Actor) -> None:
    answer = client_of(resident).post(SETTINGS, {"how": ["mail"], "quiet_from": "12:00"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'value="12:00" selected' in page and 'role="alert"' in page
    assert not NoticePreference.rows.exists()


def test_a_device_is_added_by_its_browser_and_removed(resident: Actor) -> None:
    client = client_of(resident)
    sent = {"endpoint": f"{SERVICE}/one", "p256dh": POINT, "auth": SECRET}
    agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537 Chrome/126 Mobile Safari/537"
    assert client.post("/me/notices/devices/", sent, HTTP_USER_AGENT=agent).status_code == 303
    page = client.get(SETTINGS).content.decode()
    assert "Android · Chrome" in page and SERVICE not in page
    device = page.split('name="device" value="')[1].split('"')[0]
    assert client.post("/me/notices/devices/drop/", {"device": device}).status_code == 303
    assert "아직 없습니다" in text_of(client, SETTINGS)


def test_signing_out_ends_the_notices_of_this_browser_alone(resident: Actor) -> None:
    here, elsewhere = client_of(resident), client_of(resident)
    for name, client in (("here", here), ("elsewhere", elsewhere)):
        take(client, name)
    assert living(resident) == {"here", "elsewhere"}
    assert here.post("/accounts/logout/").status_code == 302
    assert living(resident) == {"elsewhere"}
    assert here.cookies["dure_device"].value == ""


def test_a_browser_that_is_no_device_signs_out_as_ever(resident: Actor) -> None:
    take(client_of(resident), "one")
    for kept in ("", "x", str(uuid4()), "\u00e9"):
        client = client_of(resident)
        client.cookies["dure_device"] = kept
        assert client.post("/accounts/logout/").status_code == 302
    assert living(resident) == {"one"}


def test_signing_out_touches_no_device_of_somebody_else(resident: Actor) -> None:
    take(client_of(resident), "one")
    stranger = client_of(me(sign_up("나그네")))
    stranger.cookies["dure_device"] = str(Device.rows.get(dropped_at=None).id)
    assert stranger.post("/accounts/logout/").status_code == 302
    assert living(resident) == {"one"}


def test_who_signs_in_next_ends_what_was_left_on_the_browser(db: None, clock: Clock) -> None:
    clock.at("2026-05-10T14:00:00+09:00")
    before, after = sign_up(), sign_up("나그네")
    client = client_of(me(before))
    take(client, "left")
    device = client.cookies["dure_device"].value
    fresh = Client()
    fresh.cookies["dure_device"] = device
    sent = {"login": after.handle, "password": GOOD}
    assert fresh.post("/accounts/login/", sent).status_code == 302
    assert living(me(before)) == set()


def take(client: Client, name: str) -> None:
    """Take notices on this browser; the push service knows it by this name."""
    sent = {"endpoint": f"{SERVICE}/{name}", "p256dh": POINT, "auth": SECRET}
    assert client.post("/me/notices/devices/", sent).status_code == 303


def living(person: Actor) -> set[str]:
    """The devices that tell a person, by the names that their services know."""
    login = Login.objects.get(person_id=person.id)
    return {one.endpoint.rpartition("/")[2] for one in ways(login).devices}


def test_a_strange_address_is_refused_in_words(resident: Actor) -> None:
    sent = {"endpoint": "https://127.0.0.1/x", "p256dh": POINT, "auth": SECRET}
    answer = client_of(resident).post("/me/notices/devices/", sent)
    assert answer.status_code == 422
    assert "다른 브라우저로" in answer.content.decode()


def test_without_the_group_the_page_says_who_can_help(
    resident: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushing, "find_spec", lambda name: None)
    page = text_of(client_of(resident), SETTINGS)
    assert (
        "dure[push]" in page and "push.js" not in client_of(resident).get(SETTINGS).content.decode()
    )


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_are_sound(visit: Visit, width: int, language: str) -> None:
    person = me(sign_up())
    told(person.id)
    window = visit(width, language)
    window.sign_in(person)
    for path in (HERE, f"{HERE}?show=new", SETTINGS):
        assert window.go(path) == 200
        assert window.sound() == [], path
        assert window.sideways() == [] and window.small_targets() == [], path
        window.picture(f"notices{path}")


@pytest.mark.browser
def test_a_push_message_is_shown_by_the_browser(visit: Visit) -> None:
    """The worker is registered by the page's own button, and shows what a service delivers."""
    login = sign_up()
    window = visit(360)
    window.sign_in(me(login))
    window.page.context.grant_permissions(["notifications"], origin=window.site.url)
    window.go(SETTINGS)
    # the browser's own half of a subscription needs its maker's service: it is given here
    given = {"endpoint": f"{SERVICE}/one", "keys": {"p256dh": POINT, "auth": SECRET}}
    window.page.evaluate(
        "given => { PushManager.prototype.subscribe = async () => ({ toJSON: () => given }) }",
        given,
    )
    driver = window.page.context.new_cdp_session(window.page)
    workers: list[str] = []
    driver.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda found: workers.extend(one["registrationId"] for one in found["registrations"]),
    )
    driver.send("ServiceWorker.enable")
    window.page.get_by_role("button", name="이 기기에서 알림 받기").click()
    window.page.get_by_text("이제 이 기기에서도 알림을 받습니다").wait_for()
    assert [one.endpoint for one in ways(login).devices] == [f"{SERVICE}/one"]
    message = {"title": "약속에 새 소식이 있습니다", "path": HERE}
    driver.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": window.site.url, "registrationId": workers[-1], "data": json.dumps(message)},
    )
    shown = window.page.evaluate(
        """async () => {
            const worker = await navigator.serviceWorker.ready;
            for (;;) {
                const found = await worker.getNotifications();
                if (found.length) return found.map(one => [one.title, one.data.path]);
                await new Promise(done => requestAnimationFrame(done));
            }
        }"""
    )
    assert shown == [["약속에 새 소식이 있습니다", HERE]]
