"""Break-glass: two persons open one person's data for a short time; a third looks at it after."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import ExpressionWrapper, F, Q, Value

from .people import Person
from .rows import RegistryRow

LONGEST = timedelta(minutes=30)


class BreakGlass(RegistryRow):
    """Asked by one, granted by another for at most 30 minutes, told to the person, reviewed."""

    class State(models.TextChoices):
        ASKED = "asked", "다른 사람을 기다림"
        GRANTED = "granted", "허락됨"
        REFUSED = "refused", "거절함"
        REVIEWED = "reviewed", "살펴봄"

    class Finding(models.TextChoices):
        RIGHT = "right", "마땅했음"
        WRONG = "wrong", "마땅하지 않았음"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="opened_in_need")
    state = models.CharField("상태", max_length=8, choices=State.choices, default="asked")
    asked_by = models.UUIDField("부탁한 사람")
    asked_at = models.DateTimeField("부탁한 시각")
    why = models.CharField("까닭", max_length=500)
    decided_by = models.UUIDField("답한 사람", null=True)
    granted_at = models.DateTimeField("허락한 시각", null=True)
    ends_at = models.DateTimeField("끝", null=True)
    reviewed_by = models.UUIDField("살펴본 사람", null=True)
    reviewed_at = models.DateTimeField("살펴본 시각", null=True)
    finding = models.CharField(
        "판단", max_length=5, choices=Finding.choices, blank=True, default=""
    )

    class Meta(RegistryRow.Meta):
        verbose_name = "비상 열람"
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="breakglass_needs_two",
            ),
            models.CheckConstraint(
                condition=~Q(person=F("asked_by"))
                & (Q(decided_by__isnull=True) | ~Q(decided_by=F("person"))),
                name="breakglass_is_not_of_oneself",
            ),
            models.CheckConstraint(
                condition=Q(granted_at__isnull=True, ends_at__isnull=True)
                | Q(
                    decided_by__isnull=False,
                    ends_at__lte=ExpressionWrapper(
                        F("granted_at") + Value(LONGEST), output_field=models.DateTimeField()
                    ),
                ),
                name="breakglass_is_short",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True)
                | (~Q(reviewed_by=F("asked_by")) & ~Q(reviewed_by=F("decided_by"))),
                name="breakglass_is_reviewed_by_a_third",
            ),
        )
