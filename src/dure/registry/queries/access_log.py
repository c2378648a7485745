"""Verifying the access log of the vault: rows against their digests, seals against their rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from dure.core.models.audit import AuditLine
from dure.core.models.seals import Seal
from dure.core.sealing import unlike_published
from dure.engines.seals import Sealed, broken_seals, row_bytes

CHAIN = "registry.access"
CHECK = "registry.vault.check_log"


@dataclass(frozen=True, slots=True)
class LogChecked:
    """What the nightly check of the access log saw."""

    seals: int
    broken_rows: int
    broken_seals: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.broken_rows and not self.broken_seals


def newest_log_check() -> tuple[datetime, LogChecked] | None:
    """When the access log was last checked, and what was seen; None before the first time."""
    row = AuditLine.rows.filter(action=CHECK, outcome="done").order_by("-seq").first()
    return (row.at, LogChecked(**row.result)) if row and row.result else None


@dataclass(frozen=True, slots=True)
class LogVerdict:
    """What a verification of the access log saw: rows and seals that were changed."""

    broken_rows: tuple[int, ...]
    broken_seals: tuple[int, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.broken_rows and not self.broken_seals


def verify_access_log() -> LogVerdict:
    """Recompute every row's digest and every seal of the access log; locate each edit.

    A seal that is no longer what was published of it is broken too.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM vault.broken_log()")
        broken = tuple(row[0] for row in cursor.fetchall())
    seals = Seal.rows.filter(chain=CHAIN).order_by("number")
    chain = [
        Sealed(one.number, bytes(one.digest), tuple(sealed_rows(one.batch_from, one.batch_to)))
        for one in seals
    ]
    wrong = {one.number for one in broken_seals(CHAIN, chain)} | {*unlike_published(CHAIN)}
    return LogVerdict(broken, tuple(sorted(wrong)))


def sealed_rows(batch_from: int, batch_to: int) -> list[bytes]:
    """Return the log's rows of a range of batches as their seal takes them, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT era, batch, seq, id, digest FROM vault.log_rows(%s, %s)",
            [batch_from, batch_to],
        )
        rows = cursor.fetchall()
    return [
        row_bytes(era, batch, seq, row_id, bytes(digest))
        for era, batch, seq, row_id, digest in rows
    ]
