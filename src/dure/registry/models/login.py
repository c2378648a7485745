"""Sign-in accounts: a handle, never an e-mail address (로그인)."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password as check_hash
from django.contrib.auth.hashers import get_hasher, identify_hasher, make_password
from django.db import models

from dure.core.models.base import DOOR
from dure.registry.models.people import Person

HANDLE = re.compile(r"[a-z가-힣][a-z0-9_가-힣]{2,19}")
LONG_NUMBER = re.compile(r"[0-9]{7}")


def normal_handle(text: str) -> str:
    """Return a handle as it is stored: NFKC, case-folded, without blanks around it.

    >>> normal_handle(" Ｄure_길동 ")
    'dure_길동'
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()


def is_handle(text: str) -> bool:
    """Tell whether a normal form may be a handle: its shape, and no run of seven digits.

    >>> is_handle("길동이"), is_handle("gildong"), is_handle("g1"), is_handle("a0100000000")
    (True, True, False, False)
    """
    return bool(HANDLE.fullmatch(text)) and not LONG_NUMBER.search(text)


def skeleton_of(handle: str) -> str:
    """Return what two handles must not share: the handle without its low lines."""
    return handle.replace("_", "")


class Login(AbstractBaseUser):
    """How a person signs in. The address lies in the vault; here only the handle.

    `skeleton` is a keyed hash of the handle's skeleton: it stays when the person is erased, so
    that no handle is issued twice, and tells nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid4)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="login")
    handle = models.CharField("로그인 이름", max_length=20, unique=True)
    skeleton = models.CharField(max_length=64, unique=True, editable=False)
    is_active = models.BooleanField("쓸 수 있음", default=True)
    last_login = None  # Django's column would be written at sign-in
    created_at = models.DateTimeField("만든 시각")
    audit = models.UUIDField()

    USERNAME_FIELD = "handle"
    objects: ClassVar[BaseUserManager[Login]] = BaseUserManager()  # type: ignore[assignment]  # Self

    class Meta:
        verbose_name = "로그인"
        triggers = (DOOR,)

    @property
    def factors(self) -> Any:  # Any: the library's rows, which carry no types
        """Passkeys, authenticator app and recovery codes, as the library keeps them."""
        return getattr(self, "authenticator_set")  # noqa: B009  the library adds it

    @property
    def browsers(self) -> Any:  # Any: as above
        """Where this login is signed in."""
        return getattr(self, "usersession_set")  # noqa: B009  the library adds it

    @property
    def outside(self) -> Any:  # Any: as above
        """Accounts elsewhere that vouch for this login: provider and opaque id."""
        return getattr(self, "socialaccount_set")  # noqa: B009  the library adds it

    def check_password(self, raw_password: str | None) -> bool:
        """Tell whether this is the password; nothing is written (an action renews old hashes)."""
        return check_hash(raw_password, self.password)

    def has_old_hash(self) -> bool:
        """Tell whether the password's hash is of an older kind than new ones."""
        try:
            return identify_hasher(self.password).algorithm != get_hasher().algorithm
        except ValueError:
            return False

    def forget(self, *, audit: UUID) -> None:
        """Take every way to sign in from an erased person; inside an action only."""
        self.handle = f"x{uuid4().hex[:18]}"
        self.is_active = False
        self.password = make_password(None)
        self.audit = audit
        self.save(update_fields=["handle", "is_active", "password", "audit"])
        self.factors.all().delete()
        self.outside.all().delete()
        end_sessions(self)


def end_sessions(login: Login, *, except_key: str | None = None) -> int:
    """End the sessions of a login, but the one named; returns how many ended."""
    sessions = login.browsers.exclude(session_key=except_key or "")
    ended = 0
    for session in list(sessions):
        session.end()
        ended += 1
    return ended
