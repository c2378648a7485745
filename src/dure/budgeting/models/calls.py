"""Calls: one round with its phases, its money and its rule."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from dure.core.actors import ActorKind, Role
from dure.core.models import AppendOnlyModel, DomainModel

if TYPE_CHECKING:
    from dure.core.actors import Actor

KEEPING = (Role.STAFF, Role.OFFICIAL, Role.BOARD, Role.AUDITOR)


def kept_q(actor: Actor, prefix: str = "") -> Q:
    """Rows of calls that an actor works for: of its districts, or of its organisations' funds."""
    if actor.kind in (ActorKind.OPERATOR, ActorKind.TIMER):
        return Q(pk__isnull=False)
    found = Q(pk__in=[])
    for role in KEEPING:
        if actor.scope_ids(role, "city"):
            return Q(pk__isnull=False)
        districts = actor.scope_ids(role, "district")
        organisations = actor.scope_ids(role, "organisation")
        if districts:
            found |= Q(
                **{f"{prefix}district_id__in": districts, f"{prefix}organisation__isnull": True}
            )
        if organisations:
            found |= Q(**{f"{prefix}organisation_id__in": organisations})
    return found


class Call(DomainModel):
    """One round (공모). What can change its result is immutable once it is frozen."""

    class State(models.TextChoices):
        DRAFT = "draft", "준비 중"
        OPEN = "open", "제안 받는 중"
        REVIEWING = "reviewing", "검토 중"
        LISTED = "listed", "사업 목록 공개"
        FROZEN = "frozen", "규칙 고정"
        VOTING = "voting", "투표 중"
        COUNTING = "counting", "개표 중"
        PUBLISHED = "published", "결과 공개"
        FOLLOWING = "following", "사후관리"
        CLOSED = "closed", "끝남"
        VOID = "void", "취소됨"

    class Ballot(models.TextChoices):
        APPROVAL = "approval", "여러 개 고르기"
        CHOOSE_1 = "choose-1", "하나 고르기"
        CUMULATIVE = "cumulative", "점수 나누기"
        ORDINAL = "ordinal", "순위 매기기"
        KNAPSACK = "knapsack", "금액 안에서 고르기"

    class Leftover(models.TextChoices):
        KEEP = "keep", "남김"
        TO_CITY = "to_city", "전체로 넘김"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField("이름", max_length=100)
    title_en = models.CharField("영문 이름", max_length=100, blank=True, default="")
    about = models.TextField("안내", blank=True, default="")
    about_en = models.TextField("영문 안내", blank=True, default="")
    year = models.SmallIntegerField("예산 연도")
    template = models.CharField("틀", max_length=40, blank=True, default="")
    district = models.ForeignKey(
        "registry.District", models.PROTECT, related_name="+", verbose_name="자치구"
    )
    dong = models.CharField("행정동 코드", max_length=10, blank=True, default="")
    organisation = models.ForeignKey(
        "registry.Organisation",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="기금의 조직",
    )
    state = models.CharField("상태", max_length=9, choices=State.choices, default=State.DRAFT)
    ballot_kind = models.CharField("투표 방법", max_length=10, choices=Ballot.choices)
    marks_min = models.SmallIntegerField("고를 수(적어도)", default=0)
    marks_max = models.SmallIntegerField("고를 수(많아야)", null=True)
    points_max = models.IntegerField("한 사업 점수(많아야)", null=True)
    points_sum = models.IntegerField("점수 합(많아야)", null=True)
    spend_max_won = models.BigIntegerField("고른 금액 합(많아야)", null=True)
    may_revote = models.BooleanField("마감까지 바꿀 수 있음", default=True)
    paper_allowed = models.BooleanField("종이 투표", default=True)
    links_allowed = models.BooleanField("묶음·배제 사업", default=False)
    leftover = models.CharField(
        "남은 돈", max_length=7, choices=Leftover.choices, default=Leftover.KEEP
    )
    rule = models.JSONField("개표 규칙")
    roll_rule = models.JSONField("명부 규칙")
    similar_ppm = models.IntegerField("비슷한 제안 기준(백만분율)")
    silent_days = models.SmallIntegerField("보고 없는 날수")
    rule_set = models.ForeignKey(
        "governance.RuleSet",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="고정한 규칙",
    )
    roll = models.ForeignKey(
        "governance.Roll", models.PROTECT, null=True, related_name="+", verbose_name="명부"
    )
    seed_commit = models.CharField("추첨 씨앗의 약속", max_length=64, null=True)
    seed_public_source = models.CharField(
        "섞을 공개 값의 출처", max_length=200, blank=True, default=""
    )
    seed_public_value = models.CharField("섞은 공개 값", max_length=200, blank=True, default="")
    seed_revealed = models.CharField("밝힌 씨앗", max_length=64, null=True)
    void_reason = models.CharField("취소한 까닭", max_length=1000, blank=True, default="")
    is_synthetic = models.BooleanField("가상 자료", default=False)
    imported_from = models.CharField("가져온 곳", max_length=200, blank=True, default="")
    made_at = models.DateTimeField("만든 시각")
    frozen_at = models.DateTimeField("고정한 시각", null=True)
    entered_at = models.DateTimeField("상태가 된 시각")
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "공모"
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("draft", "open", "reviewing", "listed", "void"))
                | (Q(state__in=("published", "following", "closed")) & ~Q(imported_from=""))
                | Q(
                    rule_set__isnull=False,
                    roll__isnull=False,
                    seed_commit__isnull=False,
                    frozen_at__isnull=False,
                ),
                name="call_is_frozen_with_rule_roll_and_seed",
            ),
            models.CheckConstraint(
                condition=~Q(state="void") | ~Q(void_reason=""), name="call_void_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(
                    ballot_kind="cumulative", points_sum__isnull=False, points_max__isnull=False
                )
                & Q(points_sum__gt=0, points_max__gt=0)
                | Q(~Q(ballot_kind="cumulative"), points_sum__isnull=True, points_max__isnull=True),
                name="call_points_belong_to_a_cumulative_ballot",
            ),
            models.CheckConstraint(
                condition=Q(
                    ballot_kind="knapsack", spend_max_won__isnull=False, spend_max_won__gt=0
                )
                | Q(~Q(ballot_kind="knapsack"), spend_max_won__isnull=True),
                name="call_spend_limit_belongs_to_a_knapsack_ballot",
            ),
            models.CheckConstraint(
                condition=Q(marks_min__gte=0)
                & (Q(marks_max__isnull=True) | Q(marks_max__gte=models.F("marks_min")))
                & (Q(marks_max__isnull=True) | Q(marks_max__gte=1)),
                name="call_marks_are_a_range",
            ),
            models.CheckConstraint(
                condition=~Q(ballot_kind="choose-1") | Q(marks_max__isnull=False, marks_max=1),
                name="call_choose_1_takes_one_mark",
            ),
            models.CheckConstraint(
                condition=Q(similar_ppm__gte=0, similar_ppm__lte=1_000_000),
                name="call_similarity_is_a_share",
            ),
            models.CheckConstraint(
                condition=Q(silent_days__gte=1), name="call_silence_ends_some_day"
            ),
        )
        indexes = (models.Index(fields=("district", "-year"), name="call_by_district"),)

    def __str__(self) -> str:
        return self.title

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """All but drafts are public; a draft is seen by those who work for it."""
        return ~Q(state="draft") | kept_q(actor)


