"""Conversion factors, with their source; a factor may be required and not yet known."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q

from dure.core.models import AppendOnlyModel


class Factor(AppendOnlyModel):
    """One value of a factor from one source; a new value is a new row."""

    seq = models.BigAutoField(primary_key=True)
    uid = models.UUIDField("이름표", default=uuid.uuid4, editable=False)
    code = models.CharField("부호", max_length=60)
    gas = models.CharField("기체", max_length=10, default="CO2e")
    from_unit = models.CharField("무엇당", max_length=6)
    micrograms = models.BigIntegerField("단위당 마이크로그램", null=True)
    gwp_set = models.CharField("온난화 지수", max_length=20, blank=True, default="")
    year = models.SmallIntegerField("기준 연도")
    purpose = models.CharField("목적", max_length=20)
    source = models.CharField("출처", max_length=300)
    source_hash = models.CharField("파일 해시", max_length=64)
    valid = DateRangeField("기간")
    uncertainty_ppm = models.BigIntegerField("불확실도(백만분율)", null=True)
    reliability = models.SmallIntegerField("신뢰 등급(1–5)", null=True)
    made_of = ArrayField(models.UUIDField(), verbose_name="곱한 계수", default=list)
    is_synthetic = models.BooleanField("가상 자료", default=False)
    recorded_at = models.DateTimeField("적은 시각")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "환산 계수"
        constraints = (
            models.UniqueConstraint(fields=("uid",), name="factor_uid_once"),
            models.UniqueConstraint(
                fields=("code", "purpose", "year", "source_hash", "made_of"),
                name="factor_once_per_source",
            ),
            models.CheckConstraint(
                condition=Q(micrograms__isnull=True) | Q(micrograms__gte=0),
                name="factor_is_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(reliability__isnull=True) | Q(reliability__range=(1, 5)),
                name="factor_reliability_from_1_to_5",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="factor_names_its_source"),
        )
        indexes = (models.Index(fields=("code", "purpose"), name="factor_by_code"),)
