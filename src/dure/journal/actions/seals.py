"""A seal closes the journal up to a position: what stands before it can no longer change."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import connection

from dure.core import clock, heads, jobs
from dure.core.actions import Who, action, line
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.journal import policies, queries
from dure.journal.errors import JournalCode
from dure.journal.models import Event, Seal
from dure.journal.writing import LOCK_CLASS

CHAIN = "journal.event"
GENESIS = hashlib.sha256(b"dure.journal.v1").hexdigest()


@dataclass(frozen=True, slots=True)
class SealRef:
    """A position of the journal and the head of its chain."""

    seq_to: int
    head: str
    row_count: int


@action(
    "journal.seal",
    ko="사건 기록을 여기까지 봉인합니다.",
    en="Seal the journal up to here.",
    policy=policies.may_seal,
    letters={Role.OPERATOR: "o"},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("cli", "job"),
    long=True,
    writes=("journal_seal", "core_sealhead"),
    refusals=(JournalCode.NOTHING_TO_SEAL,),
)
def seal_journal(*, actor: Actor) -> SealRef:
    """Close the journal at its last committed event; writers wait for a moment.

    head = SHA-256(previous head ‖ the canonical rows in order), so that a cut read twice is
    byte-equal. A sequence is not a commit order: the exclusive lock waits for open writers.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [LOCK_CLASS])
    last = Seal.rows.order_by("-seq_to").first()
    seq_from = last.seq_to + 1 if last else 1
    previous = last.head if last else GENESIS
    sealed = queries.chain(previous, seq_from, None)
    if sealed.row_count == 0:
        raise Refusal(JournalCode.NOTHING_TO_SEAL)
    seal = Seal(
        seq_from=seq_from,
        seq_to=sealed.seq_to,
        row_count=sealed.row_count,
        previous=previous,
        head=sealed.head,
        sealed_at=clock.now(),
        audit=line().id,
    )
    seal.save(force_insert=True)
    heads.move(CHAIN, number=Seal.rows.count(), digest=seal.head, horizon=seal.seq_to)
    line().object("journal.seal", seal.seq_to)
    line().changed("head", previous, sealed.head)
    return SealRef(seq_to=seal.seq_to, head=seal.head, row_count=seal.row_count)


def is_seal_due() -> bool:
    """Whether there is an event after the last seal."""
    newest = Event.rows.order_by("-seq").values_list("seq", flat=True).first() or 0
    sealed = Seal.rows.order_by("-seq_to").values_list("seq_to", flat=True).first() or 0
    return newest > sealed


jobs.timer("journal.seal", cron="*/10 * * * *", when=is_seal_due)
