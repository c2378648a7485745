"""Standard labels: the registered meaning of every event."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from dure.core.models import DomainModel


class EvidenceClass(models.TextChoices):
    """How well an event is known, weakest first."""

    ESTIMATED = "E", "추정"
    STATED = "A", "스스로 밝힘"
    CONFIRMED = "B", "상대가 확인함"
    MEASURED = "C", "계측 또는 제삼자"


EVIDENCE_ORDER = "EABC"


class Label(DomainModel):
    """One version of a label. A version is never edited; a later one ends it."""

    class DistrictRule(models.TextChoices):
        SITE = "site", "일이 일어난 곳"
        RESIDENT = "resident", "사는 곳"
        BUYER = "buyer", "사는 쪽"
        HEAD_OFFICE = "head_office", "본점"
        CITY = "city", "서울 전체"

    class Additive(models.TextChoices):
        SUM = "sum", "더할 수 있음"
        DISTINCT = "distinct", "겹침을 빼고 셈"
        SNAPSHOT = "snapshot", "한때의 상태"

    class Disclosure(models.TextChoices):
        ORG_PUBLIC = "org_public", "조직, 공개"
        ORG_SENSITIVE = "org_sensitive", "조직, 민감"
        PERSON = "person", "사람"

    id = models.SmallAutoField(primary_key=True)
    code = models.CharField("부호", max_length=40)
    version = models.SmallIntegerField("판")
    ko = models.CharField("이름", max_length=60)
    en = models.CharField("영문 이름", max_length=60)
    definition_ko = models.TextField("정의")
    definition_en = models.TextField("영문 정의")
    excluded_ko = models.TextField("빼는 것")
    excluded_en = models.TextField("영문 빼는 것")
    action = models.CharField("행위 낱말", max_length=20)
    sector = models.CharField("분야", max_length=12)
    unit = models.CharField("단위", max_length=6)
    district_rule = models.CharField("자치구 규칙", max_length=12, choices=DistrictRule.choices)
    evidence_floor = models.CharField(
        "가장 낮은 증거 등급", max_length=1, choices=EvidenceClass.choices
    )
    additive = models.CharField("더하기", max_length=8, choices=Additive.choices)
    disclosure = models.CharField("공개 등급", max_length=14, choices=Disclosure.choices)
    dims = models.JSONField("구분", default=dict)
    codes = models.JSONField("다른 체계의 부호", default=dict)
    serves = models.CharField("쓰임", max_length=200)
    valid = DateRangeField("기간")
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "표준 라벨"
        ordering = ("code", "version")
        constraints = (
            models.UniqueConstraint(fields=("code", "version"), name="label_version_once"),
            ExclusionConstraint(
                name="label_versions_do_not_overlap",
                expressions=(
                    ("code", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ),
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="label_version_from_one"),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z]+(\.[a-z_]+)+$"), name="label_code_is_dotted"
            ),
        )

    database_grants = ("SELECT", "INSERT", "UPDATE")

    def __str__(self) -> str:
        return self.code
