"""From events to a frozen release: who may, what is counted, and that it never changes."""

from __future__ import annotations

import io
import zipfile

import pytest

from dure.core import heads
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.engines import published_heads, release_verify, stored_zip
from dure.indicators.models import (
    Release,
    ReleaseCell,
    ReleaseFile,
    ReleaseStep,
    ReleaseVersion,
)
from tests.harness import people
from tests.indicators.facts import JONGNO, MAPO, Freeze, Journal, drafted


def cell(code: str, period: str, place: str = "00000", breakdown: str = "") -> ReleaseCell:
    release = ReleaseStep.rows.filter(state="frozen").order_by("-number")[0].release_id
    return ReleaseCell.rows.get(
        release_id=release, code=code, period=period, place=place, breakdown=breakdown
    )


def test_a_quarter_of_repairs_becomes_a_release(journal: Journal, freeze: Freeze) -> None:
    for outcome in ("fixed", "fixed", "fixed", "repairable", "end_of_life", "unknown", "unknown"):
        journal.repair("2026-07-10", outcome)
    journal.repair("2026-08-01", "fixed", district=JONGNO)
    freeze()
    assert cell("N4", "2026-Q3").num == 4
    assert cell("N4", "2026-Q3", MAPO).num == 3
    assert cell("N4", "2026-07", MAPO).num == 3
    assert cell("N4", "2026-08", MAPO).num == 0
    assert cell("N4a", "2026-Q3", MAPO).num == 7
    assert cell("N4a", "2026-Q3", MAPO, "outcome=unknown").num == 2
    rate = cell("N4r", "2026-Q3", MAPO)
    assert (rate.num, rate.den, rate.value) == (3, 5, "60.00")


def test_four_states_stay_distinct(journal: Journal, freeze: Freeze) -> None:
    factor = journal.factor()
    journal.repair("2026-07-10", factor=factor, gco2e=130_000)
    journal.repair("2026-08-10", category="15")
    for number in range(3):
        place = people.organisation(f"두레 {number}", district_sig=MAPO)
        journal.event("org.active", "2026-01-05", org=place.id, dims={"status": "coop.worker"})
        journal.event("job.heads", "2026-01-05", org=place.id, qty=7)
    freeze()
    known, unknown = cell("N1a", "2026-07", MAPO), cell("N1a", "2026-08", MAPO)
    assert (known.num, known.state, known.coverage_ppm) == (130_000, "", 1_000_000)
    assert (unknown.num, unknown.state, unknown.reason) == (None, ":", "no_factor")
    assert (cell("N1a", "2026-09", MAPO).num, cell("N1a", "2026-09", MAPO).state) == (0, "")
    assert cell("N4r", "2026-09", MAPO).state == ":z"
    assert (cell("C2", "2026-Q3").state, cell("C2", "2026-Q3").num) == (":c", None)
    assert (cell("E1", "2026-Q3").state, cell("E1", "2026-Q3").reason) == (":", "not_collected")


def test_avoided_carbon_of_the_quarter_names_its_coverage(journal: Journal, freeze: Freeze) -> None:
    factor = journal.factor()
    for _ in range(4):
        journal.repair("2026-07-10", factor=factor, gco2e=130_000)
    journal.repair("2026-08-10", category="15")
    freeze()
    quarter = cell("N1a", "2026-Q3")
    assert (quarter.num, quarter.coverage_ppm) == (520_000, 800_000)


def test_organisations_count_once_and_where_they_are_at_the_end(
    journal: Journal, freeze: Freeze
) -> None:
    both = people.organisation("두 자격", district_sig=MAPO)
    journal.event("org.active", "2026-01-05", org=both.id, dims={"status": "coop.worker"})
    journal.event("org.active", "2026-02-05", org=both.id, dims={"status": "se.certified"})
    moved = people.organisation("옮긴 곳", district_sig=JONGNO)
    journal.event("org.active", "2026-01-05", org=moved.id, dims={"status": "village"})
    journal.event(
        "org.active", "2026-05-05", org=moved.id, dims={"status": "village"}, district=JONGNO
    )
    closed = people.organisation("닫은 곳", district_sig=MAPO)
    journal.event("org.active", "2026-01-05", org=closed.id, dims={"status": "village"})
    journal.event("org.active", "2026-06-30", org=closed.id, dims={"status": "village"}, qty=0)
    school = people.organisation("학교", district_sig=MAPO)
    journal.event("org.active", "2026-01-05", org=school.id, dims={"status": "school"})
    freeze()
    assert [cell("C1", q, MAPO).num for q in ("2026-Q1", "2026-Q2", "2026-Q3")] == [3, 1, 1]
    assert [cell("C1", q, JONGNO).num for q in ("2026-Q1", "2026-Q2", "2026-Q3")] == [0, 1, 1]
    assert cell("C1", "2026-Q3").num == 2


