"""Recusals: who may not be assigned to, decide or count at something."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from dure.core.models import AppendOnlyModel

if TYPE_CHECKING:
    from dure.core.actors import Actor


class Recusal(AppendOnlyModel):
    """One person out of one matter; never taken back."""

    class Way(models.TextChoices):
        EXCLUSION = "exclusion", "제척"
        CHALLENGE = "challenge", "기피"
        WITHDRAWAL = "withdrawal", "회피"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject_kind = models.CharField("무엇에서", max_length=40)
    subject_id = models.UUIDField("무엇의 번호")
    person = models.UUIDField("사람")
    way = models.CharField("갈래", max_length=10, choices=Way.choices)
    reason = models.CharField("까닭", max_length=500, blank=True, default="")
    decided_by = models.UUIDField("정한 사람", null=True)
    at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "제척·기피·회피"
        constraints = (
            models.UniqueConstraint(
                fields=("subject_kind", "subject_id", "person"), name="recusal_once_a_matter"
            ),
            models.CheckConstraint(
                condition=Q(way="withdrawal") | Q(decided_by__isnull=False) | ~Q(reason=""),
                name="recusal_of_another_has_a_reason",
            ),
        )

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """One's own; the rooms that ask do so by matter."""
        return Q(person=actor.id) if actor.id else Q(pk__in=[])
