"""Rule sets: the frozen selection of rules that a call or a vote used."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from dure.core.models import AppendOnlyModel

if TYPE_CHECKING:
    from dure.core.actors import Actor


class RuleSet(AppendOnlyModel):
    """Canonical JSON and its hash; whoever holds the text can check the hash without us."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject_kind = models.CharField("무엇의", max_length=40)
    subject_id = models.UUIDField("무엇의 번호")
    text = models.TextField("규칙(정규 JSON)")
    sha256 = models.CharField("해시", max_length=64)
    made_at = models.DateTimeField("고정한 시각")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "고정한 규칙"
        constraints = (
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="ruleset_hash_is_sha256"
            ),
            models.UniqueConstraint(
                fields=("subject_kind", "subject_id", "sha256"), name="ruleset_frozen_once"
            ),
        )

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Rules are public."""
        return Q()
