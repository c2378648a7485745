"""The one door between the sign-in library and Dure: every change goes through our actions.

Law: the library never sees a mail address, writes none, sends none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.text import T
from dure.interfaces.web.base import page, see
from dure.interfaces.web.signin import known_browsers, own_device
from dure.registry.vault import holding
from dure.registry.vault.factors import open_secret, seal_secret

# A factor that was just made was shown by making it: the session has taken its second step.
ADDED = {"totp_activated": "totp", "webauthn_added": "webauthn"}
RECORDED = frozenset(
    {
        "totp_activated", "totp_deactivated", "webauthn_added", "webauthn_removed",
        "recovery_codes_generated", "account_disconnected",
    }
)  # fmt: skip


def shown_name(user: Any) -> str:  # Any: the library's user, a Login
    """The name of a login on a page: its handle."""
    return str(user.handle)


def counted_name(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """The name under which failures are counted: a handle, or the tag of an unknown address."""
    return str((credentials or {}).get("username") or "")[:64]


def locked_out(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> HttpResponse:
    """The page of a name that was guessed too often: the same for every name."""
    return page(request, "account/locked.html", status=429)


def person_of(user: Any) -> Actor:  # Any: the library's user, a Login
    """The actor behind a login, for what she does to her own ways to sign in."""
    return Actor.person(user.person_id, origin="web", assured=False)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library is untyped
    """Accounts of the library, kept by our actions."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": T(
            "로그인 이름(또는 전화번호, 전자우편)이나 비밀번호가 맞지 않습니다. 다시 적어 주세요.",
            "The sign-in name (or phone, mail) or the password does not match. Please try again.",
        ),
        "too_many_login_attempts": T(
            "너무 여러 번 시도했습니다. 15분 뒤에 다시 해 주세요.",
            "Too many attempts. Please try again in 15 minutes.",
        ),
        "incorrect_code": T(
            "번호가 맞지 않습니다. 새 번호로 다시 해 주세요.",
            "The code does not match. Please try again with a new one.",
        ),
        "incorrect_password": T(
            "비밀번호가 맞지 않습니다. 다시 적어 주세요.",
            "The password does not match. Please try again.",
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Signing up is a page and an action of ours."""
        return False

    def new_user(self, request: HttpRequest) -> NoReturn:
        raise AssertionError("a login is made by registry.login.sign_up")

    def save_user(self, *args: object, **kwargs: object) -> NoReturn:
        raise AssertionError("a login is made by registry.login.sign_up")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> NoReturn:
        raise AssertionError("letters leave through notices")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Check a password; one of an old kind is hashed anew by an action."""
        user = super().authenticate(request, **credentials)
        if user is not None and user.has_old_hash():
            with holding({"password": credentials["password"]}) as tag:
                run(
                    "registry.login.renew_hash",
                    {"login_id": str(user.pk), "values": tag},
                    Actor.anonymous(),
                )
            user.refresh_from_db(fields=["password"])
        return user

    def set_password(self, user: Any, password: str) -> None:
        """Set the password of the login that is signed in."""
        with holding({"password": password}) as tag:
            run("registry.login.set_password", {"values": tag}, person_of(user))
        user.refresh_from_db(fields=["password"])

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Record a change of a way to sign in; its notice goes to the vault's address."""
        change = template_prefix.rpartition("/")[2]
        if change in RECORDED:
            run("registry.login.record", {"change": change}, person_of(user))
        if change in ADDED:
            record_authentication(self.request, user, "mfa", type=ADDED[change])

    def post_login(self, request: HttpRequest, user: Any, **given: Any) -> HttpResponse:
        """Go on after signing in; a browser that this login does not know yet is told of, and one
        that somebody else left without signing out shows her notices no more."""
        response: HttpResponse = super().post_login(request, user, **given)
        own_device.end_for_others(request, user.person_id)
        if not known_browsers.knows(request, user.pk):
            if not given.get("signup"):
                run("registry.login.record", {"change": "new_browser"}, person_of(user))
            known_browsers.remember(request, response, user.pk)
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("web:security")


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library is untyped
    """Second factors: secrets encrypted, names in our words."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_delete_authenticator": T(
            "마지막 로그인 수단은 없앨 수 없습니다. 먼저 다른 것을 만들어 주세요.",
            "The last way to sign in cannot be removed. Please add another first.",
        ),
    }

    def encrypt(self, text: str) -> str:
        return seal_secret(text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_secret(encrypted_text)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """A login keeps at least one way in: a password, or a passkey."""
        login = authenticator.user
        if authenticator.type != "webauthn" or login.has_usable_password():
            return True
        return bool(login.factors.filter(type="webauthn").count() > 1)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002  its name
        count = user.factors.filter(type=type).count()
        return str(T("패스키 %(n)s", "Passkey %(n)s") % {"n": count + 1})

    def _get_site_name(self) -> str:
        return str(T("두레", "Dure"))


class OutsideAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # the library is untyped
    """Accounts elsewhere (OIDC): joined to a login by its owner, never a way to make one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """Drop what the other side tells about the person before anything looks or is saved."""
        sociallogin.email_addresses = []
        sociallogin.account.extra_data = {}
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Join an outside account to the login that asked for it, by an action of ours."""
        if sociallogin.state.get("process") != AuthProcess.CONNECT:
            return
        if request.user.is_authenticated and not sociallogin.is_existing:
            account = {"provider": sociallogin.account.provider, "uid": sociallogin.account.uid}
            with holding(account) as tag:
                run("registry.login.connect", {"values": tag}, person_of(request.user))
        raise ImmediateHttpResponse(see(reverse("web:security")))

    def send_notification_mail(
        self, template_prefix: str, user: Any, *args: Any, **kwargs: Any
    ) -> None:
        AccountAdapter(self.request).send_notification_mail(template_prefix, user)
