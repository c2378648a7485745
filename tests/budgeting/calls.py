"""Calls at every step for tests of budgeting, made by actions or by given rows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dure.budgeting.actions import calls, phases
from dure.budgeting.models import Call, Envelope, Project
from dure.core import clock
from dure.core.actors import Actor, Role
from dure.governance.actions import rolls
from dure.governance.models import Roll
from tests.harness.given import given
from tests.harness.people import MAPO, person_with

NOW = "2026-03-02T09:00:00+09:00"
LOOSE = {"rule": {"basis": "residents", "grounds": ("home",)}}


def official(district: str = MAPO) -> Actor:
    return person_with(Role.OFFICIAL, district=district)


def dates(start: datetime) -> list[dict[str, str]]:
    """Ten days of each phase, one after the other."""
    found = []
    for number, kind in enumerate(("proposing", "reviewing", "listing", "voting", "counting")):
        begins = start + timedelta(days=10 * number)
        ends = begins + timedelta(days=10)
        found.append({"kind": kind, "begins": begins.isoformat(), "ends": ends.isoformat()})
    return found


def body_of(**more: Any) -> dict[str, Any]:  # Any: a body
    return {
        "district": MAPO,
        "title": "우리 구 주민참여예산",
        "year": 2027,
        "template": "gu",
        "phases": dates(clock.now()),
        **more,
    }
