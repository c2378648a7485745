"""Places: districts, dong, residents and support centres."""

from __future__ import annotations

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from dure.core.actors import Actor

from .rows import RegistryFact, RegistryRow


class District(RegistryRow):
    """One of the 25 gu; `sig` is the code everywhere, `kostat` only a column."""

    sig = models.CharField("시군구 코드", max_length=5, primary_key=True)
    kostat = models.CharField("통계청 코드", max_length=5)
    name = models.CharField("이름", max_length=20)
    name_en = models.CharField("영문 이름", max_length=40)

    class Meta(RegistryRow.Meta):
        verbose_name = "자치구"
        ordering = ("sig",)
        constraints = (
            models.UniqueConstraint(fields=("kostat",), name="district_has_one_kostat_code"),
            models.UniqueConstraint(fields=("name",), name="district_has_one_name"),
            models.CheckConstraint(
                condition=Q(sig__regex=r"^[0-9]{5}$") & ~Q(sig="00000"),
                name="district_is_not_the_whole_city",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Districts are public."""
        return Q()


class Dong(RegistryRow):
    """A neighbourhood with dated borders; starts empty, an operator loads a dated list."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    system = models.CharField("코드 체계", max_length=10)
    code = models.CharField("코드", max_length=10)
    name = models.CharField("이름", max_length=40)
    district = models.ForeignKey(District, models.PROTECT, verbose_name="자치구")
    valid = DateRangeField("기간")
    source = models.CharField("출처", max_length=200)

    class Meta(RegistryRow.Meta):
        verbose_name = "행정동"
        constraints = (
            ExclusionConstraint(
                name="dong_code_means_one_place_a_day",
                expressions=(
                    ("system", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ),
            ),
        )


class Population(RegistryFact):
    """Residents of a district on a day, as its source states them."""

    class Sex(models.TextChoices):
        ALL = "all", "전체"
        FEMALE = "female", "여"
        MALE = "male", "남"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    district = models.ForeignKey(District, models.PROTECT, verbose_name="자치구")
    on = models.DateField("기준일")
    age_band = models.CharField("연령대", max_length=10, default="all")
    sex = models.CharField("성별", max_length=6, choices=Sex.choices, default=Sex.ALL)
    heads = models.BigIntegerField("인원")
    source = models.CharField("출처", max_length=200)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, verbose_name="바로잡는 값")

    class Meta(RegistryFact.Meta):
        verbose_name = "인구"
        constraints = (
            models.CheckConstraint(condition=Q(heads__gte=0), name="population_is_not_negative"),
            models.UniqueConstraint(
                fields=("district", "on", "age_band", "sex"),
                condition=Q(corrects__isnull=True),
                name="population_is_stated_once_and_then_corrected",
            ),
        )


class Centre(RegistryRow):
    """The organisation that runs a district's support centre."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    district = models.ForeignKey(District, models.PROTECT, verbose_name="자치구")
    organisation = models.ForeignKey("registry.Organisation", models.PROTECT, verbose_name="조직")
    valid = DateRangeField("기간")

    class Meta(RegistryRow.Meta):
        verbose_name = "지원센터"
        constraints = (
            ExclusionConstraint(
                name="centre_one_per_district_and_day",
                expressions=(
                    ("district", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ),
            ),
        )
