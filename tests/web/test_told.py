"""What a person is told of her own sign-in: each change of it, and a browser not seen before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client

from dure.core import notices
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.models.work import Notice
from dure.engines.totp import totp_code
from dure.registry import told
from dure.registry.models import Login
from dure.registry.vault import holding
from dure.registry.vault.factors import seal_secret
from tests.harness import people
from tests.registry.test_recovery import NEW, OLD, at_home
from tests.web.walk import SECRET

Captured = Callable[..., Any]  # pytest-django's fixture
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]


def notes(login: Login) -> list[str]:
    rows = Notice.rows.filter(person=login.person_id).order_by("made_at", "template")
    return [row.template.removeprefix("registry.login.") for row in rows]


def signs_in(client: Client, login: Login) -> int:
    body = {"login": login.handle, "password": OLD}
    return client.post("/accounts/login/", body).status_code


def test_every_change_of_a_factor_is_told_at_once() -> None:
    login = at_home()
    actor = Actor.person(login.person_id)
    for change in told.CHANGES:
        if change not in ("password_set", "account_connected"):
            run("registry.login.record", {"change": change}, actor)
    with holding({"password": NEW}) as tag:
        run("registry.login.set_password", {"values": tag}, actor)
    with holding({"provider": "p", "uid": "u"}) as tag:
        run("registry.login.connect", {"values": tag}, actor)
    rows = Notice.rows.filter(person=login.person_id)
    assert {row.template for row in rows} == set(told.CHANGES.values())
    assert rows.count() == len(told.CHANGES) == 10
    assert {row.urgency for row in rows} == {notices.Urgency.NOW}
    assert {row.due_at - row.made_at for row in rows} == {rows[0].due_at - rows[0].made_at}
    assert all(row.due_at == row.made_at and row.places == {} for row in rows)


def test_a_browser_not_seen_before_is_told_of_once() -> None:
    login, browser = at_home(), Client()
    assert signs_in(browser, login) == 302
    assert notes(login) == ["new_browser"]
    assert browser.cookies["dure_known"]["httponly"] is True
    browser.post("/accounts/logout/")
    assert signs_in(browser, login) == 302
    assert notes(login) == ["new_browser"]
    assert signs_in(Client(), login) == 302
    assert notes(login) == ["new_browser", "new_browser"]


def test_a_cookie_of_another_login_or_a_made_up_one_hides_nothing() -> None:
    login, other, browser = at_home(), at_home(), Client()
    signs_in(browser, other)
    browser.post("/accounts/logout/")
    signs_in(browser, login)
    assert notes(login) == ["new_browser"]
    for value in ("a" * 32, "<script>", "a" * 5000, ".".join(["b" * 32] * 9)):
        fresh = Client()
        fresh.cookies["dure_known"] = value
        assert signs_in(fresh, login) == 302
    assert notes(login) == ["new_browser"] * 5


def test_a_browser_remembers_five_logins() -> None:
    logins, browser = [at_home() for _ in range(6)], Client()
    for login in logins:
        signs_in(browser, login)
        browser.post("/accounts/logout/")
    assert len(browser.cookies["dure_known"].value.split(".")) == 5
    for login in (logins[5], logins[0]):
        signs_in(browser, login)
        browser.post("/accounts/logout/")
    assert [len(notes(login)) for login in (logins[5], logins[0])] == [1, 2]


def test_a_recovery_code_that_was_used_is_told() -> None:
    login, browser = at_home(), Client()
    login.factors.create(type="totp", data={"secret": seal_secret(SECRET)})
    code = RecoveryCodes.activate(login).get_unused_codes()[0]
    assert signs_in(browser, login) == 302
    assert notes(login) == []
    assert browser.post("/accounts/2fa/authenticate/", {"code": "00000000"}).status_code == 200
    assert notes(login) == []
    assert browser.post("/accounts/2fa/authenticate/", {"code": code}).status_code == 302
    assert sorted(notes(login)) == ["code_used", "new_browser"]


def test_an_app_that_was_added_on_its_page_is_told(
    django_capture_on_commit_callbacks: Captured,
) -> None:
    login, browser = at_home(), Client()
    signs_in(browser, login)
    browser.post("/accounts/reauthenticate/", {"password": OLD})
    assert browser.get("/accounts/2fa/totp/activate/").status_code == 200
    code = totp_code(browser.session["mfa.totp.secret"], int(people._now().timestamp()))
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/accounts/2fa/totp/activate/", {"code": code})
    assert sorted(notes(login)) == ["app_added", "new_browser"]
