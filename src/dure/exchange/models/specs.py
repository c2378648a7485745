"""Specs: kinds of things and skills."""

from __future__ import annotations

from django.db import models

from dure.core.models import DomainModel


class Spec(DomainModel):
    """A kind of thing or skill: by the code of a published scheme, or an organisation's own."""

    class Kind(models.TextChoices):
        SKILL = "skill", "기술"
        SERVICE = "service", "서비스"
        ITEM = "item", "물건"
        FOOD = "food", "먹거리"
        ENERGY = "energy", "에너지"
        DWELLING = "dwelling", "집"
        RIDE = "ride", "이동"

    id = models.AutoField(primary_key=True)
    organisation = models.ForeignKey(
        "registry.Organisation", models.PROTECT, null=True, related_name="+", verbose_name="조직"
    )
    scheme = models.CharField("체계", max_length=20)
    code = models.CharField("부호", max_length=40)
    kind = models.CharField("종류", max_length=8, choices=Kind.choices)
    ko = models.CharField("이름", max_length=60)
    en = models.CharField("영문 이름", max_length=60)
    label = models.CharField("표준 라벨", max_length=40)
    unit = models.CharField("단위", max_length=6)
    codes = models.JSONField("다른 체계의 부호", default=dict)
    allergens = models.JSONField("알레르기 유발 물질", default=list)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "품목·기술"
        ordering = ("scheme", "code")
        constraints = (
            models.UniqueConstraint(
                fields=("organisation", "scheme", "code"),
                name="spec_code_once_a_scheme",
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return self.ko
