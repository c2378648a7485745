"""Signing up: a handle, a name, and a passkey or a password. One page, one action."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login as LibraryLogin
from allauth.decorators import rate_limit
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from dure.core.actions import Outcome
from dure.core.errors import Refusal
from dure.core.text import T
from dure.interfaces.web.base import Form, act, page, refused, see
from dure.registry.queries.login import district_choices, invitation_shown
from dure.registry.vault import holding
from dure.registry.vault.errors import LoginCode

LOGIN_ID = "dure_signup_login"
LABELS = {
    "handle": T("로그인 이름", "Sign-in name"),
    "name": T("이름", "Name"),
    "mail": T("전자우편", "Mail"),
    "phone": T("전화번호", "Phone"),
    "password": T("비밀번호", "Password"),
    "district": T("사는 자치구", "District you live in"),
    "consent": T("동의", "Consent"),
}
HELD = ("handle", "name", "mail", "phone", "password", "credential", "invitation")


@sensitive_post_parameters()
@rate_limit(action="signup")  # type: ignore[untyped-decorator]  # the library is untyped
def sign_up(request: HttpRequest) -> HttpResponse:
    """Show the page, or make the login and sign in with it."""
    if request.user.is_authenticated:
        return see(reverse("web:me"))
    if request.method != "POST":
        return _draw(request, Form(values={"invitation": request.GET.get("invitation", "")}))
    values = {
        name: request.POST[name].strip() for name in HELD if request.POST.get(name, "").strip()
    }
    passkey = "credential" in values
    login_id = request.session.get(LOGIN_ID) or str(uuid4())
    try:
        if request.POST.get("consent") != "yes":
            raise Refusal(LoginCode.CONSENT_NEEDED, field="consent")
        if passkey:
            values["credential"] = _checked(values["credential"])
    except Refusal as refusal:
        return refused(request, refusal, again=lambda form: _draw(request, form), labels=LABELS)
    body: dict[str, object] = {"login_id": login_id, "factor": "passkey" if passkey else "password"}
    if request.POST.get("district"):
        body["district"] = request.POST["district"]
    with holding(values) as tag:
        outcome = act(
            request,
            "registry.login.sign_up",
            {**body, "values": tag},
            again=lambda form: _draw(request, form),
            labels=LABELS,
        )
    if isinstance(outcome, HttpResponse):
        return outcome
    return _welcome(request, outcome, passkey=passkey)


def _welcome(request: HttpRequest, outcome: Outcome[Any], *, passkey: bool) -> HttpResponse:
    """Sign in the login that was just made, and show what comes next."""
    login = get_user_model().objects.get(pk=outcome.result.login_id)
    request.session.pop(LOGIN_ID, None)
    if passkey:
        post_authentication(
            request,
            login.factors.get(type="webauthn"),
            reauthenticated=True,
            passwordless=True,
        )
    else:
        record_authentication(
            request, login, method="password", reauthenticated=True, username=login.handle
        )
    href = reverse("web:welcome")
    response: HttpResponse = perform_login(
        request, LibraryLogin(user=login, redirect_url=href, signup=True)
    )
    return response


def _checked(credential: str) -> str:
    """Check a new passkey against the challenge of this session."""
    try:
        parsed = json.loads(credential)
        webauthn.parse_registration_response(parsed)
        if not webauthn.complete_registration(parsed).is_user_verified():
            raise Refusal(LoginCode.PASSKEY_FAILED)
    except (ValidationError, ValueError, TypeError, KeyError):
        raise Refusal(LoginCode.PASSKEY_FAILED) from None
    return json.dumps(parsed)


def _draw(request: HttpRequest, form: Form) -> HttpResponse:
    login_id = request.session.setdefault(LOGIN_ID, str(uuid4()))
    candidate = get_user_model()(pk=login_id, handle="dure")
    options = webauthn.begin_registration(candidate, True)
    invitation = str(form.values.get("invitation", "") or "")
    context = {
        "form": form,
        "options": options,
        "districts": district_choices(),
        "invitation": invitation,
        "invited": invitation_shown(invitation) if invitation else None,
    }
    return page(request, "account/signup.html", context)
