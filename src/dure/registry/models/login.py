"""Sign-in accounts: a handle, never an e-mail address (로그인)."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from dure.core.models.base import DOOR
from dure.registry.models.people import Person


class Login(AbstractBaseUser):
    """How a person signs in. The address lies in the vault; here only the handle."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="login")
    handle = models.CharField(max_length=20, unique=True)
    skeleton = models.CharField(max_length=20, unique=True)
    is_active = models.BooleanField(default=True)
    last_login = None  # type: ignore[assignment]  # Django's column would be written at sign-in
    audit = models.UUIDField()

    USERNAME_FIELD = "handle"
    objects: BaseUserManager[Login] = BaseUserManager()

    class Meta:
        verbose_name = "로그인"
        triggers = [DOOR]
