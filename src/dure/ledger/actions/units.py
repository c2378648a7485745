"""Units come from their file, by an action that may be repeated."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from dure.core.actions import Who, action, line
from dure.core.actors import Actor, Role
from dure.ledger import policies
from dure.ledger.models import Unit

FILE = Path(__file__).resolve().parent.parent / "units.toml"
FIXED = ("code", "scale", "kind", "transferable", "step")


@dataclass(frozen=True, slots=True)
class UnitsLoaded:
    """How many units stand, and how many of them are new."""

    total: int
    new: int


@action(
    "ledger.unit.load",
    ko="원장의 단위를 파일에서 올립니다.",
    en="Load the units of the ledger from their file.",
    policy=policies.may_install,
    letters={Role.OPERATOR: "o"},
    who=Who.OPERATOR,
    faces=("cli",),
    writes=("ledger_unit",),
)
def load_units(*, actor: Actor) -> UnitsLoaded:
    """Insert the units that are missing; what a unit means never changes.

    Source: `units.toml` of this room. Effects: rows of Unit only.
    """
    present = {unit.id: unit for unit in Unit.rows.all()}
    new = []
    for table in tomllib.loads(FILE.read_text())["unit"]:
        unit = Unit(**table, audit=line().id)
        stored = present.get(unit.id)
        if stored is None:
            new.append(unit)
            continue
        same = all(getattr(stored, name) == getattr(unit, name) for name in FIXED)
        assert same, f"unit {stored.code} was edited; give a new unit a new number"
    Unit.rows.bulk_create(new)
    line().changed("units", None, [unit.code for unit in new])
    return UnitsLoaded(total=len(present) + len(new), new=len(new))
