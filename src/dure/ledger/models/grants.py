"""Lists of who is to get how many vouchers, each row with its verdict before anything is issued."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from dure.core.models import DomainModel

from .accounts import Account
from .programmes import Lot, Programme
from .transfers import AMOUNT_MAX
from .units import Book


class LotList(DomainModel):
    """A list as it was brought: validity, rows, and the lot that came of it."""

    class State(models.TextChoices):
        DRAFT = "draft", "미리보기"
        ISSUING = "issuing", "발행하는 중"
        ISSUED = "issued", "발행함"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="lists")
    lot = models.OneToOneField(Lot, models.PROTECT, null=True, related_name="list")
    state = models.CharField("상태", max_length=7, choices=State.choices, default="draft")
    valid_from = models.DateField("쓸 수 있는 첫날")
    valid_to = models.DateField("쓸 수 있는 마지막 날")
    note = models.CharField("메모", max_length=200, blank=True, default="")
    sha256 = models.CharField("파일 해시", max_length=64)
    made_by = models.UUIDField("올린 사람", null=True)
    made_at = models.DateTimeField("올린 시각")
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "지급 명단"
        constraints = (
            models.CheckConstraint(
                condition=Q(state="draft", lot__isnull=True)
                | (~Q(state="draft") & Q(lot__isnull=False)),
                name="lot_list_has_a_lot_once_issued",
            ),
        )

    @property
    def book(self) -> Book:
        """The book of its programme."""
        return self.programme.book


class LotGrant(DomainModel):
    """One row of a list: to whom, how much, what stands against it, and the row that issued it."""

    id = models.BigAutoField(primary_key=True)
    list = models.ForeignKey(LotList, models.PROTECT, related_name="grants")
    row = models.IntegerField("줄")
    holder = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name="받는 계정"
    )
    amount = models.BigIntegerField("수량", null=True)
    fault = models.CharField("고칠 것", max_length=30, blank=True, default="")
    transfer = models.BigIntegerField("발행 이체", null=True)
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "지급 줄"
        constraints = (
            models.UniqueConstraint(fields=("list", "row"), name="lot_grant_row_once"),
            models.UniqueConstraint(
                fields=("list", "holder"),
                condition=Q(fault=""),
                name="lot_grant_once_a_holder",
            ),
            models.CheckConstraint(
                condition=~Q(fault="")
                | Q(holder__isnull=False, amount__gte=1, amount__lte=AMOUNT_MAX),
                name="lot_grant_is_whole_or_faulty",
            ),
        )
