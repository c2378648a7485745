"""Periods: months that are closed, with their trial balance, and where each account stood then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from dure.core.models import AppendOnlyModel

from .accounts import Account
from .units import Book, kept_q

if TYPE_CHECKING:
    from dure.core.actors import Actor


class Period(AppendOnlyModel):
    """Days [from, to] of a book with every account's opening, debits, credits and closing.

    Written by ledger_close() alone.
    """

    id = models.BigAutoField(primary_key=True)
    book = models.ForeignKey(Book, models.PROTECT, related_name="periods", verbose_name="장부")
    days = DateRangeField("기간")
    closed_at = models.DateTimeField("마감 시각")
    # The accounts' rows: [account, unit code, opening, debits, credits, closing], by account.
    rows_json = models.JSONField("시산표", db_column="rows")
    sha256 = models.CharField("시산표 해시", max_length=64)
    last_transfer = models.BigIntegerField("마지막 이체")
    closer = models.UUIDField("마감한 사람")
    reviewer = models.UUIDField("살펴본 사람")
    audit = models.UUIDField("감사 기록")

    database_grants = ("SELECT",)

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "마감"
        constraints = (
            ExclusionConstraint(
                name="period_days_once_a_book",
                expressions=[
                    ("book", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=~Q(closer=F("reviewer")), name="period_reviewer_is_another_person"
            ),
        )

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """Periods of books one keeps."""
        return kept_q(actor, "book__")


class Closing(AppendOnlyModel):
    """What an account stood at on the last day of a period in which it moved.

    Drawn from the period's rows by its trigger, so that reading a dated balance begins here. An
    account without a row for a period stands as in the one before, or at 0.
    """

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(
        Account,
        models.PROTECT,
        related_name="+",
        db_column="account",
        db_index=False,
        verbose_name="계정",
    )
    through = models.DateField("마지막 날")
    balance = models.BigIntegerField("잔액")

    database_grants = ("SELECT",)

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "마감 잔액"
        constraints = (
            models.UniqueConstraint(fields=("account", "through"), name="closing_once_a_day"),
        )
