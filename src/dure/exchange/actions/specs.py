"""Specs come from lists: device categories of the repair standard, and what neighbours share."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from dure.core.actions import Who, action, line
from dure.core.actors import Actor, Role
from dure.engines.ords_words import CATEGORIES
from dure.exchange import policies
from dure.exchange.models import Spec

SCHEME = "ords"
SHARED = "dure"
LIST = Path(__file__).parent.parent / "data" / "specs.csv"


@dataclass(frozen=True, slots=True)
class SpecsInstalled:
    """How many kinds stand, and how many of them are new."""

    total: int
    new: int


@action(
    "exchange.spec.install",
    ko="품목 목록을 올립니다.",
    en="Install the kinds of things.",
    policy=policies.may_install,
    letters={Role.OPERATOR: "o"},
    who=Who.OPERATOR,
    faces=("cli",),
    writes=("exchange_spec",),
)
def install_specs(*, actor: Actor) -> SpecsInstalled:
    """Insert the kinds that are missing: device categories, then skills, help and things.

    Source: Open Repair Alliance, product categories v0.3, Korean names are ours; the second list
    is ours, in `data/specs.csv`.
    """
    wanted = [
        Spec(
            scheme=SCHEME,
            code=str(category.id),
            kind=Spec.Kind.ITEM,
            ko=category.ko,
            en=category.en,
            label="repair.attempt",
            unit="H87",
        )
        for category in CATEGORIES.values()
    ]
    with LIST.open(encoding="utf-8") as lines:
        wanted += [Spec(scheme=SHARED, **row) for row in csv.DictReader(lines)]
    known = set(Spec.rows.filter(organisation=None).values_list("scheme", "code"))
    missing = [one for one in wanted if (one.scheme, one.code) not in known]
    for one in missing:
        one.audit = line().id
    Spec.rows.bulk_create(missing)
    line().changed("specs", None, [f"{one.scheme}:{one.code}" for one in missing])
    return SpecsInstalled(total=len(wanted), new=len(missing))
