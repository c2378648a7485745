"""What the tests of indicators need: districts, an analyst, an official, and a journal."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from dure.core.actors import Actor
    from tests.indicators.facts import Freeze, Journal

DISTRICTS = Path(__file__).parents[2] / "src" / "dure" / "registry" / "data" / "districts.csv"


@pytest.fixture
def places(db: None) -> tuple[str, ...]:
    """The 25 districts."""
    from dure.registry.models import District
    from tests.harness.given import given

    if not District.rows.exists():
        with DISTRICTS.open(encoding="utf-8") as file, given() as audit:
            District.rows.bulk_create(
                District(
                    sig=row["sig"], kostat=row["kostat"], name=row["name_ko"],
                    name_en=row["name_en"], audit=audit,
                )
                for row in csv.DictReader(file)
            )  # fmt: skip
    return tuple(District.rows.order_by("sig").values_list("sig", flat=True))


@pytest.fixture
def journal(places: tuple[str, ...], clock: Any) -> Journal:  # Any: the harness's own clock
    """A journal to write into, on 21 November 2026."""
    from tests.indicators.facts import Journal

    clock.at("2026-11-21T18:00:00+09:00")
    return Journal()


@pytest.fixture
def analyst(places: tuple[str, ...]) -> Actor:
    from dure.core.actors import Role
    from tests.harness import people

    return people.person_with(Role.ANALYST, purpose="indicators")


@pytest.fixture
def official(places: tuple[str, ...]) -> Actor:
    from dure.core.actors import Role
    from tests.harness import people

    return people.person_with(Role.OFFICIAL, district="11440")


@pytest.fixture
def publisher(places: tuple[str, ...]) -> Actor:
    """A second official: who approves a release does not freeze it."""
    from dure.core.actors import Role
    from tests.harness import people

    return people.person_with(Role.OFFICIAL, district="11440")


@pytest.fixture
def freeze(analyst: Actor, official: Actor, publisher: Actor) -> Freeze:
    """Take a release all the way; gives its id."""
    from dure.core.actions import run

    def whole(period: str = "2026-Q3", since: str = "2026-01", vintage: str = "1") -> str:
        drafted = run(
            "indicators.release.draft",
            {"period": period, "since": since, "vintage": vintage},
            analyst,
        )
        body = {"release_id": drafted.result.id}
        steps: Sequence[tuple[str, Actor]] = (
            ("compute", analyst), ("check", analyst), ("approve", official), ("freeze", publisher),
        )  # fmt: skip
        for verb, actor in steps:
            run(f"indicators.release.{verb}", body, actor)
        release_id: str = drafted.result.id
        return release_id

    return whole
