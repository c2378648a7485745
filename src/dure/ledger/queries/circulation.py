"""How a programme's currency moves in a window: what its keepers see, and releases may show.

Nouns: owner (주인, a person or a shop with all its accounts and lots here), flow (흐름).
Law: counted are accounts with an owner; the issuer's, the fund's and fee accounts are out, and so
are issue, redemption, fee and demurrage, which pass through those.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db import connection

from dure.core import rulebook
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.engines import circulation
from dure.engines.circulation import Cycles
from dure.ledger.models import Programme

from .subjects import number

DAYS_MAX = 366
# Stands before each of the queries below.
OWNED = """
WITH mine AS MATERIALIZED (
    SELECT a.id, a.balance, dense_rank() OVER (ORDER BY coalesce(a.owner_person,
        a.owner_organisation, p.owner_person, p.owner_organisation)) AS owner
    FROM ledger_account a LEFT JOIN ledger_account p ON p.id = a.parent
    WHERE a.book = %(book)s AND a.unit = %(unit)s AND a.type = 'liability'
        AND a.id <> ALL (%(out)s) AND coalesce(a.owner_person, a.owner_organisation,
            p.owner_person, p.owner_organisation) IS NOT NULL)
"""
# What came to owners from outside, day by day after the window began.
DAYS = """
SELECT t.event_date, sum(CASE WHEN c.id IS NULL THEN -t.amount ELSE t.amount END)::bigint
FROM ledger_transfer t LEFT JOIN mine d ON d.id = t.debit LEFT JOIN mine c ON c.id = t.credit
WHERE t.book = %(book)s AND t.unit = %(unit)s AND t.kind IN (0, 2, 5, 6)
    AND t.event_date > %(since)s AND (d.id IS NULL) <> (c.id IS NULL)
GROUP BY t.event_date
"""
# Each owner's balance at the end of the window, and the last day on which it paid another owner.
OWNERS = """
, later AS (
    SELECT account, sum(amount)::bigint AS amount FROM (
        SELECT debit AS account, -amount AS amount FROM ledger_transfer
        WHERE book = %(book)s AND unit = %(unit)s AND kind IN (0, 2, 5, 6)
            AND event_date > %(until)s
        UNION ALL
        SELECT credit, amount FROM ledger_transfer
        WHERE book = %(book)s AND unit = %(unit)s AND kind IN (0, 2, 5, 6)
            AND event_date > %(until)s) m GROUP BY account),
paid AS (
    SELECT d.owner, max(t.event_date) AS last_on FROM ledger_transfer t
    JOIN mine d ON d.id = t.debit JOIN mine c ON c.id = t.credit AND c.owner <> d.owner
    WHERE t.book = %(book)s AND t.unit = %(unit)s AND t.kind IN (0, 2)
        AND t.event_date BETWEEN %(idle_since)s AND %(until)s GROUP BY d.owner)
SELECT m.owner, sum(m.balance - coalesce(l.amount, 0))::bigint, max(p.last_on)
FROM mine m LEFT JOIN later l ON l.account = m.id LEFT JOIN paid p ON p.owner = m.owner
GROUP BY m.owner ORDER BY m.owner
"""
# What owners paid each other in the window, and what of it came back until its end.
FLOWS = """
SELECT d.owner, c.owner, sum(t.amount)::bigint, coalesce(sum(b.amount), 0)::bigint
FROM ledger_transfer t JOIN mine d ON d.id = t.debit
    JOIN mine c ON c.id = t.credit AND c.owner <> d.owner
LEFT JOIN LATERAL (SELECT sum(r.amount)::bigint AS amount FROM ledger_transfer r
    WHERE r.ref = t.id AND r.kind IN (5, 6) AND r.event_date <= %(until)s) b ON true
WHERE t.book = %(book)s AND t.unit = %(unit)s AND t.kind IN (0, 2)
    AND t.event_date BETWEEN %(since)s AND %(until)s
GROUP BY d.owner, c.owner ORDER BY d.owner, c.owner
"""


@dataclass(frozen=True, slots=True)
class Circulation:
    """The figures of one programme over [since, until]; portions are None where nothing is held.

    Amounts in minor units; `velocity` in the window and `velocity_year` at that pace in a year;
    `idle` sent nothing for `idle_days`; `top` is held by the largest hundredth of the owners.
    """

    programme_id: str
    unit: str
    since: date
    until: date
    circulating: int
    circulating_mean: Fraction
    sent: int
    undone: int
    owners: int
    velocity: Fraction | None
    velocity_year: Fraction | None
    idle: Fraction | None
    idle_days: int
    top: Fraction | None
    gini: Fraction | None
    cycles: Cycles


def figures(actor: Actor, programme_id: str, since: date, until: date) -> Circulation:
    """Compute the figures of a programme that the actor keeps.

    since, until : first and last day of the window, at most 366 days
    Raises         Refusal core.not_found for a programme out of scope; AssertionError for a window
                   that is none.
    """
    programmes = Programme.objects.within(actor).select_related("unit")
    programme = programmes.filter(pk=number(programme_id)).first()
    if programme is None:
        raise Refusal(CoreCode.NOT_FOUND)
    days = (until - since).days + 1
    assert 1 <= days <= DAYS_MAX, days
    idle_days = rulebook.value("ledger.idle_days", on=until).integer
    places: dict[str, Any] = {  # Any: SQL values
        "book": programme.book_id,
        "unit": programme.unit_id,
        "out": _outside(programme),
        "since": since,
        "until": until,
        "idle_since": until - timedelta(idle_days - 1),
    }
    owners = _rows(OWNERS, places)
    flows = _rows(FLOWS, places)
    balances = {owner: balance for owner, balance, _last in owners}
    ends = _day_ends(sum(balances.values()), _rows(DAYS, places), since, until)
    sent, undone = sum(row[2] for row in flows), sum(row[3] for row in flows)
    speed = circulation.velocity(sent, undone, ends)
    least = rulebook.value("ledger.cycle_least", on=until).integer
    return Circulation(
        programme_id=str(programme.pk),
        unit=programme.unit.code,
        since=since,
        until=until,
        circulating=ends[-1],
        circulating_mean=Fraction(sum(ends), days),
        sent=sent,
        undone=undone,
        owners=len(owners),
        velocity=speed.window,
        velocity_year=speed.year,
        idle=circulation.inactive(
            balances, {owner: last for owner, _, last in owners if last}, until, days=idle_days
        ),
        idle_days=idle_days,
        top=circulation.concentration(balances.values()),
        gini=circulation.gini(balances.values()),
        cycles=circulation.cycles(
            ((payer, payee, amount - back) for payer, payee, amount, back in flows), least=least
        ),
    )


def _outside(programme: Programme) -> list[int]:
    accounts = (
        programme.issuer_id, programme.fund_id, programme.fees_id, programme.community_id,
    )  # fmt: skip
    return [account for account in accounts if account is not None]


def _rows(query: str, places: dict[str, Any]) -> list[tuple[Any, ...]]:  # Any: SQL values
    with connection.cursor() as cursor:
        cursor.execute(OWNED + query, places)
        return list(cursor.fetchall())


def _day_ends(
    at_end: int, came_in: list[tuple[Any, ...]], since: date, until: date
) -> list[int]:  # Any: (day, amount)
    """Circulating at the end of each day, walked back from the end of the window."""
    by_day = dict(came_in)
    found = [at_end]
    for back in range((until - since).days):
        found.append(found[-1] - by_day.get(until - timedelta(back), 0))
    return found[::-1]
