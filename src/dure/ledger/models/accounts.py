"""Accounts, and every change of their limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from dure.core.actors import ActorKind
from dure.core.models import AppendOnlyModel, DomainModel

from .units import KEEPING, Book, Unit, kept_q

if TYPE_CHECKING:
    from dure.core.actors import Actor


class Account(DomainModel):
    """One unit in one book with one owner; `balance` = credits − debits.

    `balance`, `held_out` and `held_in` are moved by the posting trigger alone, `lo` and `hi` by
    ledger_set_limits(). Spendable = balance − held_out − lo. What a row must hold to stands in
    `0002_posting.sql`: a CHECK is read and planned anew by each statement that moves a balance.
    """

    class Type(models.TextChoices):
        LIABILITY = "liability", "회원·예수금"
        EQUITY = "equity", "자본"
        INCOME = "income", "수익"
        ASSET = "asset", "자산"
        EXPENSE = "expense", "비용"
        ISSUER = "issuer", "발행"
        METER = "meter", "계량"
        SINK = "sink", "쌓임"
        CLEARING = "clearing", "장부 사이"

    class Status(models.TextChoices):
        OPEN = "open", "열림"
        FROZEN = "frozen", "멈춤"
        CLOSED = "closed", "닫힘"

    id = models.BigAutoField(primary_key=True)
    book = models.ForeignKey(
        Book, models.PROTECT, related_name="accounts", db_column="book", verbose_name="장부"
    )
    balance = models.BigIntegerField("잔액", default=0)
    held_out = models.BigIntegerField("나갈 보류", default=0)
    held_in = models.BigIntegerField("들어올 보류", default=0)
    lo = models.BigIntegerField("하한", null=True)
    hi = models.BigIntegerField("상한", null=True)
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        related_name="+",
        db_column="unit",
        db_index=False,
        verbose_name="단위",
    )
    status = models.CharField("상태", max_length=6, choices=Status.choices, default="open")
    type = models.CharField("갈래", max_length=9, choices=Type.choices)
    owner_person = models.ForeignKey(
        "registry.Person",
        models.PROTECT,
        null=True,
        related_name="+",
        db_column="owner_person",
        verbose_name="주인(사람)",
    )
    owner_organisation = models.ForeignKey(
        "registry.Organisation",
        models.PROTECT,
        null=True,
        related_name="+",
        db_column="owner_organisation",
        verbose_name="주인(조직)",
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="children",
        db_column="parent",
        verbose_name="윗 계정",
    )
    lot = models.ForeignKey(
        "ledger.Lot",
        models.PROTECT,
        null=True,
        related_name="accounts",
        db_column="lot",
        verbose_name="발행 묶음",
    )
    other_book = models.ForeignKey(
        Book,
        models.PROTECT,
        null=True,
        related_name="+",
        db_column="other_book",
        db_index=False,
        verbose_name="상대 장부",
    )
    handle = models.CharField("받는 이름", max_length=30, null=True)
    label = models.CharField("이름", max_length=100)
    opened_at = models.DateTimeField("연 시각")
    audit = models.UUIDField("감사 기록")

    database_grants = ("SELECT", "INSERT", "UPDATE (status, label, handle, audit)")
    lock_rank = 99  # after every other table of the room, as the posting statement locks it

    class Meta(DomainModel.Meta):
        verbose_name = "계정"
        constraints = (
            models.UniqueConstraint(
                fields=("id", "book", "unit"), name="account_in_one_book_and_unit"
            ),
            models.UniqueConstraint(fields=("handle",), name="account_handle_once"),
            models.UniqueConstraint(
                fields=("parent", "lot"),
                condition=Q(lot__isnull=False),
                name="account_of_a_lot_once_a_holder",
            ),
            models.UniqueConstraint(
                fields=("book", "unit", "other_book"),
                condition=Q(other_book__isnull=False),
                name="account_clears_one_book_once",
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def spendable(self) -> int | None:
        """What may still leave; None without a floor."""
        return None if self.lo is None else self.balance - self.held_out - self.lo

    @classmethod
    def scope_q(cls, actor: Actor) -> Q:
        """One's own, those of one's organisations, and those in books one keeps.

        A role in the district sees accounts of organisations there, of no person.
        """
        if actor.kind is ActorKind.ANONYMOUS:
            return Q(pk__in=[])
        found = kept_q(actor, "book__", public=Q(owner_person__isnull=True))
        if actor.id is not None:
            found |= Q(owner_person=actor.acting_for or actor.id)
        owned = {scope for role in KEEPING for scope in actor.scope_ids(role, "organisation")}
        return found | Q(owner_organisation_id__in=owned)


class LimitChange(AppendOnlyModel):
    """Old and new floor and ceiling of an account; written by ledger_set_limits()."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="limit_changes")
    old_lo = models.BigIntegerField("옛 하한", null=True)
    old_hi = models.BigIntegerField("옛 상한", null=True)
    new_lo = models.BigIntegerField("새 하한", null=True)
    new_hi = models.BigIntegerField("새 상한", null=True)
    reason = models.CharField("이유", max_length=500)
    rule_version = models.UUIDField("규칙 판", null=True)
    actor = models.UUIDField("누가", null=True)
    approver = models.UUIDField("승인한 사람", null=True)
    changed_at = models.DateTimeField("때")
    audit = models.UUIDField("감사 기록")

    database_grants = ("SELECT",)

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "한도 변경"
        constraints = (
            models.CheckConstraint(
                condition=Q(approver__isnull=True)
                | Q(actor__isnull=True)
                | ~Q(approver=F("actor")),
                name="limit_change_approver_is_another_person",
            ),
        )
