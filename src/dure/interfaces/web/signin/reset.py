"""A forgotten password: one answer for known and unknown, a link to the vault's address."""

from __future__ import annotations

from allauth.decorators import rate_limit
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from dure.core.text import T
from dure.interfaces.web.base import act, page, see
from dure.interfaces.web.errors import not_found
from dure.registry.queries.login import login_of_reset_link
from dure.registry.vault import holding

LABELS = {"password": T("새 비밀번호", "New password"), "login": T("로그인 이름", "Sign-in name")}


@rate_limit(action="reset_password")  # type: ignore[untyped-decorator]  # the library is untyped
def ask(request: HttpRequest) -> HttpResponse:
    """Ask who forgot; the answer never tells whether anybody is meant."""
    if request.method != "POST":
        return page(request, "account/password_reset.html")
    with holding({"login": request.POST.get("login", "").strip()[:254]}) as tag:
        done = act(
            request, "registry.login.ask_reset", {"values": tag},
            again="account/password_reset.html", labels=LABELS,
        )  # fmt: skip
    return done if isinstance(done, HttpResponse) else see(reverse("account_reset_password_done"))


def asked(request: HttpRequest) -> HttpResponse:
    """Say what happens next, to everybody alike."""
    return page(request, "account/password_reset_done.html")


@rate_limit(action="reset_password_from_key")  # type: ignore[untyped-decorator]  # as above
def choose(request: HttpRequest, link: str) -> HttpResponse:
    """Set a password by the link; a wrong, spent or old one is not found."""
    if login_of_reset_link(link) is None:
        return not_found(request)
    if request.method != "POST":
        return page(request, "account/password_reset_from_key.html")
    with holding({"link": link, "password": request.POST.get("password", "")}) as tag:
        done = act(
            request,
            "registry.login.reset_password",
            {"values": tag},
            success_url=reverse("account_login"),
            again="account/password_reset_from_key.html",
            labels=LABELS,
            done=T(
                "비밀번호를 바꾸었습니다. 새 비밀번호로 로그인해 주세요.",
                "Password set. Please sign in with it.",
            ),
        )
    assert isinstance(done, HttpResponse)
    return done
