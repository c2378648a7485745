"""Mutated lists, end to end: never a crash, never a part; who refuses names the row."""

from __future__ import annotations

import random

import pytest

from dure.core.actions import run
from dure.core.errors import Refusal
from dure.registry import models as registry
from dure.registry.queries import imports as queries
from tests.registry.lists import (  # noqa: F401 - `places` is an automatic fixture
    GOOD,
    city_staff,
    content,
    csv_of,
    judged,
    places,
)

pytestmark = pytest.mark.django_db
FILES = 90
HOSTILE = (
    "900101-1234567", "=1+1", "1e309", "9" * 40, "１２３", "-0", "2021-02-30",
    "'; DROP TABLE x; --",
    "\u202e", "ㅤ", "\ufeff", "\\N", "\t", "{}", "NaN", "0x10", "1_0", "📦" * 60, "가" * 300,
    "한강구",
)  # fmt: skip


def mutated(chance: random.Random) -> bytes:
    """The good list with a few cells, bytes or rows changed."""
    rows = [row.split(",") for row in GOOD]
    for _ in range(chance.randrange(1, 4)):
        row = chance.choice(rows)
        action = chance.randrange(4)
        if action == 0:
            row[chance.randrange(len(row))] = chance.choice(HOSTILE)
        elif action == 1:
            row.insert(chance.randrange(len(row)), "")
        elif action == 2 and len(row) > 1:
            del row[chance.randrange(len(row))]
        else:
            rows.append(list(row))
    data = bytearray(csv_of(*(",".join(row) for row in rows)))
    if chance.random() < 0.3:
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def test_mutated_lists_are_stored_whole_or_refused_by_row():
    chance, actor = random.Random(20260701), city_staff()
    sentences: set[str] = set()
    outcomes = {"file": 0, "rows": 0, "stored": 0}
    for _ in range(FILES):
        before, count = content(), registry.Organisation.rows.count()
        try:
            imp = judged(mutated(chance), actor)
        except Refusal as refusal:
            outcomes["file"] += 1
            sentences.add(refusal.sentence("ko"))
            assert content() == before
            continue
        assert content() == before
        body = {"import_id": str(imp.pk)}
        if imp.state == "refused":
            outcomes["rows"] += 1
            named = {found.line for found in queries.refused(imp)}
            assert named == {row.line for row in queries.staged(imp, verdict="reject")}
            assert len(named) == imp.counts["reject"]
            with pytest.raises(Refusal):
                run("registry.import.apply", body, actor)
            assert content() == before
            continue
        run("registry.import.answer", {**body, "so": tuple(imp.counts["warnings"])}, actor)
        result = run("registry.import.apply", body, actor).result
        outcomes["stored"] += 1
        assert registry.Organisation.rows.count() == count + result.made
        assert result.made + result.changed + result.same == sum(
            imp.counts[verdict] for verdict in ("ok", "fix", "warn")
        )
        run("registry.import.undo", body, actor, reason="시험을 마침")
    assert sum(outcomes.values()) == FILES
    assert "" not in sentences
    assert min(outcomes.values()) >= 3
