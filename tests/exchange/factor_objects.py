"""Conversion factors for the matrix."""

from __future__ import annotations

from uuid import uuid4

from dure.core import clock
from dure.core.actors import Actor
from dure.journal.models import Factor
from tests.exchange import food_objects, pool_objects  # noqa: F401  they register their slots
from tests.harness.given import given
from tests.harness.matrix import Place, slot, value

FACTORS = (
    b"code,value,value_unit,from_unit,year,purpose,source\n"
    b"repair.footprint.16,260,kg,H87,2026,avoided,matrix\n"
)


value("journal.factor.load:content", FACTORS)


value("journal.factor.derive:code", "repair.avoided.16")


@slot("journal.factor.derive:factor_id", placed=False)
def footprint(place: Place, actor: Actor) -> str:
    return _factor("repair.footprint.16", "H87")


@slot("journal.factor.derive:share_id", placed=False)
def share(place: Place, actor: Actor) -> str:
    return _factor("repair.displacement", "PPM")


def _factor(code: str, unit: str) -> str:
    with given() as audit:
        made = Factor.rows.create(
            code=code,
            from_unit=unit,
            micrograms=500_000,
            year=2026,
            purpose="avoided",
            source="matrix",
            source_hash=uuid4().hex * 2,
            valid="[2000-01-01,)",
            recorded_at=clock.now(),
            audit=audit,
        )
    return str(made.uid)
