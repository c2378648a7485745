"""What was computed and checked before anything is published; never shown to the public."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from dure.core.models import AppendOnlyModel
from dure.indicators.models.definitions import DefinitionVersion
from dure.indicators.models.releases import Release
from dure.indicators.models.states import cell_constraints


class Run(AppendOnlyModel):
    """One computation of a release: at which cut, by which code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="runs")
    at = models.DateTimeField("시각")
    cut_seq = models.BigIntegerField("자료 기준 번호")
    cut_day = models.DateField("자료 기준일")
    events = models.BigIntegerField("읽은 사건 수")
    late = models.BigIntegerField("늦은 사건 수", default=0)
    code_hash = models.CharField("계산 코드 지문", max_length=64)
    factors = models.JSONField("쓴 계수", default=list)
    root = models.CharField("단위 지문", max_length=64)
    audit = models.UUIDField()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "계산"


class Observation(AppendOnlyModel):
    """One computed cell with what stands behind it: contributors and rows read."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="observations")
    version = models.ForeignKey(DefinitionVersion, models.PROTECT)
    breakdown = models.CharField(max_length=60, default="")
    grain = models.CharField(max_length=7)
    period = models.CharField(max_length=7)
    place = models.CharField(max_length=5)
    num = models.BigIntegerField(null=True)
    den = models.BigIntegerField(null=True)
    state = models.CharField(max_length=2, default="")
    reason = models.CharField(max_length=16, default="")
    coverage_ppm = models.IntegerField(null=True)
    contributors = models.IntegerField(null=True)
    rows_read = models.IntegerField(default=0)
    audit = models.UUIDField()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "관측값"
        constraints = [
            *cell_constraints("observation"),
            models.UniqueConstraint(
                fields=["run", "version", "breakdown", "grain", "period", "place"],
                name="observation_stands_once_in_a_run",
            ),
            models.CheckConstraint(
                condition=Q(contributors__isnull=True) | Q(contributors__gte=0, rows_read__gte=0),
                name="observation_counts_are_counts",
            ),
        ]


class Check(AppendOnlyModel):
    """One rule asked of one run. The worst cell is for staff; the page names the rule alone."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="checks")
    rule = models.CharField("검사", max_length=40)
    passed = models.BooleanField("통과")
    faults = models.IntegerField("어긴 단위 수", default=0)
    worst_cell = models.CharField("가장 나쁜 단위", max_length=120, default="")
    audit = models.UUIDField()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "검사"
        constraints = [
            models.UniqueConstraint(fields=["run", "rule"], name="check_is_asked_once_of_a_run"),
            models.CheckConstraint(
                condition=Q(passed=True, faults=0) | Q(passed=False, faults__gt=0),
                name="check_passes_without_faults_only",
            ),
        ]
