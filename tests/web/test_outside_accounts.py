"""Accounts elsewhere: joined by their owner, stripped of everything but an opaque id."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from dure.interfaces.web.signin.adapter import OutsideAdapter
from dure.registry.models import Login
from tests.web.test_accounts import sign_in, signed_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]
TOLD = {"sub": "opaque-1", "email": "gildong@example.test", "name": "홍길동"}


def told_by_provider(process: str) -> SocialLogin:
    account = SocialAccount(provider="outside", uid="opaque-1", extra_data=dict(TOLD))
    told = SocialLogin(account=account, email_addresses=[EmailAddress(email=TOLD["email"])])
    told.user = Login()
    told.state = {"process": process}
    return told


def test_what_the_provider_tells_is_dropped_before_anything_is_saved() -> None:
    told = told_by_provider("login")
    user = OutsideAdapter().populate_user(RequestFactory().get("/"), told, dict(TOLD))
    assert told.account.extra_data == {}
    assert told.email_addresses == []
    assert user.handle == ""


def test_owner_joins_an_account_and_nobody_takes_it_over(client: Client) -> None:
    login = signed_up(client)
    request = RequestFactory().get("/")
    request.user = login
    told = told_by_provider("connect")
    adapter = OutsideAdapter(request)
    adapter.populate_user(request, told, dict(TOLD))
    for _ in range(2):
        with pytest.raises(ImmediateHttpResponse):
            adapter.pre_social_login(request, told)
    assert list(login.outside.values_list("provider", "uid", "extra_data")) == [
        ("outside", "opaque-1", {})
    ]
    other = signed_up(Client(), handle="other")
    request.user = other
    with pytest.raises(Exception, match=r"registry\.address_taken"):
        adapter.pre_social_login(request, told_by_provider("connect"))
    assert sign_in("other").status_code == 302


def test_outside_account_makes_no_login() -> None:
    adapter: Any = OutsideAdapter()
    assert adapter.is_open_for_signup(RequestFactory().get("/"), told_by_provider("login")) is False


@pytest.mark.parametrize(
    "name",
    [
        "account/signup_closed", "socialaccount/authentication_error",
        "socialaccount/login_cancelled", "socialaccount/signup", "socialaccount/login",
        "socialaccount/connections",
    ],
)  # fmt: skip
def test_pages_of_outside_accounts_are_ours(name: str) -> None:
    request = RequestFactory().get("/accounts/outside/")
    text = render_to_string(f"{name}.html", {"form": None, "provider": None}, request)
    assert text.count("<h1>") == 1
    assert '<html lang="ko">' in text