def test_a_status_entered_late_counts_from_its_own_date(journal: Journal, freeze: Freeze) -> None:
    place = people.organisation()
    event = journal.event(
        "org.active", "2026-02-01", org=place.id, dims={"status": "village"}, recorded="2026-10-01"
    )
    journal.reverse(event)
    other = people.organisation("다른 곳")
    journal.event(
        "org.active", "2026-02-01", org=other.id, dims={"status": "village"}, recorded="2026-10-01"
    )
    freeze()
    assert [cell("C1", q).num for q in ("2026-Q1", "2026-Q3")] == [1, 1]


def test_jobs_are_shown_for_the_city_with_their_coverage(journal: Journal, freeze: Freeze) -> None:
    for number in range(10):
        place = people.organisation(f"두레 {number}")
        journal.event("org.active", "2026-01-05", org=place.id, dims={"status": "coop.worker"})
        if number < 8:
            journal.event("job.heads", "2026-01-31", org=place.id, qty=10)
            journal.event("job.heads", "2026-06-30", org=place.id, qty=11)
            journal.event("job.fte", "2026-06-30", org=place.id, qty=125_400)
    freeze()
    heads = cell("C2", "2026-Q3")
    assert (heads.num, heads.coverage_ppm) == (88, 800_000)
    assert cell("C2", "2026-Q1").num == 80
    assert cell("C2f", "2026-Q3").value == "80.0"
    assert not ReleaseCell.rows.filter(code__in=("C2", "C2f")).exclude(place="00000").exists()


def test_a_reversal_takes_back_what_was_counted(journal: Journal, freeze: Freeze) -> None:
    first = journal.repair("2026-07-10", "unknown")
    journal.repair("2026-07-11", "unknown")
    journal.reverse(first)
    freeze()
    assert cell("N4a", "2026-Q3").num == 1


def test_the_bundle_of_a_release_verifies_to_its_levels(journal: Journal, freeze: Freeze) -> None:
    factor = journal.factor()
    sole = people.organisation("개인 가게", form="sole_trader", status=None)
    firm = people.organisation("두레 수리점")
    journal.repair("2026-07-10", factor=factor, gco2e=130_000, org=sole.id)
    journal.repair("2026-07-11", org=firm.id)
    release = freeze()
    files = {f.path: bytes(f.content) for f in ReleaseFile.rows.filter(release_id=release)}
    data = stored_zip.write(files)
    step = ReleaseStep.rows.get(release_id=release, state="frozen")
    report = release_verify.verify(data, published=heads.published())
    assert (report.findings, report.published) == ((), "equal")
    reached = {r.indicator: int(r.level) for r in report.reached}
    assert {code for code, level in reached.items() if level == 3} == {
        "G1b", "N1a", "N4", "N4a", "N4r",
    }  # fmt: skip
    assert {reached["C1"], reached["C2"], reached["E1"]} == {2}
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        events = opened.read("public-events/repair.csv").decode()
        factors = opened.read("factors.csv").decode()
    assert str(firm.id) in events and str(sole.id) not in events
    assert "'=made up for tests" in factors
    assert (step.zip_size, step.number) == (len(data), 1)


