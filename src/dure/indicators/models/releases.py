"""Releases: what the public sees, frozen for ever (공표본).

A release never changes: its state is the last of its steps, and every row here is insert-only.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from dure.core.actors import Actor
from dure.core.models import AppendOnlyModel
from dure.indicators.models.states import cell_constraints


class ReleaseState(models.TextChoices):
    """Where a release stands."""

    DRAFTED = "drafted", "초안"
    COMPUTED = "computed", "계산됨"
    CHECKED = "checked", "검사 통과"
    BLOCKED = "blocked", "막힘"
    APPROVED = "approved", "승인됨"
    FROZEN = "frozen", "공표됨"
    SUPERSEDED = "superseded", "새 차수가 있음"


class Vintage(models.TextChoices):
    """First, revised, final."""

    FIRST = "1", "1차(첫 공표)"
    REVISED = "2", "2차(수정)"
    FINAL = "F", "최종"


class Release(AppendOnlyModel):
    """One set of cells of a closed grid: a period, the months before it, and a vintage."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    period = models.CharField("기간", max_length=7)
    since = models.CharField("첫 달", max_length=7)
    vintage = models.CharField("차수", max_length=1, choices=Vintage.choices)
    synthetic = models.BooleanField("지어낸 자료", default=False)
    drafted_by = models.UUIDField("초안 작성자")
    drafted_at = models.DateTimeField("초안 시각")
    audit = models.UUIDField()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "공표본"

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Everybody sees frozen releases; the desk asks its own policy."""
        return Q(steps__state=ReleaseState.FROZEN)


class ReleaseVersion(AppendOnlyModel):
    """The definitions, by version, with which a release was drafted."""

    release = models.ForeignKey(Release, models.PROTECT)
    version = models.ForeignKey("indicators.DefinitionVersion", models.PROTECT)
    audit = models.UUIDField()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "공표본의 정의"
        constraints = [
            models.UniqueConstraint(
                fields=["release", "version"], name="release_names_a_definition_once"
            )
        ]


class ReleaseStep(AppendOnlyModel):
    """One change of state; `root` is what was approved, `head` what was published."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="steps")
    ordinal = models.PositiveSmallIntegerField("순서")
    state = models.CharField("상태", max_length=10, choices=ReleaseState.choices)
    at = models.DateTimeField("시각")
    actor = models.UUIDField("한 사람", null=True)
    run = models.ForeignKey("indicators.Run", models.PROTECT, null=True)
    root = models.CharField("단위 지문", max_length=64, default="")
    number = models.PositiveIntegerField("공표 번호", null=True)
    head = models.CharField("공표 지문", max_length=64, default="")
    previous = models.CharField("앞 공표 지문", max_length=64, default="")
    zip_size = models.PositiveIntegerField("묶음 크기", null=True)
    zip_digest = models.CharField("묶음 지문", max_length=64, default="")
    audit = models.UUIDField()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "공표 단계"
        constraints = [
            models.UniqueConstraint(
                fields=["release", "ordinal"], name="release_steps_follow_one_another"
            ),
            models.UniqueConstraint(fields=["number"], name="release_number_is_given_once"),
            models.UniqueConstraint(
                fields=["previous"], condition=Q(state="frozen"), name="release_chain_does_not_fork"
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="frozen", number__isnull=False, head__regex=r"^[0-9a-f]{64}$")
                    & Q(previous__regex=r"^[0-9a-f]{64}$")
                )
                | (~Q(state="frozen") & Q(number__isnull=True, head="", previous="")),
                name="only_a_frozen_release_has_number_and_head",
            ),
        ]


class ReleaseJob(AppendOnlyModel):
    """Long work on a release that somebody handed to the worker; how far it is stands in core."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="jobs")
    verb = models.CharField("일", max_length=10)
    job = models.UUIDField("작업", unique=True)
    asked_at = models.DateTimeField("맡긴 시각")
    audit = models.UUIDField()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "공표본의 작업"


class ReleaseCell(AppendOnlyModel):
    """One published cell and the leaf that seals it."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="cells")
    version = models.ForeignKey("indicators.DefinitionVersion", models.PROTECT)
    code = models.CharField("지표", max_length=8)
    breakdown = models.CharField("나눔", max_length=60, default="")
    grain = models.CharField("주기", max_length=7)
    period = models.CharField("기간", max_length=7)
    place = models.CharField("곳", max_length=5)
    num = models.BigIntegerField("분자", null=True)
    den = models.BigIntegerField("분모", null=True)
    value = models.CharField("값", max_length=24, default="")
    state = models.CharField("상태", max_length=2, default="")
    reason = models.CharField("이유", max_length=16, default="")
    coverage_ppm = models.IntegerField("포함률", null=True)
    leaf = models.BinaryField("지문", max_length=32)
    audit = models.UUIDField()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "공표 단위"
        constraints = [
            *cell_constraints("release_cell"),
            models.UniqueConstraint(
                fields=["release", "version", "breakdown", "grain", "period", "place"],
                name="release_cell_stands_once",
            ),
        ]
        indexes = [
            models.Index(fields=["release", "place", "code"], name="release_cells_of_a_place"),
            models.Index(fields=["release", "code", "period"], name="release_cells_of_a_period"),
        ]

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Published cells are for everybody."""
        return Q()


class ReleaseFile(AppendOnlyModel):
    """One file of the open-data bundle, byte for byte as the head names it."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="files")
    path = models.CharField("경로", max_length=120)
    content = models.BinaryField("내용")
    digest = models.CharField("지문", max_length=64)
    audit = models.UUIDField()

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "공표 파일"
        constraints = [
            models.UniqueConstraint(fields=["release", "path"], name="release_file_stands_once")
        ]
