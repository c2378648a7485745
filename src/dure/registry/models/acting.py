"""Acting for a person without a phone: one stretch at the counter, which ends by itself."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from .mandates import Mandate
from .people import Person
from .rows import RegistryRow


class Acting(RegistryRow):
    """A stretch of time in which staff do what a person asks; under a mandate `acts_for`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="stretches")
    staff = models.UUIDField("대신하는 사람")
    person = models.ForeignKey(Person, models.PROTECT, related_name="helped")
    began_at = models.DateTimeField("시작")
    ends_at = models.DateTimeField("끝")

    class Meta(RegistryRow.Meta):
        verbose_name = "대신하기"
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("began_at")), name="acting_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=~Q(person=F("staff")), name="acting_is_for_somebody_else"
            ),
        )
        indexes = (models.Index(fields=("staff", "ends_at"), name="acting_by_staff"),)
