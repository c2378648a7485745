"""Lines of bank and meter statements, and what they match in the ledger."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from dure.core.models import AppendOnlyModel, DomainModel

from .accounts import Account
from .transfers import Transfer


class StatementLine(AppendOnlyModel):
    """One line of an outside statement; its text lies in the vault under `text_id`."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="statement_lines")
    source = models.CharField("출처", max_length=60)
    external_ref = models.CharField("바깥 번호", max_length=120)
    on_date = models.DateField("날짜")
    amount = models.BigIntegerField("수량(부호)")
    balance_after = models.BigIntegerField("그 뒤 잔액", null=True)
    text_id = models.UUIDField("적요(금고)", null=True)
    importer = models.UUIDField("올린 사람")
    import_digest = models.CharField("파일 해시", max_length=64)
    imported_at = models.DateTimeField("올린 시각")
    audit = models.UUIDField("감사 기록")

    class Meta(AppendOnlyModel.Meta):
        verbose_name = "명세 줄"
        constraints = (
            models.UniqueConstraint(
                fields=("source", "external_ref"), name="statement_line_came_in_once"
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="statement_line_moves_something"),
        )
        indexes = (models.Index(fields=("account", "on_date"), name="statement_line_by_day"),)


class Match(DomainModel):
    """A line and a transfer (or a waiver) that explain each other; a person confirms."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "제안"
        CONFIRMED = "confirmed", "확인"
        UNDONE = "undone", "되돌림"
        WAIVED = "waived", "따로 처리"

    id = models.BigAutoField(primary_key=True)
    line = models.ForeignKey(StatementLine, models.PROTECT, related_name="matches")
    transfer = models.ForeignKey(Transfer, models.PROTECT, null=True, related_name="matches")
    amount = models.BigIntegerField("수량(부호)")
    state = models.CharField("상태", max_length=9, choices=State.choices)
    importer = models.UUIDField("올린 사람")
    confirmer = models.UUIDField("확인한 사람", null=True)
    confirmed_at = models.DateTimeField("확인한 시각", null=True)
    reason = models.CharField("이유", max_length=500, blank=True, default="")
    audit = models.UUIDField("감사 기록")

    class Meta(DomainModel.Meta):
        verbose_name = "맞춤"
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmer__isnull=True) | ~Q(confirmer=F("importer")),
                name="match_confirmer_is_not_the_importer",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(confirmer__isnull=False),
                name="match_is_confirmed_by_a_person",
            ),
            models.CheckConstraint(
                condition=Q(transfer__isnull=False) | Q(state__in=("waived", "undone")),
                name="match_names_a_transfer_or_waives",
            ),
            models.UniqueConstraint(
                fields=("line", "transfer"),
                condition=Q(state__in=("proposed", "confirmed")),
                name="match_pair_once",
            ),
        )
