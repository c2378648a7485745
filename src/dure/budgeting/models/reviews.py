"""Reviews and projects: what departments found, and what stands on the ballot."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from dure.core.models import AppendOnlyModel, DomainModel

from .calls import Call, Envelope, Field
from .proposals import Proposal


class ReviewKind(models.TextChoices):
    """The three acts of review."""

    LEGALITY = "legality", "적법성"
    FEASIBILITY = "feasibility", "실현 가능성"
    COST = "cost", "비용"


class ReviewAssignment(DomainModel):
    """Who reviews what; nobody reviews an own proposal, nor one they are recused from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="assignments")
    kind = models.CharField("검토", max_length=11, choices=ReviewKind.choices)
    round = models.SmallIntegerField("차례", default=1)
    reviewer = models.UUIDField("검토하는 사람")
    department = models.CharField("부서", max_length=100)
    due_on = models.DateField("기한", null=True)
    assigned_by = models.UUIDField("맡긴 사람")
    assigned_at = models.DateTimeField("맡긴 시각")
    released_at = models.DateTimeField("물린 시각", null=True)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "검토 맡김"
        constraints = (
            models.UniqueConstraint(
                fields=("proposal", "kind", "round"),
                condition=Q(released_at__isnull=True),
                name="assignment_one_reviewer_a_round",
            ),
            models.UniqueConstraint(
                fields=("id", "proposal", "kind", "round", "reviewer"),
                name="assignment_as_a_whole",
            ),
            models.CheckConstraint(condition=Q(round__in=(1, 2)), name="assignment_two_rounds"),
        )
        indexes = (models.Index(fields=("reviewer",), name="assignment_by_reviewer"),)


class Review(AppendOnlyModel):
    """One review, public with its reason."""

    class Verdict(models.TextChoices):
        FIT = "fit", "적합"
        CONDITIONAL = "conditional", "조건부 적합"
        UNFIT = "unfit", "부적합"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assignment = models.OneToOneField(ReviewAssignment, models.PROTECT, related_name="review")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="reviews")
    kind = models.CharField("검토", max_length=11, choices=ReviewKind.choices)
    round = models.SmallIntegerField("차례")
    reviewer = models.UUIDField("검토한 사람")
    verdict = models.CharField("판단", max_length=11, choices=Verdict.choices)
    reason_code = models.CharField("까닭 부호", max_length=30)
    text = models.TextField("까닭")
    cost_won = models.BigIntegerField("비용(원)", null=True)
    cost_low_won = models.BigIntegerField("비용(적게, 원)", null=True)
    cost_high_won = models.BigIntegerField("비용(많게, 원)", null=True)
    upkeep_won = models.BigIntegerField("해마다 드는 돈(원)", null=True)
    basis = models.CharField("비용의 근거", max_length=500, blank=True, default="")
    at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "검토"
        constraints = (
            models.UniqueConstraint(
                fields=("proposal", "kind", "round"), name="review_once_a_kind_and_round"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="review_has_a_reason"),
            models.CheckConstraint(
                condition=Q(kind="cost", verdict__in=("fit", "conditional"), cost_won__isnull=False)
                & Q(cost_won__gte=0)
                & ~Q(basis="")
                & (Q(cost_low_won__isnull=True) | Q(cost_low_won__lte=F("cost_won")))
                & (Q(cost_high_won__isnull=True) | Q(cost_high_won__gte=F("cost_won")))
                | Q(kind="cost", verdict="unfit")
                | Q(
                    ~Q(kind="cost"),
                    cost_won__isnull=True,
                    cost_low_won__isnull=True,
                    cost_high_won__isnull=True,
                    upkeep_won__isnull=True,
                ),
                name="review_cost_is_stated_with_its_basis",
            ),
        )


class ReviewAnswer(AppendOnlyModel):
    """The author's one answer to a review of the first round; then a second reviewer decides."""

    id = models.BigAutoField(primary_key=True)
    review = models.OneToOneField(Review, models.PROTECT, related_name="answer")
    by = models.UUIDField("쓴 사람")
    text = models.TextField("답")
    at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "검토에 대한 답"


class Project(DomainModel):
    """A reviewed proposal on the ballot, its cost fixed when the call is frozen."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="projects", verbose_name="공모")
    proposal = models.OneToOneField(
        Proposal, models.PROTECT, null=True, related_name="project", verbose_name="제안"
    )
    code = models.CharField("사업 번호", max_length=20)
    name = models.CharField("이름", max_length=100)
    name_en = models.CharField("영문 이름", max_length=100, blank=True, default="")
    summary = models.TextField("내용", blank=True, default="")
    cost_won = models.BigIntegerField("비용(원)")
    cost_low_won = models.BigIntegerField("비용(적게, 원)", null=True)
    cost_high_won = models.BigIntegerField("비용(많게, 원)", null=True)
    cost_basis = models.CharField("비용의 근거", max_length=500, blank=True, default="")
    upkeep_won = models.BigIntegerField("해마다 드는 돈(원)", null=True)
    envelope = models.ForeignKey(
        Envelope, models.PROTECT, related_name="projects", verbose_name="재원"
    )
    field = models.ForeignKey(
        Field, models.PROTECT, null=True, related_name="projects", verbose_name="분야"
    )
    place = models.CharField("곳", max_length=200, blank=True, default="")
    dong = models.CharField("행정동 코드", max_length=10, blank=True, default="")
    latitude_e5 = models.IntegerField("위도(10만분의 1도)", null=True)
    longitude_e5 = models.IntegerField("경도(10만분의 1도)", null=True)
    received = models.IntegerField("받은 차례")
    is_dropped = models.BooleanField("목록에서 뺌", default=False)
    listed_at = models.DateTimeField("올린 시각")
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "사업"
        ordering = ("code",)
        constraints = (
            models.UniqueConstraint(fields=("call", "code"), name="project_code_once_a_call"),
            models.UniqueConstraint(fields=("id", "call"), name="project_of_its_call"),
            models.CheckConstraint(
                condition=Q(cost_won__gte=0, cost_won__lte=10**15),
                name="project_cost_not_negative",
            ),
        )


class ProjectLink(DomainModel):
    """A project that needs another, or that cannot stand beside another."""

    class Kind(models.TextChoices):
        REQUIRES = "requires", "함께라야 함"
        EXCLUDES = "excludes", "함께일 수 없음"

    id = models.BigAutoField(primary_key=True)
    call = models.ForeignKey(Call, models.PROTECT, related_name="links", verbose_name="공모")
    kind = models.CharField("종류", max_length=8, choices=Kind.choices)
    project = models.ForeignKey(Project, models.PROTECT, related_name="links")
    other = models.ForeignKey(Project, models.PROTECT, related_name="linked_by")
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "사업의 이음"
        constraints = (
            models.UniqueConstraint(fields=("project", "other"), name="link_once_a_pair"),
            models.CheckConstraint(condition=~Q(project=F("other")), name="link_of_two_projects"),
        )
