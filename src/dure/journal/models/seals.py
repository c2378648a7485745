"""Seals: positions in the journal up to which nothing can be missing any more."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from dure.core.models import AppendOnlyModel


class Seal(AppendOnlyModel):
    """A cut: every event with `seq <= seq_to` is in the chain that ends in `head`."""

    id = models.AutoField(primary_key=True)
    seq_from = models.BigIntegerField("처음 번호")
    seq_to = models.BigIntegerField("끝 번호")
    row_count = models.BigIntegerField("줄 수")
    previous = models.CharField("앞 머리 해시", max_length=64)
    head = models.CharField("머리 해시", max_length=64)
    sealed_at = models.DateTimeField("봉인 시각")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "봉인"
        constraints = (
            models.UniqueConstraint(fields=("seq_to",), name="seal_position_once"),
            models.UniqueConstraint(fields=("previous",), name="seal_follows_one_head"),
            models.CheckConstraint(condition=Q(row_count__gte=1), name="seal_holds_a_row"),
        )
