"""Faults planted in the ledger's own SQL: each takes one guard out, with what stands behind it."""

from __future__ import annotations

from dataclasses import dataclass

import psycopg


@dataclass(frozen=True, slots=True)
class Mutant:
    """One guard taken out: texts replaced in functions, constraints and indexes dropped."""

    name: str
    edits: tuple[tuple[str, str, str], ...] = ()
    drops: tuple[str, ...] = ()

    def plant(self, connection: psycopg.Connection) -> None:
        for function, old, new in self.edits:
            row = connection.execute(
                "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = %s", (function,)
            ).fetchone()
            assert row is not None, function
            assert old in row[0], f"{function} no longer says: {old}"
            connection.execute(row[0].replace(old, new))
        for statement in self.drops:
            connection.execute(statement)


def check(table: str, name: str) -> str:
    return f"ALTER TABLE ledger_{table} DROP CONSTRAINT {name}"


APPLY = "ledger_apply"
# Of one row alone; of many the same stands in the sets.
FLOOR = "v_debit.balance - v_moved - v_debit.held_out - v_held < v_debit.lo"
CEILING = "v_credit.balance + v_moved + v_credit.held_in + v_held > v_credit.hi"
MUTANTS = (
    Mutant(
        "a hold does not count against the floor",
        (
            (APPLY, "a.balance - a.held_out + sum(m.moved - m.going)", "a.balance + sum(m.moved)"),
            (APPLY, FLOOR, "v_debit.balance - v_moved < v_debit.lo"),
        ),
        (check("account", "account_floor"),),
    ),
    Mutant(
        "a hold does not count against the ceiling",
        (
            (APPLY, "a.balance + a.held_in + sum(m.moved + m.coming)", "a.balance + sum(m.moved)"),
            (APPLY, CEILING, "v_credit.balance + v_moved > v_credit.hi"),
        ),
        (check("account", "account_ceiling"),),
    ),
    Mutant(
        "the order inside a statement is not looked at",
        ((APPLY, "WHERE s.low < s.lo OR s.high > s.hi", "WHERE false"),),
    ),
    Mutant(
        "no floor at all",
        (
            (APPLY, "WHERE s.low < s.lo OR s.high > s.hi", "WHERE s.high > s.hi"),
            (APPLY, FLOOR, "false"),
        ),
        (check("account", "account_floor"),),
    ),
    Mutant(
        "a used key is not compared by its body",
        (
            (
                "ledger_post",
                "t.body_hash IS DISTINCT FROM",
                "t.body_hash IS NULL AND t.body_hash IS DISTINCT FROM",
            ),
        ),
    ),
    Mutant("a hold ends twice", (), ("DROP INDEX transfer_hold_ends_once",)),
    Mutant("an original is reversed twice", (), ("DROP INDEX transfer_reversed_once",)),
    Mutant(
        "a refunded original is reversed",
        ((APPLY, "THEN 'ledger_refunded'", "THEN NULL"),),
    ),
    Mutant(
        "a reversed original is refunded",
        ((APPLY, "THEN 'ledger_already_reversed'", "THEN NULL"),),
    ),
    Mutant(
        "refunds exceed the original",
        ((APPLY, "x.kind = 6) > o.amount", "x.kind = 6) > 2 * o.amount"),),
    ),
    Mutant(
        "more is settled than was held",
        ((APPLY, "r.amount > o.amount OR", "false OR"),),
    ),
    Mutant(
        "an expired hold is settled",
        ((APPLY, "r.kind = 2 AND v_now >= o.expires_at", "false"),),
    ),
    Mutant(
        "a running hold expires",
        ((APPLY, "r.kind = 4 AND v_now < o.expires_at", "false"),),
    ),
    Mutant(
        "a reversal goes between other accounts",
        ((APPLY, "OR o.debit <> r.credit OR o.credit <> r.debit", ""),),
    ),
    Mutant(
        "a closed period takes rows",
        (
            (APPLY, "AND r.event_date <= b.closed_through", "AND false"),
            (APPLY, "v_one.event_date <= v_debit.closed_through", "false"),
        ),
    ),
    Mutant("tomorrow takes rows", ((APPLY, "v_last > v_today", "false"),)),
    Mutant(
        "a frozen account moves",
        (
            (APPLY, "l.status <> 'open'", "false"),
            (APPLY, "v_debit.status <> 'open'", "false"),
            (APPLY, "v_credit.status <> 'open'", "false"),
        ),
    ),
    Mutant(
        "a settle frees only what it takes",
        (
            (APPLY, "THEN -coalesce(o.amount, 0)", "THEN -least(r.amount, o.amount)"),
            (APPLY, "ELSE -(SELECT o.amount", "ELSE -(SELECT least(v_one.amount, o.amount)"),
        ),
    ),
    Mutant(
        "one row: a hold does not count against the floor",
        ((APPLY, "v_moved - v_debit.held_out - v_held < v_debit.lo", "v_moved < v_debit.lo"),),
        (check("account", "account_floor"),),
    ),
    Mutant(
        "one row: no ceiling",
        ((APPLY, "v_moved + v_credit.held_in + v_held > v_credit.hi", "v_moved IS NULL"),),
        (check("account", "account_ceiling"),),
    ),
    Mutant(
        "one row: a closed period takes it",
        ((APPLY, "v_one.event_date <= v_debit.closed_through", "false"),),
    ),
    Mutant(
        "one row: a frozen account pays",
        ((APPLY, "CASE WHEN v_debit.status <> 'open' THEN v_debit.id", "CASE WHEN false THEN 0"),),
    ),
)
