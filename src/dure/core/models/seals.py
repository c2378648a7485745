"""Seals over append-only tables, and the heads of their chains (봉인)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from dure.core.models.base import AppendOnlyModel, DomainModel


class SealHead(DomainModel):
    """The newest seal of one chain, and where its digest was published."""

    chain = models.CharField("사슬", max_length=40, primary_key=True)
    number = models.BigIntegerField("번호")
    digest = models.BinaryField("해시", max_length=32)
    horizon = models.BigIntegerField("어디까지")
    sealed_at = models.DateTimeField("봉인한 시각", null=True)
    published = models.JSONField("알린 곳", default=list)

    class Meta(DomainModel.Meta):
        verbose_name = "봉인 머리"


class Seal(AppendOnlyModel):
    """One batch: the lines of transactions in [from, to), by seq, hashed onto the seal before."""

    id = models.BigAutoField(primary_key=True)
    chain = models.CharField("사슬", max_length=40)
    number = models.BigIntegerField("번호")
    batch_from = models.BigIntegerField("처음")
    batch_to = models.BigIntegerField("끝")
    row_count = models.IntegerField("행 수")
    digest = models.BinaryField("해시", max_length=32)
    sealed_at = models.DateTimeField("봉인한 시각")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "봉인"
        constraints = (
            models.UniqueConstraint(fields=("chain", "number"), name="seal_number_used_once"),
            models.CheckConstraint(
                condition=Q(batch_to__gt=F("batch_from")), name="seal_ends_after_it_began"
            ),
        )


class PublishedHead(AppendOnlyModel):
    """The head of a chain as it was published: at the end of a day, or with a release."""

    class Occasion(models.TextChoices):
        """Why a head was published."""

        DAY = "day", "날"
        RELEASE = "release", "공표본"

    id = models.BigAutoField(primary_key=True)
    occasion = models.CharField("까닭", max_length=10, choices=Occasion)
    name = models.CharField("날 또는 공표본 번호", max_length=10)
    chain = models.CharField("사슬", max_length=40)
    number = models.BigIntegerField("번호")
    digest = models.BinaryField("해시", max_length=32)
    sealed_at = models.DateTimeField("봉인한 시각")
    published_at = models.DateTimeField("알린 시각")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "알린 머리"
        constraints = (
            models.UniqueConstraint(
                fields=("occasion", "name", "chain"), name="head_published_once_a_day_or_release"
            ),
        )
