"""Batches of papers as the desk sees them: how far each is, never what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from dure.budgeting.models import Call, PaperBatch, kept_q
from dure.core.actors import Actor


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch: how many people typed it, and how many papers were merged (None: not yet)."""

    code: str
    part: str
    people: int
    merged: int | None


def batches(call_id: UUID, actor: Actor) -> tuple[BatchRow, ...]:
    """The batches of a call that the actor works for, by code."""
    mine = Call.objects.within(actor).filter(kept_q(actor), pk=call_id)
    rows = PaperBatch.rows.filter(call__in=mine).select_related("match").order_by("code")
    return tuple(
        BatchRow(
            row.code, row.part, row.typists, row.match.slips if hasattr(row, "match") else None
        )
        for row in rows.annotate(typists=Count("entries__person", distinct=True))
    )
