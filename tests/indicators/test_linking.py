"""What lower rooms may build on: a fact a published number, a new one a vintage, not read back."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from dure.core import facts
from dure.engines.release_grid import Key
from dure.indicators import definition_file, linking
from dure.indicators.models import DefinitionVersion, ReleaseCell, ReleaseStep
from dure.journal.definitions import declared
from dure.journal.models import Event
from tests.harness.given import given
from tests.indicators.facts import MAPO, Freeze, Journal


def part(release: str, code: str, period: str, place: str, what: str) -> Event:
    key = Key(code, "", "quarter", period, place)
    version = ReleaseCell.rows.filter(release_id=release, code=code)[0].version.version
    source = linking.source_of(UUID(release), key, version, what)
    event: Event = Event.rows.get(uid=facts.event_id(source))
    return event


def test_each_number_of_the_period_is_a_fact_under_its_head(
    journal: Journal, freeze: Freeze
) -> None:
    for outcome in ("fixed", "fixed", "repairable"):
        journal.repair("2026-07-10", outcome)
    release = freeze()
    head = ReleaseStep.rows.get(state="frozen").head
    num, den = (part(release, "N4r", "2026-Q3", MAPO, what) for what in ("num", "den"))
    assert (num.qty, den.qty, num.district) == (2, 3, MAPO)
    assert num.case_id == den.case_id
    assert str(num.proof).replace("-", "") == head[:32]
    assert num.dims == {
        "indicator": "N4r", "vintage": "1", "grain": "quarter", "part": "num", "state": "value",
    }  # fmt: skip
    none = part(release, "N4r", "2026-Q3", "11110", "none")
    assert (none.qty, none.dims["state"]) == (0, "not_applicable")
    found = Event.rows.filter(label__code=linking.LABEL)
    assert {event.dims["grain"] for event in found} == {"quarter"}
    assert {event.dims["indicator"] for event in found} == {
        "N4", "N4a", "N4r", "N1a", "C1", "C2", "C2f", "G1p", "G1b", "G1s", "G1f",
    }  # fmt: skip
    cells = ReleaseCell.rows.filter(release_id=release, period="2026-Q3", breakdown="")
    linked = cells.filter(code__in={event.dims["indicator"] for event in found})
    assert found.values("case_id").distinct().count() == linked.count()


def test_a_later_vintage_is_another_fact_and_the_first_stays(
    journal: Journal, freeze: Freeze
) -> None:
    journal.repair("2026-07-10")
    first = freeze()
    journal.repair("2026-07-12")
    second = freeze(vintage="2")
    assert part(first, "N4", "2026-Q3", MAPO, "num").qty == 1
    assert part(second, "N4", "2026-Q3", MAPO, "num").qty == 2


def test_no_definition_reads_what_was_released(journal: Journal) -> None:
    version = DefinitionVersion.rows.filter(measured=True)[0]
    version.pk, version.version, version.labels = None, 99, [linking.LABEL]
    with (
        pytest.raises(DatabaseError, match="definition_does_not_read_releases"),
        transaction.atomic(),
        given(),
    ):
        version.save(force_insert=True)


def test_the_label_knows_every_indicator() -> None:
    (label,) = (one for one in declared() if one.code == linking.LABEL)
    assert label.dims["indicator"] == sorted(
        {one.code for one in definition_file.read()}, key=label.dims["indicator"].index
    )
