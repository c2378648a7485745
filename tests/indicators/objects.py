"""Releases for the matrix; a release covers every district, so no slot is placed."""

from __future__ import annotations

from uuid import uuid4

from dure.core import clock
from dure.core.actors import Actor
from dure.indicators.models import Release, ReleaseStep
from tests.harness.given import given
from tests.harness.matrix import Place, slot, value

value("indicators.release.draft:period", "2026-Q3")
value("indicators.release.draft:since", "2026-01")


@slot("release_id", placed=False)
def release(place: Place, actor: Actor) -> str:
    with given() as audit:
        row = Release.rows.create(
            period="2026-Q3",
            since="2026-01",
            vintage="1",
            drafted_by=uuid4(),
            drafted_at=clock.now(),
            audit=audit,
        )
        ReleaseStep.rows.create(
            release=row,
            ordinal=1,
            state="drafted",
            at=clock.now(),
            actor=row.drafted_by,
            audit=audit,
        )
    return str(row.id)
