"""Freezing a selection of rules, and taking somebody out of a matter; inside a running action."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from uuid import UUID

from dure.core import clock
from dure.core.actions import line
from dure.core.errors import Refusal
from dure.engines.canonical import canonical

from .errors import GovernanceCode
from .models import Recusal, RuleSet


def freeze_rules(subject_kind: str, subject_id: UUID, content: object) -> RuleSet:
    """Write the rules that a matter is decided by as canonical JSON with its SHA-256.

    content : None, bool, int, str, date, list or dict, nested; no float
    """
    text = canonical(content)
    made: RuleSet = RuleSet.rows.create(
        subject_kind=subject_kind,
        subject_id=subject_id,
        text=text.decode(),
        sha256=hashlib.sha256(text).hexdigest(),
        made_at=clock.now(),
        audit=line().id,
    )
    return made


def recuse(
    subject_kind: str, subject_id: UUID, person: UUID, *, way: str, reason: str, by: UUID | None
) -> Recusal:
    """Take one person out of one matter. Raises Refusal(RECUSED) where they are out already."""
    if Recusal.rows.filter(
        subject_kind=subject_kind, subject_id=subject_id, person=person
    ).exists():
        raise Refusal(GovernanceCode.RECUSED)
    made: Recusal = Recusal.rows.create(
        subject_kind=subject_kind,
        subject_id=subject_id,
        person=person,
        way=way,
        reason=reason,
        decided_by=by,
        at=clock.now(),
        audit=line().id,
    )
    return made


def recused_from(subject_kind: str, subject_ids: Collection[UUID], person: UUID) -> frozenset[UUID]:
    """Those of some matters that a person is out of."""
    rows = Recusal.rows.filter(
        subject_kind=subject_kind, subject_id__in=list(subject_ids), person=person
    )
    return frozenset(rows.values_list("subject_id", flat=True))
