"""What a number means: its code for ever, and its wording and formula by version (지표 정의)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from dure.core.models import AppendOnlyModel


class Heading(models.TextChoices):
    """The four headings of the mission, and the rows of the city."""

    ECONOMY = "economy", "경제"
    SOCIETY = "society", "사회"
    ENVIRONMENT = "environment", "환경"
    GOVERNANCE = "governance", "거버넌스"
    SEOUL = "seoul", "서울"


class Definition(AppendOnlyModel):
    """A code, never used again for something else."""

    code = models.CharField("코드", max_length=8, primary_key=True)
    heading = models.CharField("분야", max_length=12, choices=Heading.choices)
    audit = models.UUIDField()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "지표"

    def __str__(self) -> str:
        return self.code


class DefinitionVersion(AppendOnlyModel):
    """One version of a definition, valid until the next one begins; a change is a new version."""

    definition = models.ForeignKey(Definition, models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField("판")
    valid_from = models.DateField("첫날")
    name_ko = models.CharField("이름", max_length=60)
    name_en = models.CharField("영문 이름", max_length=80)
    unit = models.CharField("단위", max_length=16)
    tile = models.PositiveSmallIntegerField("대시보드 자리", default=0)
    aggregation = models.CharField("합치는 방법", max_length=10)
    disclosure = models.CharField("공개 등급", max_length=1)
    measured = models.BooleanField("재고 있음", default=False)
    recomputable = models.BooleanField("공개 자료로 다시 계산", default=False)
    numerator = models.TextField("분자", default="")
    denominator = models.TextField("분모", default="")
    known = models.TextField("아는 부분", default="")
    all_of = models.TextField("알아야 할 부분", default="")
    coverage = models.CharField("포함률", max_length=10, default="")
    floor_rule = models.CharField("포함률 규칙", max_length=80, default="")
    k_rule = models.CharField("소수 기준 규칙", max_length=80, default="")
    fte_rule = models.CharField("전일제 규칙", max_length=80, default="")
    scale = models.PositiveIntegerField("배수", default=1)
    digits = models.PositiveSmallIntegerField("소수 자리", default=0)
    better = models.CharField("나은 쪽", max_length=4, default="more")
    target_ppm = models.BigIntegerField("목표", null=True)
    grid = models.TextField("공표 단위표", default="period@city@-")
    grain_ko = models.CharField("단위표 설명", max_length=120)
    grain_en = models.CharField("단위표 영문 설명", max_length=120)
    what_ko = models.TextField("무엇")
    what_en = models.TextField("영문 설명")
    excluded_ko = models.TextField("빼는 것")
    excluded_en = models.TextField("영문 빼는 것")
    labels = models.JSONField("표준 라벨", default=list)
    external = models.JSONField("외부 코드", default=list)
    factors = models.CharField("계수", max_length=120, default="")
    adopted_by = models.CharField("정한 곳", max_length=120, default="")
    digest = models.CharField("내용 지문", max_length=64)
    audit = models.UUIDField()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "지표 정의"
        constraints = [
            models.UniqueConstraint(
                fields=["definition", "version"], name="definition_version_stands_once"
            ),
            models.UniqueConstraint(
                fields=["definition", "valid_from"], name="definition_has_one_version_a_day"
            ),
            models.CheckConstraint(
                condition=Q(measured=False) | ~Q(labels=[]),
                name="measured_definition_names_its_labels",
            ),
            models.CheckConstraint(
                condition=~Q(aggregation="ratio")
                | Q(measured=False)
                | ~Q(denominator="")
                | ~Q(fte_rule=""),
                name="measured_ratio_has_a_denominator",
            ),
            models.CheckConstraint(
                condition=~Q(labels__contains=["indicator.released"]),
                name="definition_does_not_read_releases",
            ),
        ]

    @property
    def code(self) -> str:
        return self.definition_id
