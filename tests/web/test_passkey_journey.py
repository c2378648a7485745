"""Sign up with a passkey and come back with it, in a browser with a virtual authenticator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache

from dure.registry.models import Login
from dure.registry.queries.login import reset_link
from tests.web.conftest import LANGUAGES, WIDTHS, Window

pytestmark = pytest.mark.browser
GOOD = "느티나무 아래 4명"

WORDS = {
    "ko": {
        "passkey_up": "패스키로 가입하기",
        "welcome": "가입했습니다",
        "out": "로그아웃하기",
        "passkey_in": "패스키로 로그인하기",
        "security": "로그인과 안전",
    },
    "en": {
        "passkey_up": "Sign up with a passkey",
        "welcome": "You have signed up",
        "out": "Sign out",
        "passkey_in": "Sign in with a passkey",
        "security": "Sign-in and safety",
    },
}


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    cache.clear()


def with_authenticator(window: Window) -> Any:
    """A device that holds passkeys and says yes."""
    protocol = window.page.context.new_cdp_session(window.page)
    protocol.send("WebAuthn.enable")
    made = protocol.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return protocol, made["authenticatorId"]


def sound(window: Window, name: str) -> None:
    assert window.sound() == []
    assert window.sideways() == []
    assert window.small_targets() == []
    window.picture(name)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_sign_up_leave_and_come_back_with_a_passkey(
    visit: Callable[..., Window], width: int, language: str
) -> None:
    words = WORDS[language]
    window = visit(width, language)
    protocol, device = with_authenticator(window)
    page = window.page
    assert window.go("/accounts/signup/") == 200
    sound(window, "signup")
    page.fill("#f-handle", "gildong")
    page.fill("#f-name", "홍길동")
    page.check("#f-consent")
    page.get_by_role("button", name=words["passkey_up"]).click()
    page.wait_for_url("**/me/welcome/")
    assert page.locator("h1").inner_text() == words["welcome"]
    sound(window, "welcome")
    held = protocol.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert [one["isResidentCredential"] for one in held] == [True]
    assert [one["rpId"] for one in held] == ["localhost"]
    login = Login.objects.get(handle="gildong")
    assert not login.has_usable_password()

    window.go("/accounts/logout/")
    sound(window, "logout")
    page.get_by_role("main").get_by_role("button", name=words["out"], exact=True).click()
    page.wait_for_load_state()
    window.go("/accounts/login/")
    sound(window, "login")
    page.get_by_role("button", name=words["passkey_in"]).click()
    page.wait_for_url("**/me/")
    assert window.go("/me/security/") == 200
    assert page.locator("h1").inner_text() == words["security"]
    sound(window, "security")
    window.go("/me/data/")
    sound(window, "my_data")


def test_without_a_script_the_password_form_stands_alone(visit: Callable[..., Window]) -> None:
    window = visit(360, "ko", script=False)
    window.go("/accounts/login/")
    assert window.page.get_by_role("button", name="패스키로 로그인하기").count() == 0
    window.go("/accounts/signup/")
    assert window.page.get_by_role("button", name="패스키로 가입하기").count() == 0
    window.page.fill("#f-handle", "gildong")
    window.page.fill("#f-name", "홍길동")
    window.page.fill("#f-password", "느티나무 아래 4명")
    window.page.check("#f-consent")
    window.page.get_by_role("button", name="비밀번호로 가입하기").click()
    window.page.wait_for_url("**/me/welcome/")


def test_refused_passkey_says_so_and_changes_nothing(visit: Callable[..., Window]) -> None:
    window = visit(360, "ko")
    protocol, device = with_authenticator(window)
    protocol.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    window.go("/accounts/signup/")
    window.page.fill("#f-handle", "gildong")
    window.page.fill("#f-name", "홍길동")
    window.page.check("#f-consent")
    window.page.get_by_role("button", name="패스키로 가입하기").click()
    window.page.wait_for_selector("[data-passkey-error]:not([hidden])")
    assert Login.objects.count() == 0


def filled(window: Window, words: dict[str, str]) -> None:
    window.go("/accounts/signup/")
    window.page.fill("#f-handle", "gildong")
    window.page.fill("#f-name", "홍길동")
    window.page.check("#f-consent")
    window.page.get_by_role("button", name=words["passkey_up"]).click()
    window.page.wait_for_url("**/me/welcome/")


def each_sound(window: Window, paths: dict[str, str]) -> None:
    for name, path in paths.items():
        assert (window.go(path), path) == (200, path)
        assert window.page.locator("h1").count() == 1, path
        sound(window, name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_behind_a_confirmation_are_sound(visit: Callable[..., Window], language: str) -> None:
    words = WORDS[language]
    window = visit(360, language)
    with_authenticator(window)
    filled(window, words)
    login = Login.objects.get(handle="gildong")
    key = login.factors.get(type="webauthn").pk
    each_sound(
        window,
        {
            "totp_activate": "/accounts/2fa/totp/activate/",
            "passkey_add": "/accounts/2fa/passkeys/add/",
            "passkey_remove": f"/accounts/2fa/passkeys/{key}/remove/",
            "codes_new": "/accounts/2fa/codes/new/",
            "password_set": "/accounts/password/set/",
            "reauthenticate_passkey": "/accounts/2fa/passkeys/reauthenticate/",
            "address": "/me/address/",
            "erase": "/me/data/erase/",
            "consents": "/me/consents/",
        },
    )
    window.go("/accounts/2fa/codes/new/")
    window.page.locator("main button[type=submit]").first.click()
    window.page.wait_for_url("**/accounts/2fa/codes/")
    assert window.page.locator("main li code").count() == 10
    sound(window, "codes")
    window.go("/accounts/password/set/")
    window.page.fill("#f-password1", GOOD)
    window.page.fill("#f-password2", GOOD)
    window.page.locator("main form.form button[type=submit]").click()
    window.page.wait_for_url("**/me/security/")
    each_sound(
        window,
        {
            "password_change": "/accounts/password/change/",
            "reauthenticate": "/accounts/reauthenticate/",
            "reauthenticate_code": "/accounts/2fa/reauthenticate/",
        },
    )
    fresh = visit(360, language)
    fresh.go("/accounts/login/")
    fresh.page.fill("#f-login", "gildong")
    fresh.page.fill("#f-password", GOOD)
    fresh.page.locator("main form.form button[type=submit]").click()
    fresh.page.wait_for_url("**/accounts/2fa/authenticate/")
    sound(fresh, "authenticate")
    link = reset_link(login.person_id)
    each_sound(
        fresh,
        {
            "reset": "/accounts/password/reset/",
            "reset_done": "/accounts/password/reset/done/",
            "reset_choose": f"/accounts/password/reset/{link}/",
            "inactive": "/accounts/inactive/",
            "erased": "/about/erased/",
        },
    )
