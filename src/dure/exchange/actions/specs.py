"""Specs come from published lists: the device categories of the repair standard."""

from __future__ import annotations

from dataclasses import dataclass

from dure.core.actions import Who, action, line
from dure.core.actors import Actor, Role
from dure.engines.ords_words import CATEGORIES
from dure.exchange import policies
from dure.exchange.models import Spec

SCHEME = "ords"


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
    """Insert the device categories that are missing.

    Source: Open Repair Alliance, product categories v0.3; Korean names are ours.
    """
    known = set(Spec.rows.filter(scheme=SCHEME).values_list("code", flat=True))
    missing = [c for c in CATEGORIES.values() if str(c.id) not in known]
    Spec.rows.bulk_create(
        Spec(
            scheme=SCHEME,
            code=str(category.id),
            kind=Spec.Kind.ITEM,
            ko=category.ko,
            en=category.en,
            label="repair.attempt",
            unit="H87",
            audit=line().id,
        )
        for category in missing
    )
    line().changed("specs", None, [f"{SCHEME}:{category.id}" for category in missing])
    return SpecsInstalled(total=len(CATEGORIES), new=len(missing))
