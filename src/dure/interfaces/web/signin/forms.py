"""The library's forms, bent: an address becomes a handle before the library looks at it."""

from __future__ import annotations

from allauth.account.forms import LoginForm as LibraryLoginForm
from allauth.core import context
from django import forms
from django.core.validators import MaxLengthValidator

from dure.interfaces.web.base import actor_of
from dure.registry.queries.login import login_named
from dure.registry.vault import crypto, keys, ring

TYPED_MAX = 254


class LoginForm(LibraryLoginForm):  # type: ignore[misc]  # the library is untyped
    """Sign in by handle, phone number or mail address.

    What was typed never reaches the library, the session, or the table of failed attempts: an
    address that is nobody's becomes a keyed tag, so it is counted like every other name.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        field = forms.CharField(validators=[MaxLengthValidator(TYPED_MAX)])
        self.fields["login"] = field

    def clean_login(self) -> str:
        """Return the handle that is meant."""
        typed = self.cleaned_data["login"].strip()
        login = login_named(typed, actor_of(context.request))
        return login.handle if login is not None else stranger(typed)


def stranger(typed: str) -> str:
    """Return what stands for a name that nobody has: no handle begins with a question mark."""
    return "?" + crypto.tag(ring().latest(keys.HELD)[1], "stranger", typed.casefold()).hex()[:18]
