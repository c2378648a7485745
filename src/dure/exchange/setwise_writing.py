"""Writing what a set of cases has changed: a few statements, however many cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import connection
from django.db.models import Model

from dure.core import facts, notices
from dure.core.actions import line
from dure.exchange.models import Agreement, Commitment, Timer
from dure.exchange.setwise import Written
from dure.exchange.storing import copy_rows

AT_ONCE = 2_000
COMMITMENT = (
    "id", "agreement_id", "action", "giver", "taker", "spec_id", "asset_id", "lane", "qty", "unit",
    "slot", "reciprocal", "state", "version", "audit",
)  # fmt: skip


def write(done: Written) -> None:
    """Write all changes of a set in the running action's transaction."""
    _change(done.changed)
    _enter(done.entered)
    _add(done.added)
    for kind, gone in _by_kind(done.dropped).items():
        kind._base_manager.filter(pk__in=[one.pk for one in gone]).delete()
    _stock(done.stocks)
    _state(done.facts)
    _tell(done.told)


def _change(changed: Iterable[tuple[Model, tuple[str, ...]]]) -> None:
    """Rows that got the same values are written by one statement."""
    alike: dict[tuple[type[Model], tuple[tuple[str, object], ...]], list[object]] = {}
    for row, fields in changed:
        values = tuple((name, getattr(row, name)) for name in fields)
        alike.setdefault((type(row), values), []).append(row.pk)
    for (kind, same), keys in alike.items():
        kind._base_manager.filter(pk__in=keys).update(**dict(same))


def _enter(entered: Sequence[tuple[Agreement, Sequence[Timer]]]) -> None:
    if not entered:
        return
    ids = [agreement.pk for agreement, _ in entered]
    Timer.rows.filter(agreement__in=ids, fired_at__isnull=True).delete()
    fields = ("state", "entered_at", "closed_at", "audit")
    _change((agreement, fields) for agreement, _ in entered)
    Timer.rows.bulk_create([one for _, timers in entered for one in timers], AT_ONCE)


def _add(added: Sequence[Model]) -> None:
    for kind, made in _by_kind(added).items():
        if kind is Commitment:
            values = [[getattr(one, name) for name in COMMITMENT] for one in made]
            copy_rows("exchange_commitment", COMMITMENT, values)
        else:
            kind._base_manager.bulk_create(made, AT_ONCE)


def _by_kind(made: Iterable[Model]) -> dict[type[Model], list[Model]]:
    kinds: dict[type[Model], list[Model]] = {}
    for one in made:
        kinds.setdefault(type(one), []).append(one)
    return kinds


STOCK = """
UPDATE exchange_asset a
SET reserved = a.reserved + d.reserved, stock = a.stock - d.used, audit = %s
FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS d (id, reserved, used)
WHERE a.id = d.id
"""


def _stock(stocks: Mapping[UUID, tuple[int, int]]) -> None:
    if not stocks:
        return
    reserved = [one for one, _ in stocks.values()]
    used = [one for _, one in stocks.values()]
    with connection.cursor() as cursor:
        cursor.execute(STOCK, [line().id, list(stocks), reserved, used])


def _state(stated: Iterable[tuple[str, facts.Row]]) -> None:
    """One note a label."""
    by_label: dict[str, list[facts.Row]] = {}
    for label, row in stated:
        by_label.setdefault(label, []).append(row)
    for label, found in by_label.items():
        facts.note(label, rows=found)


def _tell(told: Iterable[tuple[UUID, str, Mapping[str, str]]]) -> None:
    """One statement a kind of notice."""
    by_code: dict[str, list[tuple[UUID | str, Mapping[str, str | int]]]] = {}
    for person, code, places in told:
        by_code.setdefault(code, []).append((person, {**places}))
    for code, found in by_code.items():
        notices.tell_each(found, code)