def test_the_bundle_carries_the_heads_of_the_other_chains(journal: Journal, freeze: Freeze) -> None:
    journal.repair("2026-07-10")
    sealed = run("journal.seal", {}, Actor.operator()).result
    audit = run("core.audit.seal", {}, Actor.operator()).result
    release = freeze()
    inside = bytes(ReleaseFile.rows.get(release_id=release, path="heads.txt").content)
    lines = published_heads.read(inside)
    assert [(one.name, one.chain, one.number, one.digest) for one in lines] == [
        ("1", "core.audit", 1, audit.digest),
        ("1", "journal.event", 1, sealed.head),
    ]
    own = ReleaseStep.rows.get(state="frozen").head
    assert [one.digest for one in heads.published()] == [audit.digest, sealed.head, own]
    newest = {one.chain: (one.number, one.digest) for one in heads.newest()}
    assert newest["indicators.release"] == (1, own)


def test_a_late_event_makes_a_new_vintage_and_leaves_the_first(
    journal: Journal, freeze: Freeze
) -> None:
    journal.repair("2026-07-10")
    first = freeze()
    journal.repair("2026-07-12")
    assert cell("N4", "2026-Q3").num == 1
    second = freeze(vintage="2")
    assert cell("N4", "2026-Q3").num == 2
    assert (
        ReleaseCell.rows.get(release_id=first, code="N4", period="2026-Q3", place="00000").num == 1
    )
    states = [
        Release.rows.get(id=one).steps.order_by("-ordinal")[0].state for one in (first, second)
    ]
    assert states == ["superseded", "frozen"]
    revised = bytes(ReleaseFile.rows.get(release_id=second, path="revisions.csv").content).decode()
    assert "N4,,quarter,2026-Q3,00000,1,1,,2,\r\n" in revised
    steps = ReleaseStep.rows.filter(state="frozen").order_by("number")
    assert [s.previous for s in steps] == ["0" * 64, steps[0].head]


def test_vintages_come_in_order(journal: Journal, freeze: Freeze, analyst: Actor) -> None:
    def draft(vintage: str) -> str:
        with pytest.raises(Refusal) as refused:
            run(
                "indicators.release.draft",
                {"period": "2026-Q3", "since": "2026-01", "vintage": vintage},
                analyst,
            )
        return refused.value.name

    assert draft("2") == "indicators.vintage_order"
    freeze()
    assert draft("1") == "indicators.vintage_order"
    freeze(vintage="F")
    assert draft("F") == "indicators.vintage_done"


def test_an_edited_definition_is_refused_and_a_new_version_follows(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace
    from datetime import date

    from dure.indicators import definition_file
    from dure.indicators.models import DefinitionVersion

    declared = definition_file.read()
    first = next(one for one in declared if one.code == "E1")
    edited = replace(first, digits=1)
    later = replace(edited, version=2, valid_from=date(2027, 1, 1))

    def install(*ones: definition_file.Declared) -> int:
        monkeypatch.setattr(definition_file, "read", lambda: ones)
        new: int = run("indicators.definition.install", {}, Actor.operator()).result.new
        return new

    with pytest.raises(Refusal) as refused:
        install(edited)
    assert refused.value.name == "indicators.definition.edited"
    assert "E1" in refused.value.sentence("ko")
    assert install(*declared) == 0
    assert install(*declared, later) == 1
    drafted(people.person_with(people.Role.ANALYST, purpose="indicators"))
    used = ReleaseVersion.rows.get(version__definition_id="E1").version
    assert (used.version, DefinitionVersion.rows.filter(definition_id="E1").count()) == (1, 2)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"aggregation": "ratio", "denominator": ""}, "denominator"),
        ({"labels": ["indicator.released"]}, "labels"),
        ({"numerator": "count repair.unknown_label"}, "labels"),
        ({"numerator": "sum of everything"}, "numerator"),
        ({"grid": "week@gu@-"}, "grid"),
        ({"all_of": "count repair.fixed", "known": ""}, "floor_rule"),
    ],
)
def test_an_incomplete_definition_is_refused_by_its_field(
    change: dict[str, object], part: str
) -> None:
    from dataclasses import replace

    from dure.indicators import definition_file

    whole = next(one for one in definition_file.read() if one.code == "N4")
    with pytest.raises(definition_file.Incomplete) as refused:
        definition_file.check(replace(whole, **change))  # type: ignore[arg-type]  # a bad field
    assert (refused.value.code, refused.value.part) == ("N4", part)