class Phase(DomainModel):
    """When one phase of a call begins and ends, half-open: at its end it is over."""

    class Kind(models.TextChoices):
        PROPOSING = "proposing", "제안"
        REVIEWING = "reviewing", "검토"
        LISTING = "listing", "목록 공개와 명부 열람"
        VOTING = "voting", "투표"
        COUNTING = "counting", "개표"

    id = models.BigAutoField(primary_key=True)
    call = models.ForeignKey(Call, models.PROTECT, related_name="phases", verbose_name="공모")
    kind = models.CharField("단계", max_length=9, choices=Kind.choices)
    during = DateTimeRangeField("기간")
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "공모의 단계"
        constraints = (
            models.UniqueConstraint(fields=("call", "kind"), name="phase_once_a_call"),
            ExclusionConstraint(
                name="phase_one_at_a_time",
                expressions=(
                    ("call", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ),
            ),
            models.CheckConstraint(
                condition=Q(
                    during__isempty=False,
                    during__lower_inf=False,
                    during__upper_inf=False,
                    during__lower_inc=True,
                    during__upper_inc=False,
                ),
                name="phase_is_half_open",
            ),
        )


class Envelope(DomainModel):
    """Won available to one part of a ballot; each is counted as an instance of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="envelopes", verbose_name="공모")
    code = models.CharField("부호", max_length=20)
    name = models.CharField("이름", max_length=60)
    name_en = models.CharField("영문 이름", max_length=60, blank=True, default="")
    amount_won = models.BigIntegerField("금액(원)")
    part = models.CharField("투표하는 동(비면 모두)", max_length=10, blank=True, default="")
    position = models.SmallIntegerField("차례", default=0)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "재원 한도"
        ordering = ("position", "code")
        constraints = (
            models.UniqueConstraint(fields=("call", "code"), name="envelope_code_once_a_call"),
            models.UniqueConstraint(fields=("id", "call"), name="envelope_of_its_call"),
            models.CheckConstraint(
                condition=Q(amount_won__gt=0, amount_won__lte=10**15),
                name="envelope_amount_is_positive",
            ),
        )


class Field(DomainModel):
    """A field of work (분야) by which ballots or money can be capped."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(Call, models.PROTECT, related_name="fields", verbose_name="공모")
    code = models.CharField("부호", max_length=20)
    name = models.CharField("이름", max_length=60)
    name_en = models.CharField("영문 이름", max_length=60, blank=True, default="")
    marks_max = models.SmallIntegerField("고를 수(많아야)", null=True)
    amount_max_won = models.BigIntegerField("금액(많아야, 원)", null=True)
    position = models.SmallIntegerField("차례", default=0)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "분야"
        ordering = ("position", "code")
        constraints = (
            models.UniqueConstraint(fields=("call", "code"), name="field_code_once_a_call"),
            models.CheckConstraint(
                condition=(Q(marks_max__isnull=True) | Q(marks_max__gte=1))
                & (Q(amount_max_won__isnull=True) | Q(amount_max_won__gt=0)),
                name="field_caps_are_positive",
            ),
        )


class CallChange(AppendOnlyModel):
    """One value of a call that was changed after it opened; public, with the reason."""

    id = models.BigAutoField(primary_key=True)
    call = models.ForeignKey(Call, models.PROTECT, related_name="changes", verbose_name="공모")
    name = models.CharField("무엇", max_length=60)
    old = models.TextField("앞의 값", blank=True, default="")
    new = models.TextField("바뀐 값", blank=True, default="")
    why = models.CharField("까닭", max_length=500)
    by = models.UUIDField("누가", null=True)
    at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "공모의 바뀜"
        constraints = (
            models.CheckConstraint(condition=~Q(why=""), name="call_change_has_a_reason"),
        )
