"""Sealing and checking the access log of the vault, in the same chain form as the audit's."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from dure.core import clock
from dure.core.actions import Who, action, line
from dure.core.actors import Actor, Role
from dure.core.jobs import timer
from dure.core.models.seals import Seal, SealHead
from dure.core.policies import is_operator, is_timer
from dure.engines.seals import first_digest, next_digest
from dure.registry.queries.access_log import (
    CHAIN,
    CHECK,
    LogChecked,
    sealed_rows,
    verify_access_log,
)

NAME = "registry.vault.seal"


@dataclass(frozen=True, slots=True)
class LogSealed:
    """A seal that was made; number 0 when there was nothing to seal."""

    number: int
    row_count: int
    digest: str


@action(
    NAME,
    ko="신원 금고의 접속 기록을 봉인합니다.",
    en="Seal the access log of the vault.",
    policy=is_timer | is_operator,
    letters={Role.OPERATOR: "2"},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("job", "cli"),
    long=True,
    writes=("core_seal", "core_sealhead"),
)
def seal_access_log(*, actor: Actor) -> LogSealed:
    """Seal every row of the transactions that ended since the last seal."""
    SealHead.rows.get_or_create(
        chain=CHAIN, defaults={"number": 0, "digest": first_digest(CHAIN), "horizon": 0}
    )
    head = SealHead.rows.select_for_update(no_key=True).get(chain=CHAIN)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + dure_batch_base()"
        )
        (horizon,) = cursor.fetchone()
    rows = sealed_rows(head.horizon, horizon)
    if not rows:
        return LogSealed(0, 0, bytes(head.digest).hex())
    digest, number = next_digest(bytes(head.digest), rows), head.number + 1
    Seal.rows.create(
        chain=CHAIN, number=number, batch_from=head.horizon, batch_to=horizon,
        row_count=len(rows), digest=digest, sealed_at=clock.now(), audit=line().id,
    )  # fmt: skip
    head.number, head.digest, head.horizon, head.sealed_at = number, digest, horizon, clock.now()
    head.save(update_fields=["number", "digest", "horizon", "sealed_at"])
    line().object("core.seal", number)
    line().changed("head", None, digest.hex())
    return LogSealed(number, len(rows), digest.hex())


timer(NAME, cron="*/10 * * * *")


@action(
    CHECK,
    ko="신원 금고의 접속 기록과 봉인을 다시 셈합니다.",
    en="Compute the access log of the vault and its seals again.",
    policy=is_timer | is_operator,
    letters={Role.OPERATOR: "2"},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("job", "cli"),
    long=True,
)
def check_access_log(*, actor: Actor) -> LogChecked:
    """Verify every row and seal of the access log; tells numbers only."""
    verdict = verify_access_log()
    for row in verdict.broken_rows[:100]:
        line().changed(f"row {row}", None, "broken")
    for number in verdict.broken_seals[:100]:
        line().changed(f"seal {number}", None, "broken")
    seals = Seal.rows.filter(chain=CHAIN).count()
    return LogChecked(seals, len(verdict.broken_rows), len(verdict.broken_seals))


timer(CHECK, cron="15 18 * * *")  # 03:15 in Seoul, after the audit's
