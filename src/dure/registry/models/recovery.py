"""Recovery of a sign-in: asked by one of the centre's staff, agreed by another, waited for."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from .people import Person
from .rows import RegistryRow

OPEN = ("asked", "agreed", "printed")


class Recovery(RegistryRow):
    """One person's way back in. The code is printed once; here stands its keyed hash alone."""

    class State(models.TextChoices):
        ASKED = "asked", "다른 직원을 기다림"
        AGREED = "agreed", "기다리는 시간"
        PRINTED = "printed", "번호를 건넴"
        USED = "used", "되찾음"
        REFUSED = "refused", "거절함"
        STOPPED = "stopped", "멈춤"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="recoveries")
    state = models.CharField("상태", max_length=8, choices=State.choices, default="asked")
    asked_by = models.UUIDField("부탁한 직원")
    asked_at = models.DateTimeField("부탁한 시각")
    decided_by = models.UUIDField("답한 직원", null=True)
    decided_at = models.DateTimeField("답한 시각", null=True)
    opens_at = models.DateTimeField("열리는 시각", null=True)
    code_tag = models.CharField("번호의 해시", max_length=64, blank=True, default="")
    code_until = models.DateTimeField("번호의 기한", null=True)
    ends_at = models.DateTimeField("기한")

    class Meta(RegistryRow.Meta):
        verbose_name = "로그인 되찾기"
        constraints = (
            models.CheckConstraint(
                condition=~Q(asked_by=F("decided_by")) | Q(decided_by__isnull=True),
                name="recovery_is_agreed_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=~Q(person=F("asked_by"))
                & (Q(decided_by__isnull=True) | ~Q(person=F("decided_by"))),
                name="recovery_is_not_of_oneself",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("asked", "stopped", "refused"))
                | Q(decided_by__isnull=False, opens_at__gt=F("decided_at")),
                name="recovery_waits_after_it_was_agreed",
            ),
            models.UniqueConstraint(
                fields=("person",), condition=Q(state__in=OPEN), name="recovery_is_one_a_person"
            ),
            models.UniqueConstraint(
                fields=("code_tag",), condition=~Q(code_tag=""), name="recovery_code_is_one"
            ),
        )
