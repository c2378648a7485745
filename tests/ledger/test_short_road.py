"""The one-statement form of a payment writes what the door writes, and refuses what it refuses."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from uuid import uuid4

import pytest
from django.db import connection

from dure.core.actions import CATALOGUE, Outcome, run
from dure.core.actors import Actor, Role
from dure.core.audit import digest_columns
from dure.core.errors import Refusal
from dure.core.models import AuditLine
from dure.core.sealing import verify
from dure.engines.canonical import canonical
from dure.ledger import paying
from dure.ledger.models import Transfer
from dure.ledger.queries import checks
from tests.harness import people
from tests.harness.clock import Clock
from tests.ledger.givens import a_book, a_transfer, an_account, an_issuer, balance

NAME = "ledger.transfer.post"


class World:
    """Two people of one time bank; the first may go 500 minutes below zero."""

    def __init__(self) -> None:
        self.book = a_book()
        self.anna: Actor = people.person_with(Role.RESIDENT)
        self.ben: Actor = people.person_with(Role.RESIDENT)
        self.mine = an_account(self.book, owner=self.anna, lo=-500)
        self.his = an_account(self.book, owner=self.ben)

    def body(self, **more: object) -> dict[str, object]:
        return {
            "debit": str(self.mine.pk),
            "credit": str(self.his.pk),
            "amount": 60,
            "unit": "TIME",
            "purpose": '도움 "둘" \\ 시간',
            **more,
        }


@pytest.fixture
def world(clock: Clock, db: None) -> World:
    clock.at("2026-07-01T10:00:00.123456+09:00")
    return World()


@contextmanager
def long_road() -> Iterator[None]:
    """The door without its short form."""
    entry = CATALOGUE[NAME]
    CATALOGUE[NAME] = dataclasses.replace(entry, short=None)
    try:
        yield
    finally:
        CATALOGUE[NAME] = entry


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """Whether each call was done by the short form."""
    taken: list[bool] = []

    def watched(*arguments: object) -> object:
        done = paying.pay_short(*arguments)  # type: ignore[arg-type]  # as the door hands them on
        taken.append(done is not None)
        return done

    entry = CATALOGUE[NAME]
    monkeypatch.setitem(CATALOGUE, NAME, dataclasses.replace(entry, short=watched))
    yield taken
    monkeypatch.setitem(CATALOGUE, NAME, entry)


DIFFERENT = ("id", "seq", "batch", "digest", "object", "result", "key")
ROWS = ("id", "ikey", "audit", "batch")


def columns(row: object, without: tuple[str, ...]) -> dict[str, object]:
    fields = row._meta.fields  # type: ignore[attr-defined]  # a model's row
    return {
        f.attname: bytes(v) if isinstance(v := getattr(row, f.attname), memoryview) else v
        for f in fields
        if f.attname not in without
    }


@pytest.mark.parametrize("key", ['a "key" \\ /', None])
@pytest.mark.parametrize("more", [{}, {"event_date": "2026-06-30"}])
def test_both_roads_write_the_same(
    world: World, key: str | None, more: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    with counted(monkeypatch) as taken:
        short = run(NAME, world.body(**more), world.anna, key=key)
    with long_road():
        long = run(NAME, world.body(**more), world.anna, key=key and f"{key}2")
    assert taken == [True]
    lines = [AuditLine.rows.get(id=one.line_id) for one in (short, long)]
    rows = [Transfer.rows.get(pk=int(one.result.id)) for one in (short, long)]
    assert columns(lines[0], DIFFERENT) == columns(lines[1], DIFFERENT)
    assert columns(rows[0], ROWS) == columns(rows[1], ROWS)
    for line, row, outcome in zip(lines, rows, (short, long), strict=True):
        assert line.object == f"ledger.transfer:{row.pk}"
        assert line.result == {"ids": [outcome.result.id]}
        assert bytes(line.digest) == sha256(canonical(digest_columns(line))).digest()
        assert row.audit == line.id
        assert (row.era, line.era) == (1, 1)
    assert balance(world.mine) == (-120, 0, 0)
    assert checks.check_books().is_clean
    assert [fault for fault in verify().faults if fault.kind == "line"] == []


def test_replay_and_another_body_on_both_roads(world: World) -> None:
    first = run(NAME, world.body(), world.anna, key="k")
    for road in (lambda: run(NAME, world.body(), world.anna, key="k"), lambda: _long(world)):
        again: Outcome[object] = road()
        assert (again.result, again.line_id, again.replayed) == (first.result, first.line_id, True)
    with pytest.raises(Refusal, match=r"core\.key_reused"):
        run(NAME, world.body(amount=61), world.anna, key="k")
    assert balance(world.mine) == (-60, 0, 0)


def _long(world: World) -> Outcome[object]:
    with long_road():
        return run(NAME, world.body(), world.anna, key="k")


def test_refusals_are_the_doors(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    other = an_account(a_book("다른 장부", people.organisation("다솜협동조합")))
    cases = (
        ({"amount": 501}, world.anna),
        ({"credit": str(other.pk)}, world.anna),
        ({"credit": str(world.mine.pk)}, world.anna),
        ({"unit": "KRW"}, world.anna),
        ({"event_date": "2026-07-02"}, world.anna),
        ({}, world.ben),
        ({}, Actor.anonymous()),
    )
    for more, actor in cases:
        before = AuditLine.rows.count()
        with counted(monkeypatch) as taken:
            short = refusal(world, more, actor)
        with long_road():
            long = refusal(world, more, actor)
        assert short == long
        assert taken == [False]
        assert AuditLine.rows.count() == before + 2
    assert Transfer.rows.count() == 0


def refusal(world: World, more: dict[str, object], actor: Actor) -> tuple[object, ...]:
    with pytest.raises(Refusal) as caught:
        run(NAME, world.body(**more), actor)
    return caught.value.name, caught.value.sentence("ko"), caught.value.field


def test_what_is_not_plain_takes_the_door(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = world.book.organisation
    treasurer = people.person_with(Role.TREASURER, organisation=owner)
    fund = an_account(world.book, organisation=owner)
    a_transfer(an_issuer(world.book), fund, 100)
    with counted(monkeypatch) as taken:
        run(NAME, world.body(debit=str(fund.pk)), treasurer)
    assert taken == [False]
    assert balance(fund) == (40, 0, 0)


def test_mark_is_the_outers_again(world: World) -> None:
    def mark() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(current_setting('dure.action', true), '')")
            (found,) = cursor.fetchone()
        return str(found)

    before = mark()
    run(NAME, world.body(), world.anna, key=str(uuid4()))
    assert mark() == before
