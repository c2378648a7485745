"""Downloads: one record each, with who, why, how much and until when; no more rows than allowed."""

from __future__ import annotations

import pytest

from dure.core import rulebook
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.models import AuditLine, ExportRecord
from dure.registry import spool
from tests.registry.lists import (  # noqa: F401 - `places` is an automatic fixture
    GOOD,
    applied,
    city_staff,
    csv_of,
    places,
)

pytestmark = pytest.mark.django_db
BODY = {"district": "city", "form": "csv"}
ASK = "registry.organisation.export"


def files() -> set[str]:
    return {path.name for path in spool.folder().iterdir()}


def test_the_record_says_who_why_what_and_its_audit_line(clock):
    applied(csv_of(*GOOD), city_staff())
    actor = city_staff()
    made = run(f"{ASK}_yearly", {**BODY, "year": 2025}, actor, reason="연간 점검").result
    kept = ExportRecord.rows.get(pk=made.id)
    assert (kept.actor_kind, kept.actor, kept.reason) == ("person", actor.id, "연간 점검")
    assert (kept.row_count, kept.query) == (3, {"district": "city", "year": 2025})
    assert kept.columns[-1] == "출자금(원)"
    assert kept.audit == AuditLine.rows.get(action=f"{ASK}_yearly", outcome="done").id
    assert spool.sha256_of(spool.path_of(made.file)) == kept.sha256


def bounded(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    asked = rulebook.value

    def value(key: str, **more: object) -> object:
        found = asked(key, **more)
        if key != "export.rows_most":
            return found
        return rulebook.RuleValue(most, found.version_id)

    monkeypatch.setattr(rulebook, "value", value)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_one_row_too_many_is_refused_and_nothing_stays(form, monkeypatch):
    applied(csv_of(*GOOD), city_staff())
    before = files()
    bounded(monkeypatch, 2)
    with pytest.raises(Refusal) as refused:
        run(ASK, {**BODY, "form": form}, city_staff())
    assert refused.value.name == "registry.export_too_long"
    assert not ExportRecord.rows.exists()
    assert files() == before
    bounded(monkeypatch, 3)  # as many as there are
    assert run(ASK, {**BODY, "form": form}, city_staff()).result.rows == 3


def test_the_operator_writes_whole_lists(monkeypatch):
    applied(csv_of(*GOOD), city_staff())
    bounded(monkeypatch, 2)
    assert run(ASK, BODY, Actor.operator()).result.rows == 3
