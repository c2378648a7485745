"""Events: what happened, under a standard label; nobody edits them."""

from __future__ import annotations

import uuid

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Func

from dure.core.models import AppendOnlyModel

from .factors import Factor
from .labels import EvidenceClass, Label


class SeoulDate(Func):
    """The date of an instant in Asia/Seoul; immutable, so that a column can be made of it."""

    template = "((%(expressions)s AT TIME ZONE 'Asia/Seoul')::date)"
    output_field = models.DateField()


class Event(AppendOnlyModel):
    """One narrow row. No free text, no name, no address, no coordinates."""

    class Correction(models.TextChoices):
        REVERSAL = "reversal", "취소"
        RESTATEMENT = "restatement", "정정"

    class Reason(models.TextChoices):
        TYPO = "typo", "잘못 적음"
        DUPLICATE = "duplicate", "두 번 적음"
        WITHDRAWN = "withdrawn", "철회함"
        OUTCOME = "outcome_changed", "결과가 달라짐"
        CONFIRMED = "confirmed", "상대가 확인함"
        SOURCE = "source_restated", "원자료가 바뀜"
        FACTOR = "factor_added", "계수를 새로 얻음"

    seq = models.BigAutoField(primary_key=True)
    uid = models.UUIDField("이름표", default=uuid.uuid4, editable=False)
    label = models.ForeignKey(Label, models.PROTECT, db_index=False, verbose_name="라벨")
    action = models.CharField("행위 낱말", max_length=20)
    sector = models.CharField("분야", max_length=12)
    district = models.CharField("자치구", max_length=5)
    org = models.ForeignKey(
        "registry.Organisation",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name="조직",
    )
    giver_key = models.BinaryField("준 사람 가명 키", max_length=16, null=True)
    taker_key = models.BinaryField("받은 사람 가명 키", max_length=16, null=True)
    other_org = models.ForeignKey(
        "registry.Organisation",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name="상대 조직",
    )
    dims = models.JSONField("구분", null=True)
    case_id = models.UUIDField("사건 묶음", null=True)
    sign = models.SmallIntegerField("부호(더하기·빼기)", default=1)
    qty = models.BigIntegerField("수량")
    unit = models.CharField("단위", max_length=6)
    began = models.DateTimeField("시작")
    ended = models.DateTimeField("끝")
    on_date = models.GeneratedField(
        expression=SeoulDate(F("ended")),
        output_field=models.DateField(),
        db_persist=True,
        verbose_name="날짜",
    )
    amount = models.BigIntegerField("지급액(원)", null=True)
    transfer = models.UUIDField("원장 이체", null=True)
    evidence = models.CharField("증거 등급", max_length=1, choices=EvidenceClass.choices)
    proof = models.UUIDField("증빙", null=True)
    factor = models.ForeignKey(
        Factor, models.PROTECT, null=True, db_index=False, verbose_name="계수"
    )
    gco2e = models.BigIntegerField("온실가스(gCO2e)", null=True)
    care = models.BooleanField("돌봄", default=False)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, db_index=False, verbose_name="바로잡는 사건"
    )
    correction = models.CharField(
        "바로잡는 방법", max_length=11, choices=Correction.choices, null=True
    )
    reason = models.CharField("이유", max_length=20, choices=Reason.choices, null=True)
    source = models.CharField("출처", max_length=120)
    recorded_at = models.DateTimeField("적은 시각")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "사건"
        constraints = (
            models.UniqueConstraint(fields=("uid",), name="event_uid_once"),
            models.UniqueConstraint(fields=("source",), name="event_source_once"),
            models.UniqueConstraint(
                fields=("corrects", "correction"), name="event_corrected_once_each_way"
            ),
            models.CheckConstraint(condition=Q(qty__gte=0), name="event_qty_is_not_negative"),
            models.CheckConstraint(
                condition=Q(sign=1) | Q(sign=-1, correction__isnull=False, correction="reversal"),
                name="event_is_negative_only_as_a_reversal",
            ),
            models.CheckConstraint(
                condition=~Q(correction="reversal") | Q(sign=-1),
                name="event_reversal_is_negative",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, correction__isnull=True, reason__isnull=True)
                | Q(corrects__isnull=False, correction__isnull=False, reason__isnull=False),
                name="event_correction_names_what_how_and_why",
            ),
            models.CheckConstraint(
                condition=Q(began__lte=F("ended")), name="event_begins_before_it_ends"
            ),
            models.CheckConstraint(
                condition=Q(
                    ended__lte=Func(
                        F("recorded_at"),
                        template="(%(expressions)s + interval '5 minutes')",
                        output_field=models.DateTimeField(),
                    )
                ),
                name="event_is_not_in_the_future",
            ),
            models.CheckConstraint(
                condition=Q(evidence__in=("E", "A")) | Q(proof__isnull=False),
                name="event_of_class_b_or_c_has_proof",
            ),
            models.CheckConstraint(
                condition=Q(evidence__in=("E", "A", "B", "C")), name="event_has_a_class"
            ),
            models.CheckConstraint(
                condition=Q(factor__isnull=True, gco2e__isnull=True)
                | Q(factor__isnull=False, gco2e__isnull=False),
                name="event_has_factor_and_grams_or_neither",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True, transfer__isnull=True)
                | Q(amount__isnull=False, transfer__isnull=False),
                name="event_has_amount_and_transfer_or_neither",
            ),
            models.CheckConstraint(
                condition=Q(district__regex=r"^[0-9]{5}$"), name="event_district_is_a_code"
            ),
        )
        indexes = (
            models.Index(fields=("label", "on_date", "district"), name="event_by_label_day"),
            models.Index(
                fields=("case_id",), condition=Q(case_id__isnull=False), name="event_by_case"
            ),
            BrinIndex(fields=("recorded_at",), name="event_by_recording"),
        )
