"""Results and what follows: awards, milestones, reports, spending, flags."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q

from dure.core.models import AppendOnlyModel, DomainModel

from .calls import Call, Envelope
from .reviews import Project


class Result(AppendOnlyModel):
    """One count of a call; a correction is a new result that names the old one and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="results", verbose_name="공모")
    number = models.SmallIntegerField("번호")
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name="바로잡는 결과"
    )
    replaces_why = models.CharField("바로잡는 까닭", max_length=1000, blank=True, default="")
    rule_sha256 = models.CharField("규칙 해시", max_length=64)
    roll_sha256 = models.CharField("명부 해시", max_length=64)
    seed = models.CharField("추첨 씨앗", max_length=64)
    engine_version = models.CharField("엔진 판", max_length=40)
    online_count = models.IntegerField("온라인 표")
    paper_count = models.IntegerField("종이 표")
    computed_by = models.UUIDField("센 사람", null=True)
    computed_at = models.DateTimeField("센 시각")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "결과"
        constraints = (
            models.UniqueConstraint(fields=("call", "number"), name="result_number_once_a_call"),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, replaces_why="")
                | Q(Q(replaces__isnull=False), ~Q(replaces_why="")),
                name="result_that_corrects_says_why",
            ),
            models.CheckConstraint(
                condition=Q(online_count__gte=0, paper_count__gte=0),
                name="result_counts_not_negative",
            ),
        )


class ResultPart(AppendOnlyModel):
    """One envelope counted by one rule: the official one, or another shown beside it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    result = models.ForeignKey(Result, models.PROTECT, related_name="parts")
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="+")
    rule_name = models.CharField("규칙", max_length=60)
    rule = models.JSONField("규칙의 값")
    is_official = models.BooleanField("정해진 규칙")
    budget_won = models.BigIntegerField("재원(원)")
    ballot_count = models.IntegerField("표 수")
    spent_won = models.BigIntegerField("쓴 돈(원)")
    left_won = models.BigIntegerField("남은 돈(원)")
    winners = models.JSONField("뽑힌 사업(차례대로)")
    scores = models.JSONField("사업별 표", default=dict)
    explanations = models.JSONField("설명", default=dict)
    input_sha256 = models.CharField("입력 해시", max_length=64)
    input_text = models.TextField("입력(Pabulib)", blank=True, default="")
    certificate = models.TextField("증명서", blank=True, default="")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "재원별 결과"
        constraints = (
            models.UniqueConstraint(
                fields=("result", "envelope"),
                condition=Q(is_official=True),
                name="result_part_official_once",
            ),
            models.UniqueConstraint(
                fields=("result", "envelope", "rule_name"), name="result_part_once_a_rule"
            ),
            models.CheckConstraint(
                condition=Q(spent_won__gte=0, left_won__gte=0)
                & Q(budget_won=models.F("spent_won") + models.F("left_won")),
                name="result_part_never_over_budget",
            ),
        )


class ResultPublication(AppendOnlyModel):
    """When and by whom a result was made public."""

    id = models.BigAutoField(primary_key=True)
    result = models.OneToOneField(Result, models.PROTECT, related_name="publication")
    by = models.UUIDField("누가", null=True)
    at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "결과 공개"


class Award(AppendOnlyModel):
    """A winner of a published result and the won it may spend."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    result = models.ForeignKey(Result, models.PROTECT, related_name="awards")
    project = models.ForeignKey(Project, models.PROTECT, related_name="awards")
    amount_won = models.BigIntegerField("정해진 돈(원)")
    position = models.SmallIntegerField("뽑힌 차례")
    at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "뽑힌 사업"
        constraints = (
            models.UniqueConstraint(fields=("result", "project"), name="award_once_a_result"),
            models.CheckConstraint(condition=Q(amount_won__gte=0), name="award_not_negative"),
        )

    @classmethod
    def standing(cls) -> models.QuerySet[Award]:
        """The winners that stand: a correction takes their place when it is published."""
        later = ResultPublication.rows.filter(
            result__call=OuterRef("result__call"), result__number__gt=OuterRef("result__number")
        )
        found: models.QuerySet[Award] = cls.rows.filter(~Exists(later))
        return found


