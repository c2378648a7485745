"""Devices: browsers that take push messages. Their addresses lie in the vault, not here."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from .people import Person
from .rows import RegistryRow

SLOTS = (1, 2, 3, 4, 5)


class Device(RegistryRow):
    """One browser of one person. Its address is the vault's cell `push_<slot>`; `mark` is the
    SHA-256 of the address, so that one browser tells one person alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="devices")
    slot = models.SmallIntegerField("자리")
    name = models.CharField("이름", max_length=60)
    mark = models.CharField("주소의 해시", max_length=64)
    added_at = models.DateTimeField("더한 시각")
    dropped_at = models.DateTimeField("뺀 시각", null=True)

    class Meta(RegistryRow.Meta):
        verbose_name = "알림 받는 기기"
        constraints = (
            models.CheckConstraint(condition=Q(slot__in=SLOTS), name="device_slot_is_known"),
            models.UniqueConstraint(
                fields=("person", "slot"),
                condition=Q(dropped_at__isnull=True),
                name="device_slot_is_taken_once",
            ),
            models.UniqueConstraint(
                fields=("mark",),
                condition=Q(dropped_at__isnull=True),
                name="device_tells_one_person",
            ),
        )
