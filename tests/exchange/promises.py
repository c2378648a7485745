"""What must never be false in the exchange, asked of the database; each promise by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

# Each counts what breaks the promise.
PROMISES = {
    "every unit of every book is at zero": """
        SELECT count(*) FROM (SELECT 1 FROM ledger_account
            GROUP BY book, unit HAVING sum(balance) <> 0) broken
    """,
    "what is held is what the open holds say": """
        WITH open AS (
            SELECT h.debit, h.credit, h.amount FROM ledger_transfer h
            WHERE h.kind = 1 AND NOT EXISTS (
                SELECT FROM ledger_transfer e WHERE e.ref = h.id AND e.kind IN (2, 3, 4))
        )
        SELECT count(*) FROM ledger_account a
        WHERE a.held_out <> (SELECT coalesce(sum(amount), 0) FROM open WHERE debit = a.id)
            OR a.held_in <> (SELECT coalesce(sum(amount), 0) FROM open WHERE credit = a.id)
    """,
    "no lane is taken twice": """
        SELECT count(*) FROM exchange_commitment a JOIN exchange_commitment b
        ON a.asset_id = b.asset_id AND a.lane = b.lane AND a.id < b.id AND a.slot && b.slot
        WHERE a.state IN ('held', 'out') AND b.state IN ('held', 'out')
    """,
    "what is reserved is what is promised": """
        SELECT count(*) FROM exchange_asset a WHERE a.reserved <> (
            SELECT coalesce(sum(c.qty), 0) FROM exchange_commitment c
            WHERE c.asset_id = a.id AND c.slot IS NULL AND c.state IN ('held', 'out'))
    """,
    "no ended case promises anything": """
        SELECT count(*) FROM exchange_commitment c JOIN exchange_agreement a
        ON a.id = c.agreement_id WHERE a.closed_at IS NOT NULL AND c.state IN ('held', 'out')
    """,
    "no ended case holds value": """
        SELECT count(*) FROM ledger_transfer h JOIN exchange_agreement a ON a.id = h.grp
        WHERE a.closed_at IS NOT NULL AND h.kind = 1 AND NOT EXISTS (
            SELECT FROM ledger_transfer e WHERE e.ref = h.id AND e.kind IN (2, 3, 4))
    """,
    "spending told is what the ledger moved": """
        WITH moved AS (
            SELECT a.case_id, sum(t.amount - coalesce(b.amount, 0)) AS won
            FROM exchange_agreement a JOIN ledger_transfer t ON t.grp = a.id
            JOIN ledger_unit u ON u.id = t.unit AND u.code IN ('KRW', 'VCH')
            JOIN ledger_account d ON d.id = t.debit AND d.type <> 'clearing'
            LEFT JOIN LATERAL (SELECT sum(r.amount) AS amount FROM ledger_transfer r
                WHERE r.ref = t.id AND r.kind IN (5, 6)) b ON true
            WHERE t.kind IN (0, 2) AND t.purpose <> 'fee' GROUP BY a.case_id
        ), told AS (
            SELECT e.case_id, sum(e.sign * e.qty) AS won FROM journal_event e
            JOIN journal_label l ON l.id = e.label_id AND l.code = 'spending.local'
            JOIN ledger_transfer t ON t.ikey = e.transfer AND e.amount = e.qty
            GROUP BY e.case_id
        )
        SELECT count(*) FROM moved FULL JOIN told USING (case_id)
        WHERE coalesce(moved.won, 0) <> coalesce(told.won, 0)
    """,
    "what was given away has left, to one new owner": """
        SELECT count(*) FROM exchange_agreement a JOIN exchange_asset s ON s.id = a.asset_id
        WHERE a.process = 'give_away' AND a.state IN ('given', 'review', 'closed')
            AND (s.retired_at IS NULL OR EXISTS (SELECT FROM exchange_agreement b
                WHERE b.asset_id = a.asset_id AND b.id <> a.id AND b.process = 'give_away'
                    AND b.state IN ('promised', 'given', 'review', 'closed')))
    """,
    "no ended case waits for time": """
        SELECT count(*) FROM exchange_timer t JOIN exchange_agreement a
        ON a.id = t.agreement_id WHERE a.closed_at IS NOT NULL AND t.fired_at IS NULL
    """,
}
EVENTS = "events only grow"
_EVENTS = """
    SELECT count(*), coalesce(max(seq), 0), coalesce(sum(hashtextextended(e::text, 0)), 0)
    FROM journal_event e WHERE seq <= %s
"""


def here(text: str, *places: int) -> tuple[int, ...]:
    """One row of the test's own connection."""
    with connection.cursor() as cursor:
        cursor.execute(text, places or None)
        found: tuple[int, ...] = cursor.fetchone()
    return found


@dataclass(slots=True)
class Watch:
    """Asks the promises, and remembers the events that it has seen."""

    ask: Callable[..., tuple[int, ...]] = here
    until: int = 0
    seen: tuple[int, ...] = (0, 0, 0)

    def broken(self) -> list[str]:
        """The promises that are broken now; [] when all stand."""
        found = [name for name, text in PROMISES.items() if self.ask(text)[0]]
        if self.ask(_EVENTS, self.until) != self.seen:
            found.append(EVENTS)
        self.until = self.ask("SELECT coalesce(max(seq), 0) FROM journal_event")[0]
        self.seen = self.ask(_EVENTS, self.until)
        return found