class AwardChange(AppendOnlyModel):
    """A winner cancelled or its won changed by an approved decision, with what was learnt."""

    class Kind(models.TextChoices):
        CANCELLED = "cancelled", "취소"
        AMOUNT = "amount", "금액 바꿈"
        FINISHED = "finished", "마침"

    id = models.BigAutoField(primary_key=True)
    award = models.ForeignKey(Award, models.PROTECT, related_name="changes")
    kind = models.CharField("종류", max_length=9, choices=Kind.choices)
    amount_won = models.BigIntegerField("바뀐 돈(원)", null=True)
    reason_code = models.CharField("까닭 부호", max_length=30)
    reason = models.CharField("까닭", max_length=1000)
    lesson = models.TextField("배운 것", blank=True, default="")
    by = models.UUIDField("누가")
    at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "뽑힌 사업의 바뀜"
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="amount", amount_won__isnull=False, amount_won__gte=0)
                | Q(~Q(kind="amount"), amount_won__isnull=True),
                name="award_change_states_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(kind="finished") | ~Q(reason=""), name="award_change_has_a_reason"
            ),
            models.CheckConstraint(
                condition=~Q(kind="cancelled") | ~Q(lesson=""), name="award_cancelled_says_a_lesson"
            ),
        )


class Milestone(DomainModel):
    """A step of a winner with its day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    award = models.ForeignKey(Award, models.PROTECT, related_name="milestones")
    title = models.CharField("할 일", max_length=100)
    due_on = models.DateField("기한")
    done_on = models.DateField("마친 날", null=True)
    position = models.SmallIntegerField("차례", default=0)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "이정표"
        ordering = ("position", "due_on")


class AwardReport(AppendOnlyModel):
    """What was reported of a winner; 90 days without one raise a public flag."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    award = models.ForeignKey(Award, models.PROTECT, related_name="reports")
    milestone = models.ForeignKey(Milestone, models.PROTECT, null=True, related_name="reports")
    text = models.CharField("내용", max_length=2000)
    delay_code = models.CharField("늦어진 까닭 부호", max_length=30, blank=True, default="")
    next_due_on = models.DateField("새 기한", null=True)
    photos = models.JSONField("사진", default=list)
    by = models.UUIDField("누가")
    at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "진행 보고"
        indexes = (models.Index(fields=("award", "-at"), name="awardreport_by_award"),)


class Spending(AppendOnlyModel):
    """Won spent on a winner: a transfer of the ledger, or a dated payment with its document."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    award = models.ForeignKey(Award, models.PROTECT, related_name="spendings")
    amount_won = models.BigIntegerField("쓴 돈(원)")
    paid_on = models.DateField("쓴 날")
    purpose = models.CharField("어디에", max_length=200)
    transfer = models.BigIntegerField("원장 이체", null=True)
    document = models.CharField("문서", max_length=200, blank=True, default="")
    takes_back = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        related_name="taken_back_by",
        verbose_name="되돌리는 지출",
    )
    by = models.UUIDField("누가")
    at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "지출"
        constraints = (
            models.CheckConstraint(
                condition=Q(takes_back__isnull=True, amount_won__gt=0)
                | Q(takes_back__isnull=False, amount_won__lt=0),
                name="spending_is_positive_unless_it_takes_back",
            ),
            models.CheckConstraint(
                condition=Q(transfer__isnull=False) | ~Q(document=""),
                name="spending_has_a_transfer_or_a_document",
            ),
            models.UniqueConstraint(fields=("transfer",), name="spending_once_a_transfer"),
        )


class Flag(AppendOnlyModel):
    """A public mark on a winner, raised or taken down."""

    class Kind(models.TextChoices):
        SILENT = "silent", "보고 없음"
        LATE = "late", "늦음"
        CONCERN = "concern", "살펴봐야 함"

    id = models.BigAutoField(primary_key=True)
    award = models.ForeignKey(Award, models.PROTECT, related_name="flags")
    kind = models.CharField("종류", max_length=7, choices=Kind.choices)
    raised = models.BooleanField("세움")
    why = models.CharField("까닭", max_length=500, blank=True, default="")
    by = models.UUIDField("누가", null=True)
    at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "표시"
        indexes = (models.Index(fields=("award", "-at"), name="flag_by_award"),)
