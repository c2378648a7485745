"""Transfers: the one table through which value moves."""

from __future__ import annotations

from django.db import models
from django.db.models import Func, Q

from dure.core.models import AppendOnlyModel

from .accounts import Account

AMOUNT_MAX = 10**12
HOLD_ENDS = (2, 3, 4)


class Transfer(AppendOnlyModel):
    """One row: `amount` leaves `debit` and reaches `credit`. Columns stand widest first.

    The trigger of `0002_posting.sql` applies every row; foreign keys over (account, book, unit)
    and the CHECKs stand there as well.
    """

    class Kind(models.IntegerChoices):
        POST = 0, "이체"
        HOLD = 1, "보류"
        SETTLE = 2, "확정"
        VOID = 3, "취소"
        EXPIRE = 4, "만료"
        REVERSAL = 5, "반대분개"
        REFUND = 6, "환불"

    id = models.BigAutoField(primary_key=True)
    batch = models.BigIntegerField(
        "묶음",
        db_default=Func(
            template="(((pg_current_xact_id())::text)::bigint + dure_batch_base())",
            output_field=models.BigIntegerField(),
        ),
    )
    book = models.BigIntegerField("장부")
    debit = models.ForeignKey(
        Account,
        models.PROTECT,
        related_name="+",
        db_column="debit",
        db_index=False,
        db_constraint=False,
        verbose_name="나간 계정",
    )
    credit = models.ForeignKey(
        Account,
        models.PROTECT,
        related_name="+",
        db_column="credit",
        db_index=False,
        db_constraint=False,
        verbose_name="들어온 계정",
    )
    amount = models.BigIntegerField("수량")
    recorded_at = models.DateTimeField(
        "적은 시각", db_default=Func(function="dure_now", output_field=models.DateTimeField())
    )
    ref = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="followers",
        db_column="ref",
        db_index=False,
        db_constraint=False,
        verbose_name="앞 이체",
    )
    lot = models.BigIntegerField("발행 묶음", null=True)
    expires_at = models.DateTimeField("만료", null=True)
    event_date = models.DateField("날짜")
    kind = models.SmallIntegerField("종류", choices=Kind.choices, default=0)
    unit = models.SmallIntegerField("단위")
    era = models.SmallIntegerField(
        "세대", db_default=Func(function="dure_era", output_field=models.SmallIntegerField())
    )
    ikey = models.UUIDField("중복 방지 열쇠")
    audit = models.UUIDField("감사 기록")
    actor = models.UUIDField("누가", null=True)
    grp = models.UUIDField("묶인 이체", null=True)
    rule_version = models.UUIDField("규칙 판", null=True)
    body_hash = models.BinaryField("내용 해시", max_length=32)
    purpose = models.CharField("용도", max_length=120)

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "이체"
        constraints = (
            models.UniqueConstraint(fields=("ikey",), name="transfer_key_once"),
            models.UniqueConstraint(
                fields=("ref",), condition=Q(kind__in=HOLD_ENDS), name="transfer_hold_ends_once"
            ),
            models.UniqueConstraint(
                fields=("ref",), condition=Q(kind=5), name="transfer_reversed_once"
            ),
        )
        indexes = (
            # as histories and statements read: an account's rows by date, then by number
            models.Index(fields=("debit", "event_date", "id"), name="transfer_by_debit"),
            models.Index(fields=("credit", "event_date", "id"), name="transfer_by_credit"),
            models.Index(fields=("batch",), name="transfer_by_batch"),
            # what is asked of a column's presence is planned quickest, and each statement plans it
            models.Index(fields=("ref",), condition=Q(ref__isnull=False), name="transfer_by_ref"),
            models.Index(fields=("grp",), condition=Q(grp__isnull=False), name="transfer_by_grp"),
            models.Index(
                fields=("expires_at",), condition=Q(expires_at__isnull=False), name="transfer_holds"
            ),
        )
