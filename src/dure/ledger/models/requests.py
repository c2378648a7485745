"""Schedules, payment requests, and rounds that clear requests against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from dure.core.models import AppendOnlyModel, DomainModel

from .accounts import Account
from .transfers import AMOUNT_MAX, Transfer
from .units import Book, Unit, kept_q

if TYPE_CHECKING:
    from dure.core.actors import Actor


class Schedule(DomainModel):
    """A transfer that repeats: every n weeks on a weekday, or every n months on a day."""

    class Rule(models.TextChoices):
        WEEKLY = "weekly", "주마다"
        MONTHLY = "monthly", "달마다"
        ONCE = "once", "한 번"

    class OnShort(models.TextChoices):
        SKIP = "skip", "건너뜀"
        RETRY = "retry", "다시 해 봄"
        STOP = "stop", "멈춤"

    class State(models.TextChoices):
        ACTIVE = "active", "움직임"
        WAITING = "waiting", "사람을 기다림"
        STOPPED = "stopped", "멈춤"
        ENDED = "ended", "끝남"

    id = models.BigAutoField(primary_key=True)
    debit = models.ForeignKey(Account, models.PROTECT, related_name="schedules_out")
    credit = models.ForeignKey(Account, models.PROTECT, related_name="schedules_in")
    amount = models.BigIntegerField("수량")
    purpose = models.CharField("용도", max_length=120)
    rule = models.CharField("반복", max_length=7, choices=Rule.choices)
    every = models.SmallIntegerField("몇 번마다", default=1)
    weekday = models.SmallIntegerField("요일(월=0)", null=True)
    day = models.SmallIntegerField("날", null=True)
    starts_on = models.DateField("시작하는 날")
    next_on = models.DateField("다음 날", null=True)
    ends_on = models.DateField("끝나는 날", null=True)
    on_short = models.CharField("모자랄 때", max_length=5, choices=OnShort.choices)
    max_tries = models.SmallIntegerField("몇 번까지", default=3)
    tries = models.SmallIntegerField("해 본 횟수", default=0)
    state = models.CharField("상태", max_length=7, choices=State.choices, default="active")
    last_on = models.DateField("마지막으로 보낸 날", null=True)
    last_refusal = models.CharField("마지막 거절", max_length=80, blank=True, default="")
    set_by = models.UUIDField("정한 사람")
    set_at = models.DateTimeField("정한 시각")
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "정기 이체"
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gte=1, amount__lte=AMOUNT_MAX),
                name="schedule_amount_in_range",
            ),
            models.CheckConstraint(
                condition=~Q(debit=F("credit")), name="schedule_between_two_accounts"
            ),
            models.CheckConstraint(
                condition=Q(rule="weekly", weekday__gte=0, weekday__lte=6)
                | Q(rule="monthly", day__gte=1, day__lte=31)
                | Q(rule="once"),
                name="schedule_rule_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="schedule_ends_after_it_begins",
            ),
        )
        indexes = (
            models.Index(fields=("next_on",), condition=Q(state="active"), name="schedule_due"),
        )


class PaymentRequest(DomainModel):
    """Payee, amount and purpose behind a token; the payer confirms."""

    class Kind(models.TextChoices):
        REQUEST = "request", "청구"
        SALE = "sale", "한 번 파는 코드"
        STATIC = "static", "늘 쓰는 코드"
        SHOWN = "shown", "내는 사람이 보이는 코드"

    id = models.BigAutoField(primary_key=True)
    token = models.CharField("표", max_length=22, unique=True)
    digits = models.CharField("여덟 자리", max_length=8, null=True)
    kind = models.CharField("갈래", max_length=7, choices=Kind.choices)
    payee = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="requests", verbose_name="받는 계정"
    )
    payer = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="requests_to_pay", verbose_name="내는 계정"
    )
    amount = models.BigIntegerField("수량", null=True)
    amount_max = models.BigIntegerField("최대 수량", null=True)
    purpose = models.CharField("용도", max_length=120)
    single_use = models.BooleanField("한 번만")
    made_by = models.UUIDField("만든 사람")
    made_at = models.DateTimeField("만든 시각")
    expires_at = models.DateTimeField("만료", null=True)
    accepted_at = models.DateTimeField("받아들인 시각", null=True)
    cancelled_at = models.DateTimeField("거둔 시각", null=True)
    paid_at = models.DateTimeField("낸 시각", null=True)
    paid_by = models.OneToOneField(
        Transfer, models.PROTECT, null=True, related_name="pays", verbose_name="낸 이체"
    )
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "청구"
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=1, amount__lte=AMOUNT_MAX),
                name="request_amount_in_range",
            ),
            models.CheckConstraint(
                condition=Q(paid_by__isnull=True) | Q(single_use=True),
                name="request_paid_once_is_single_use",
            ),
            models.CheckConstraint(
                condition=Q(paid_by__isnull=True) | Q(cancelled_at__isnull=True),
                name="request_is_paid_or_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(payee__isnull=False) | Q(kind="shown", payer__isnull=False),
                name="request_has_a_payee_or_shows_a_payer",
            ),
        )
        indexes = (
            models.Index(
                fields=("digits",), condition=Q(digits__isnull=False), name="request_by_digits"
            ),
        )


class ClearingRound(DomainModel):
    """One multilateral round over accepted, unpaid requests of one unit."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "제안"
        SETTLED = "settled", "정산함"
        LAPSED = "lapsed", "그만둠"

    id = models.UUIDField(primary_key=True)
    book = models.ForeignKey(Book, models.PROTECT, related_name="rounds")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField("상태", max_length=8, choices=State.choices, default="proposed")
    plan = models.JSONField("미리보기")
    proposed_at = models.DateTimeField("제안한 시각")
    closes_at = models.DateTimeField("답을 받는 끝")
    settled_at = models.DateTimeField("정산한 시각", null=True)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "정산 모임"

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Rounds of books one keeps; members see theirs through their accounts."""
        return kept_q(actor, "book__")


class ClearingConsent(AppendOnlyModel):
    """The yes (or no) of an account's owner to a round."""

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(ClearingRound, models.PROTECT, related_name="consents")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    agreed = models.BooleanField("동의")
    given_by = models.UUIDField("누가")
    given_at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "정산 동의"
        constraints = (
            models.UniqueConstraint(
                fields=("round", "account"), name="clearing_consent_once_a_round"
            ),
        )


class SetOff(AppendOnlyModel):
    """What a round cleared of one request; no value moves. Σ per request ≤ its amount."""

    id = models.BigAutoField(primary_key=True)
    round = models.ForeignKey(ClearingRound, models.PROTECT, related_name="set_offs")
    request = models.ForeignKey(PaymentRequest, models.PROTECT, related_name="set_offs")
    amount = models.BigIntegerField("수량")
    consent = models.ForeignKey(ClearingConsent, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "상계"
        constraints = (
            models.CheckConstraint(condition=Q(amount__gte=1), name="set_off_is_positive"),
            models.UniqueConstraint(fields=("round", "request"), name="set_off_once_a_round"),
        )
