"""Seals of the ledger: every finished transaction, hashed onto the seal before."""

from __future__ import annotations

from django.db import connection

from dure.core import jobs
from dure.core.actions import Who, action
from dure.core.actors import Actor, Role
from dure.core.models import SealHead
from dure.core.sealing import SealedBatch, head_and_horizon, write_seal
from dure.engines.ledger_rows import CHAIN, first_digest
from dure.ledger import policies
from dure.ledger.models import Transfer

NAME = "ledger.seal.write"
ROWS_AT_ONCE = 200_000


@action(
    NAME,
    ko="원장의 이체를 봉인합니다.",
    en="Seal the transfers of the ledger.",
    policy=policies.may_run_timers,
    letters={Role.OPERATOR: "o"},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("job", "cli"),
    long=True,
    writes=("core_seal", "core_sealhead"),
)
def seal_ledger(*, actor: Actor) -> SealedBatch:
    """Seal every row of the transactions that ended since the last seal.

    Many rows are cut into seals of about 200,000, always between two transactions.
    """
    head, horizon = head_and_horizon(CHAIN, first_digest())
    sealed = SealedBatch(0, 0, bytes(head.digest).hex())
    while head.horizon < horizon:
        until = _cut(head.horizon, horizon)
        digest, rows = _digest(bytes(head.digest), head.horizon, until)
        if rows == 0:
            break
        write_seal(head, until, rows, digest)
        sealed = SealedBatch(head.number, sealed.rows + rows, digest.hex())
    return sealed


def _cut(since: int, horizon: int) -> int:
    """The end of the next seal: the horizon, or the transaction that stands after enough rows."""
    rows = Transfer.rows.filter(batch__gte=since, batch__lt=horizon).order_by("batch")
    later = rows.values_list("batch", flat=True)[ROWS_AT_ONCE : ROWS_AT_ONCE + 1]
    found = list(later)
    return max(found[0], since + 1) if found else horizon


def _digest(previous: bytes, since: int, until: int) -> tuple[bytes, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT digest, rows FROM ledger_seal_digest(%s, %s, %s)", [previous, since, until]
        )
        digest, rows = cursor.fetchone()
    return bytes(digest), int(rows)


def is_seal_due() -> bool:
    """Whether rows wait for a seal."""
    head = SealHead.rows.filter(chain=CHAIN).first()
    return bool(Transfer.rows.filter(batch__gte=head.horizon if head else 0).exists())


jobs.timer(NAME, cron="* * * * *", when=is_seal_due)
