"""Locks in one order, so that no two actions wait for each other.

Order: key lock → advisory locks (class, id rising) → rows by floor, table rank, primary key →
ledger statement → audit line.
Law: ranks rise within an action. A wrong order fails in the first test, not under load.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.apps import apps
from django.db import connection
from django.db.models import Model, QuerySet

from dure.core import running

M = TypeVar("M", bound=Model)

FLOORS = (
    "core",
    "registry",
    "ledger",
    "journal",
    "governance",
    "procurement",
    "exchange",
    "finance",
    "budgeting",
    "indicators",
    "programme",
)


def rank(model: type[Model]) -> tuple[int, int]:
    """Where a table stands in the lock order: floor of its room, then ``lock_rank`` or its place
    among the room's models in order of declaration."""
    label = model._meta.app_label
    floor = FLOORS.index(label) if label in FLOORS else len(FLOORS)
    stated = getattr(model, "lock_rank", None)
    if stated is not None:
        return floor, int(stated)
    models = list(apps.get_app_config(label).get_models())
    return floor, models.index(model)


def rows(query: QuerySet[M]) -> list[M]:
    """Lock the rows of `query` in primary-key order (FOR NO KEY UPDATE) and give them.

    Asserts that the running action has locked no table of a higher rank before.
    """
    _rise((1, *rank(query.model)), query.model._meta.db_table)
    return list(query.select_for_update(no_key=True, of=("self",)).order_by("pk"))


def row(query: QuerySet[M]) -> M | None:
    """Lock the one row of `query`, or None when there is none; asserts that it is at most one."""
    found = rows(query)
    assert len(found) <= 1, f"{query.model._meta.db_table}: one row was meant"
    return found[0] if found else None


def advisory(lock_class: int, ids: Iterable[int]) -> None:
    """Take advisory locks of one class, ids rising, until the transaction ends."""
    _rise((0, lock_class, 0), f"advisory {lock_class}")
    with connection.cursor() as cursor:
        for number in sorted(set(ids)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [lock_class, number])


def _rise(now: tuple[int, int, int], what: str) -> None:
    present = running.current_or_none()
    if present is None:
        return
    order = f"{present.entry.name}: {what} is locked after {present.locked_what}"
    assert present.locked <= now, order
    present.locked, present.locked_what = now, what
    present.locked_tables.append(what)
