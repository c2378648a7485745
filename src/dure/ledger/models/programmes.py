"""Programmes, the shops that redeem in them, and lots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from dure.core.models import DomainModel

from .accounts import Account
from .units import Book, Unit, kept_q

if TYPE_CHECKING:
    from dure.core.actors import Actor


class Programme(DomainModel):
    """A time bank, a voucher or a community currency: unit, rules and accounts."""

    class Kind(models.TextChoices):
        TIMEBANK = "timebank", "시간은행"
        VOUCHER = "voucher", "바우처"
        REGIONAL = "regional", "지역사랑상품권"
        MUTUAL = "mutual", "상호신용"

    class State(models.TextChoices):
        DRAFT = "draft", "준비"
        OPEN = "open", "열림"
        CLOSING = "closing", "마치는 중"
        CLOSED = "closed", "마침"

    id = models.BigAutoField(primary_key=True)
    book = models.ForeignKey(Book, models.PROTECT, related_name="programmes", verbose_name="장부")
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", db_index=False, verbose_name="단위"
    )
    kind = models.CharField("갈래", max_length=8, choices=Kind.choices)
    state = models.CharField("상태", max_length=7, choices=State.choices, default="draft")
    code = models.CharField("주소 이름", max_length=40, unique=True)
    name = models.CharField("이름", max_length=100)
    name_en = models.CharField("영문 이름", max_length=100, blank=True, default="")
    issuer = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name="발행 계정"
    )
    fund = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name="기금 계정"
    )
    fees = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name="수수료 계정"
    )
    community = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name="공동 기금 계정"
    )
    fee_rule = models.UUIDField("수수료 규칙", null=True)
    demurrage_rule = models.UUIDField("보유료 규칙", null=True)
    exempt_rule = models.UUIDField("보유료 면제 규칙", null=True)
    validity_rule = models.UUIDField("유효 기간 규칙", null=True)
    discount_rule = models.UUIDField("환전 할인 규칙", null=True)
    grant_rule = models.UUIDField("첫 지급 규칙", null=True)
    rules = models.JSONField("그 밖의 규칙 판", default=dict)
    opens_on = models.DateField("시작하는 날")
    closes_on = models.DateField("마치는 날", null=True)
    opened_at = models.DateTimeField("연 시각", null=True)
    closed_at = models.DateTimeField("마친 시각", null=True)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "프로그램"
        constraints = (
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True) | Q(closes_on__gte=F("opens_on")),
                name="programme_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=~Q(kind="regional") | Q(demurrage_rule__isnull=True),
                name="programme_no_demurrage_on_a_regional_voucher",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(issuer__isnull=False, opened_at__isnull=False),
                name="programme_opens_with_an_issuer",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False),
                name="programme_closed_at_an_instant",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def has_lots(self) -> bool:
        """Whether it issues vouchers in lots, backed by won, that registered shops redeem."""
        return self.kind in (self.Kind.REGIONAL, self.Kind.VOUCHER)

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Programmes of books one keeps; that a programme exists is public."""
        return kept_q(actor, "book__")


class ProgrammeShop(DomainModel):
    """An account that may redeem in a programme, and where the won goes."""

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="shops")
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="redeems_in", verbose_name="가게 계정"
    )
    won_account = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name="원화 계정"
    )
    joined_at = models.DateTimeField("들어온 시각")
    left_at = models.DateTimeField("나간 시각", null=True)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "가맹점"
        constraints = (
            models.UniqueConstraint(
                fields=("programme", "account"), name="programme_shop_account_once"
            ),
        )


class Lot(DomainModel):
    """Vouchers issued together with one expiry; each holder has a sub-account of it."""

    id = models.BigAutoField(primary_key=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="lots")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    amount = models.BigIntegerField("발행한 수량")
    valid_from = models.DateField("쓸 수 있는 첫날")
    valid_to = models.DateField("쓸 수 있는 마지막 날")
    issued_by_group = models.UUIDField("발행 묶음 이체")
    issued_at = models.DateTimeField("발행한 시각")
    recalled_at = models.DateTimeField("거둔 시각", null=True)
    note = models.CharField("메모", max_length=200, blank=True, default="")
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "발행 묶음"
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="lot_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(amount__gte=1), name="lot_is_not_empty"),
        )

    @property
    def book(self) -> Book:
        """The book of its programme."""
        return self.programme.book
