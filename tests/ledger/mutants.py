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


APPLY, LOT = "ledger_apply", "ledger_lot_is_over"


def plain(*pairs: tuple[str, str]) -> tuple[tuple[str, str, str], ...]:
    """Edits of the one UPDATE of a plain payment; the steps behind it say the same by sets."""
    return tuple((APPLY, old, new) for old, new in pairs)


NO_FLOOR = plain(("a.balance - a.held_out - v_amount < a.lo", "false"))
NO_CEILING = plain(("a.balance + a.held_in + v_amount > a.hi", "false"))
HOLDS_APART = plain(("a.balance - a.held_out - v_amount", "a.balance - v_amount"))
COMING_APART = plain(("a.balance + a.held_in + v_amount", "a.balance + v_amount"))
CLOSED = plain(("(v_day <= b.closed_through) IS NOT TRUE", "true"))
TOMORROW = plain(("AND r.event_date <= dure_today()", ""))
FROZEN = plain(("a.status <> 'open' OR ", ""))
MUTANTS = (
    Mutant(
        "a hold does not count against the floor",
        (
            (APPLY, "a.balance - a.held_out + sum(e.moved - e.going)", "a.balance + sum(e.moved)"),
            *HOLDS_APART,
        ),
        (check("account", "account_floor"),),
    ),
    Mutant(
        "a hold does not count against the ceiling",
        (
            (APPLY, "a.balance + a.held_in + sum(e.moved + e.coming)", "a.balance + sum(e.moved)"),
            *COMING_APART,
        ),
        (check("account", "account_ceiling"),),
    ),
    Mutant(
        "the order inside a statement is not looked at",
        ((APPLY, "WHERE s.low < s.lo OR s.high > s.hi", "WHERE false"),),
    ),
    Mutant(
        "the order is looked at only where the sums end",
        (
            (APPLY, "sum(least(e.moved - e.going, 0))", "sum(e.moved - e.going)"),
            (APPLY, "sum(greatest(e.moved + e.coming, 0))", "sum(e.moved + e.coming)"),
        ),
    ),
    Mutant(
        "no floor at all",
        (
            (APPLY, "WHERE s.low < s.lo OR s.high > s.hi", "WHERE s.high > s.hi"),
            *NO_FLOOR,
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
            *CLOSED,
        ),
    ),
    Mutant("tomorrow takes rows", ((APPLY, "v_last > dure_today()", "false"), *TOMORROW)),
    Mutant(
        "a frozen account moves",
        (
            (APPLY, "l.status <> 'open'", "false"),
            *FROZEN,
        ),
    ),
    Mutant(
        "a settle frees only what it takes",
        (
            (
                APPLY,
                "-(SELECT o.amount FROM ledger_transfer o WHERE o.id = r.ref)",
                "-(SELECT least(r.amount, o.amount) FROM ledger_transfer o WHERE o.id = r.ref)",
            ),
        ),
    ),
    Mutant(
        "one row: a hold does not count against the floor",
        HOLDS_APART,
        (check("account", "account_floor"),),
    ),
    Mutant("one row: no ceiling", NO_CEILING, (check("account", "account_ceiling"),)),
    Mutant("one row: a closed period takes it", CLOSED),
    Mutant("one row: tomorrow takes it", TOMORROW),
    Mutant("one row: a frozen account pays", FROZEN),
    Mutant("a lot that is over pays", ((APPLY, "IF v_lots THEN", "IF false THEN"),)),
    Mutant(
        "a lot pays before its first day",
        ((LOT, "dure_today() < l.valid_from OR", ""),),
    ),
    Mutant(
        "a late refund gives no days of grace",
        ((LOT, "max(t.event_date) + coalesce", "max(t.event_date) - 99 + coalesce"),),
    ),
    Mutant(
        "a late refund gives days for ever",
        ((LOT, "max(t.event_date) + coalesce", "max(t.event_date) + 99 + coalesce"),),
    ),
    Mutant(
        "a lot that is over does not go back to its issuer",
        ((LOT, "p.issuer_id <> p_credit", "true"),),
    ),
    Mutant(
        "a group is reversed in part",
        (("ledger_reverse", "OR (t.grp = o.grp AND", "OR (false AND"),),
    ),
    Mutant(
        "of two books the first one's closing is looked at",
        ((APPLY, "b.id = ANY (v_books) AND b.closed", "b.id = v_books[1] AND b.closed"),),
    ),
)
