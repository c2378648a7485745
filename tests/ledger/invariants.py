"""The laws of the ledger, asked of the tables by questions of our own.

They share nothing with the product's check of the books, so that each can find the other's fault.
"""

from __future__ import annotations

from typing import Final

import psycopg

LAWS: Final = {
    "a book and unit sum to zero": """
        SELECT book, unit, sum(balance) FROM ledger_account GROUP BY book, unit
        HAVING sum(balance) <> 0
    """,
    "a balance is what its transfers moved": """
        SELECT a.id, a.balance, m.moved FROM ledger_account a
        LEFT JOIN (
            SELECT side, sum(x)::bigint AS moved FROM (
                SELECT debit AS side, -amount AS x FROM ledger_transfer WHERE kind IN (0, 2, 5, 6)
                UNION ALL
                SELECT credit, amount FROM ledger_transfer WHERE kind IN (0, 2, 5, 6)
            ) both_sides GROUP BY side
        ) m ON m.side = a.id
        WHERE a.balance <> coalesce(m.moved, 0)
    """,
    "what is held is what open holds hold": """
        SELECT a.id, a.held_out, a.held_in, o.held, i.held FROM ledger_account a
        LEFT JOIN (
            SELECT h.debit AS side, sum(h.amount)::bigint AS held FROM ledger_transfer h
            WHERE h.kind = 1 AND NOT EXISTS (
                SELECT FROM ledger_transfer r WHERE r.ref = h.id AND r.kind IN (2, 3, 4))
            GROUP BY h.debit
        ) o ON o.side = a.id
        LEFT JOIN (
            SELECT h.credit AS side, sum(h.amount)::bigint AS held FROM ledger_transfer h
            WHERE h.kind = 1 AND NOT EXISTS (
                SELECT FROM ledger_transfer r WHERE r.ref = h.id AND r.kind IN (2, 3, 4))
            GROUP BY h.credit
        ) i ON i.side = a.id
        WHERE (a.held_out, a.held_in) <> (coalesce(o.held, 0), coalesce(i.held, 0))
    """,
    "no limit is crossed": """
        SELECT id, balance, held_out, held_in, lo, hi FROM ledger_account
        WHERE balance - held_out < lo OR balance + held_in > hi OR held_out < 0 OR held_in < 0
    """,
    "a key takes effect once": """
        SELECT ikey, count(*) FROM ledger_transfer GROUP BY ikey HAVING count(*) > 1
    """,
    "a hold ends once, with no more than was held": """
        SELECT h.id, count(*), sum(r.amount) FROM ledger_transfer h
        JOIN ledger_transfer r ON r.ref = h.id
        WHERE h.kind = 1 GROUP BY h.id, h.amount
        HAVING count(*) > 1 OR sum(r.amount) > h.amount OR bool_or(r.kind NOT IN (2, 3, 4))
    """,
    "an original is undone once, with no more than it moved": """
        SELECT t.id FROM ledger_transfer t JOIN ledger_transfer r ON r.ref = t.id
        WHERE t.kind <> 1 GROUP BY t.id, t.kind, t.amount
        HAVING sum(r.amount) > t.amount OR count(*) FILTER (WHERE r.kind = 5) > 1
            OR bool_or(r.kind = 5) AND count(*) > 1
            OR t.kind NOT IN (0, 2) OR bool_or(r.kind NOT IN (5, 6))
    """,
    "a follower stands between the accounts of what it follows": """
        SELECT r.id FROM ledger_transfer r JOIN ledger_transfer t ON t.id = r.ref
        WHERE r.kind IN (2, 3, 4) AND (r.debit, r.credit) <> (t.debit, t.credit)
            OR r.kind IN (5, 6) AND (r.debit, r.credit) <> (t.credit, t.debit)
    """,
    "two books say the same of each other": """
        SELECT a.id, a.balance, b.balance FROM ledger_account a LEFT JOIN ledger_account b
            ON (b.book, b.other_book, b.unit) = (a.other_book, a.book, a.unit)
        WHERE a.other_book IS NOT NULL AND a.balance + coalesce(b.balance, 0) <> 0
    """,
    "a row stands in the book and unit of its accounts": """
        SELECT t.id FROM ledger_transfer t JOIN ledger_account a ON a.id IN (t.debit, t.credit)
        WHERE (a.book, a.unit) <> (t.book, t.unit)
    """,
}


def broken(connection: psycopg.Connection) -> dict[str, list[tuple[object, ...]]]:
    """Laws that do not hold, each with the first rows that show it."""
    found = {}
    for law, question in LAWS.items():
        rows = connection.execute(question).fetchmany(5)
        if rows:
            found[law] = rows
    return found
