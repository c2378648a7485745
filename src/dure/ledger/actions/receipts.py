"""Notices of receipt for payments that tell nobody themselves: the rows are their own outbox.

A payment is one statement and stays so; a minute later its rows tell their payees. Law: told by
the snapshot's horizon, as seals are: below it every transaction has ended, so no late commit is
passed over and nobody is told twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from dure.core import jobs, notices
from dure.core.actions import Who, action, line
from dure.core.actors import Actor
from dure.core.models import AuditLine
from dure.ledger import programme_policies, telling

TELL = "ledger.receipt.tell"
SILENT = (
    "ledger.transfer.post",
    "ledger.batch.post",
    "ledger.hold.settle",
    "ledger.transfer.refund",
)
HORIZON = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + dure_batch_base()"
# The first row of each payment that reached a person from somebody else.
REACHED = """
SELECT DISTINCT ON (t.audit, coalesce(c.owner_person, cp.owner_person))
    coalesce(c.owner_person, cp.owner_person), t.id
FROM ledger_transfer t
JOIN core_auditline l ON l.id = t.audit AND l.action = ANY (%(silent)s)
JOIN ledger_account c ON c.id = t.credit LEFT JOIN ledger_account cp ON cp.id = c.parent
JOIN ledger_account d ON d.id = t.debit LEFT JOIN ledger_account dp ON dp.id = d.parent
WHERE t.batch >= %(since)s AND t.batch < %(until)s AND t.kind IN (0, 2, 6)
    AND coalesce(c.owner_person, cp.owner_person) IS NOT NULL
    AND coalesce(c.owner_person, cp.owner_person)
        IS DISTINCT FROM coalesce(d.owner_person, dp.owner_person)
ORDER BY t.audit, coalesce(c.owner_person, cp.owner_person), t.id
"""


@dataclass(frozen=True, slots=True)
class Told:
    """How many people were told, and up to which transaction the rows were read."""

    people: int
    through: int


@action(
    TELL,
    ko="받은 이체를 받은 사람에게 알립니다.",
    en="Tell people of transfers that reached them.",
    policy=programme_policies.may_run_timer,
    letters={},
    who=Who.TIMER,
    faces=("job",),
    notices=(telling.RECEIVED,),
)
def tell_receipts(*, actor: Actor) -> Told:
    """Write one notice a payment and person for everything posted since the last run."""
    since, until = _window()
    found = _reached(since, until)
    for person, number in found:
        notices.tell(person, telling.RECEIVED, places={"transfer": number})
    line().changed("people", None, len(found))
    return Told(len(found), until)


def _window() -> tuple[int, int]:
    last = AuditLine.rows.filter(action=TELL, outcome="done").order_by("-seq").first()
    since = int(last.result["through"]) if last is not None and last.result else 0
    with connection.cursor() as cursor:
        cursor.execute(HORIZON)
        (until,) = cursor.fetchone()
    return since, max(since, until)


def _reached(since: int, until: int) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(REACHED, {"silent": list(SILENT), "since": since, "until": until})
        return [(str(person), number) for person, number in cursor.fetchall()]


def is_anybody_to_tell() -> bool:
    """Whether something reached somebody since the last run."""
    return bool(_reached(*_window()))


jobs.timer(TELL, cron="* * * * *", when=is_anybody_to_tell)
