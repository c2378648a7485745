"""Record sheets and partner files: everything in, once, and what the journal learns of it."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models import AuditLine
from dure.engines import ords
from dure.exchange import queries
from dure.exchange.models import Agreement, Attestation, Pool
from dure.exchange.words import DEVIATIONS
from dure.journal.models import Event
from tests.exchange.cases import NOW, cafe, events_of, record, sums
from tests.harness.clock import Clock
from tests.harness.people import JONGNO, MAPO, district, organisation, person_with

pytestmark = pytest.mark.django_db
FILES = (
    "OpenRepairData_v0.3_RepairCafeToronto_202507.csv",
    "OpenRepairData_v0.3_FixitClinic_202507.csv",
)
HEAD = ",".join(ords.FIELDS)
LINE = 'rc_7,두레,KOR,노트북,Laptop,16,Sam,2019,6.5,Fixed,"",모임,2025-06-07,"안 켜짐"'


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def bring(*lines: str, actor: Actor | None = None, **body: object) -> object:
    content = "\n".join((HEAD, *lines, "")).encode()
    given = {"content": content, "district": MAPO, **body}
    return run("exchange.repair.import", given, actor or Actor.operator()).result


# --- record sheets


def test_sheet_states_attempt_success_and_measured_minutes() -> None:
    here = cafe()
    (new_id,) = record(here, {"category": 16, "outcome": "fixed", "minutes": 45, "brand": "Sam"})
    assert sums() == {"repair.attempt": 1, "repair.fixed": 1, "time.volunteer": 45}
    for event in events_of(new_id):
        assert (event.org_id, event.district, event.evidence) == (here.host.id, MAPO, "A")
        assert event.on_date == date(2026, 5, 10)
    attempt = events_of(new_id)[0]
    assert attempt.dims == {"outcome": "fixed", "category": "16", "origin": "here"}
    assert len({event.case_id for event in events_of(new_id)}) == 1
    assert str(attempt.case_id) != new_id


def test_minutes_nobody_wrote_down_are_not_invented() -> None:
    record(cafe(), {"category": 16, "outcome": "repairable"}, {"category": 1, "outcome": "unknown"})
    assert sums() == {"repair.attempt": 2}


def test_member_of_the_host_may_record_and_a_stranger_does_not_find_the_event() -> None:
    here = cafe()
    record(here, {"category": 16, "outcome": "fixed"}, actor=here.member)
    for actor in (here.stranger, Actor.anonymous(), person_with(Role.STAFF, district=JONGNO)):
        with pytest.raises(Refusal) as caught:
            record(here, {"category": 16, "outcome": "fixed"}, actor=actor)
        assert caught.value.name == "core.not_found"
    assert sums() == {"repair.attempt": 1, "repair.fixed": 1}


def test_barrier_belongs_to_end_of_life_only() -> None:
    here = cafe()
    record(here, {"category": 16, "outcome": "end_of_life", "barrier": "worn_out"})
    with pytest.raises(Refusal) as caught:
        record(here, {"category": 16, "outcome": "fixed", "barrier": "worn_out"})
    assert caught.value.name == "exchange.bad_barrier"
    assert sums() == {"repair.attempt": 1}


@pytest.mark.parametrize(
    "item",
    [
        {"category": 41, "outcome": "fixed"},
        {"category": 16, "outcome": "mended"},
        {"category": 16, "outcome": "fixed", "minutes": 0},
        {"category": 16, "outcome": "fixed", "minutes": "1.5"},
        {"category": 16, "outcome": "fixed", "problem": "900101-1234567"},
        {"category": 16, "outcome": "fixed", "owner": "hong"},
    ],
)
def test_bad_item_is_refused_and_nothing_is_written(item: dict[str, object]) -> None:
    here = cafe()
    with pytest.raises(Refusal):
        record(here, {"category": 1, "outcome": "fixed"}, item)
    assert (Agreement.rows.count(), Attestation.rows.count(), Event.rows.count()) == (0, 0, 0)


def test_same_key_writes_once() -> None:
    here = cafe()
    body = {"pool_id": here.pool_id, "items": [{"category": 16, "outcome": "fixed"}]}
    first = run("exchange.repair.record", body, here.keeper, key="k")
    again = run("exchange.repair.record", body, here.keeper, key="k")
    assert (again.replayed, again.result) == (True, first.result)
    assert sums() == {"repair.attempt": 1, "repair.fixed": 1}


def test_event_that_has_not_begun_takes_no_record(clock: Clock) -> None:
    here = cafe()
    clock.at("2026-05-10T12:59:59+09:00")
    with pytest.raises(Refusal) as caught:
        record(here, {"category": 16, "outcome": "fixed"})
    assert caught.value.name == "exchange.pool_not_open"


def test_sheet_written_the_day_after_belongs_to_the_day_of_the_event(clock: Clock) -> None:
    here = cafe()
    clock.at("2026-05-11T10:00:00+09:00")
    (new_id,) = record(here, {"category": 16, "outcome": "fixed"})
    assert events_of(new_id)[0].on_date == date(2026, 5, 10)


def test_free_text_and_brand_never_reach_the_journal() -> None:
    record(cafe(), {"category": 16, "outcome": "fixed", "brand": "Samsam", "problem": "영희네"})
    told = [str(value) for event in Event.rows.values() for value in event.values()]
    assert not any("Samsam" in one or "영희" in one for one in told)


# --- corrections


def correct(here: object, agreement_id: str, actor: Actor | None = None, **body: object) -> object:
    given = {"agreement_id": agreement_id, "why": "typo", **body}
    keeper = actor or here.keeper  # type: ignore[attr-defined]  # a Cafe
    return run("exchange.agreement.correct", given, keeper, reason="잘못 적었음")


def test_corrected_outcome_counts_instead_of_the_old() -> None:
    here = cafe()
    (new_id,) = record(here, {"category": 16, "outcome": "fixed", "minutes": 30})
    correct(here, new_id, outcome="end_of_life", barrier="worn_out", minutes=40)
    assert sums() == {"repair.attempt": 1, "time.volunteer": 40}
    standing = Event.rows.filter(label__code="repair.attempt", correction=None, sign=1)
    assert standing.count() == 2, "the old row stands untouched, a reversal beside it"
    correct(here, new_id, outcome="fixed")
    assert sums() == {"repair.attempt": 1, "repair.fixed": 1}


def test_record_taken_out_does_not_count_at_all() -> None:
    here = cafe()
    (new_id,) = record(here, {"category": 16, "outcome": "fixed", "minutes": 30})
    correct(here, new_id)
    assert sums() == {}
    assert queries.statistics_of([Pool.rows.get().id]).attempts == 0


def test_member_may_not_correct_and_a_reason_is_asked() -> None:
    here = cafe()
    (new_id,) = record(here, {"category": 16, "outcome": "fixed"})
    with pytest.raises(Refusal) as caught:
        correct(here, new_id, here.member, outcome="unknown")
    assert caught.value.name == "core.not_allowed"
    with pytest.raises(Refusal) as caught:
        run("exchange.agreement.correct", {"agreement_id": new_id, "why": "typo"}, here.keeper)
    assert caught.value.name == "core.reason_required"


# --- partner files


def test_line_becomes_a_case_an_event_and_facts() -> None:
    result = bring(LINE)
    assert (result.rows, result.new, result.events, result.facts) == (1, 1, 1, 2)
    case = Agreement.rows.get()
    assert (case.external_ref, case.state, case.organisation_id) == (
        "ords:rc_7", "handed_back", None,
    )  # fmt: skip
    assert case.terms["problem"] == "안 켜짐"
    event = Event.rows.get(label__code="repair.attempt")
    assert (event.on_date, event.dims["origin"]) == (date(2025, 6, 7), "partner_korea")
    assert event.ended.isoformat() == "2025-06-07T03:00:00+00:00", "noon in Seoul"


def test_every_kind_of_deviation_has_words() -> None:
    assert set(DEVIATIONS) == {kind.value for kind in ords.Deviation}


def test_same_file_again_writes_nothing_but_its_audit_line() -> None:
    bring(LINE)
    before = (Agreement.rows.count(), Attestation.rows.count(), Event.rows.count())
    lines = AuditLine.rows.filter(action="exchange.repair.import").count()
    result = bring(LINE)
    assert (result.new, result.known, result.changed, result.events, result.facts) == (
        0,
        1,
        0,
        0,
        0,
    )
    assert (Agreement.rows.count(), Attestation.rows.count(), Event.rows.count()) == before
    assert AuditLine.rows.filter(action="exchange.repair.import").count() == lines + 1


def test_changed_line_is_counted_and_left_as_it_stands() -> None:
    bring(LINE)
    result = bring(LINE.replace("Fixed", "Unknown"), LINE.replace("rc_7", "rc_8"))
    assert (result.new, result.known, result.changed, result.lost) == (1, 0, 1, 1)
    assert sums() == {"repair.attempt": 2, "repair.fixed": 2}


def test_resident_number_in_a_text_is_blanked_and_the_line_kept() -> None:
    result = bring(LINE.replace("안 켜짐", "900101-1234567"))
    assert (result.new, [(k.kind, k.count) for k in result.deviations]) == (
        1, [("id_pattern", 1), ("text_blanked", 1)],
    )  # fmt: skip
    assert "problem" not in Agreement.rows.get().terms


def test_file_that_is_no_ords_is_refused_whole() -> None:
    with pytest.raises(Refusal) as caught:
        run(
            "exchange.repair.import", {"content": b"a,b\n1,2\n", "district": MAPO}, Actor.operator()
        )
    assert caught.value.name == "exchange.not_ords"


def test_district_is_named_or_the_organisations_or_the_rulebooks() -> None:
    with pytest.raises(Refusal) as caught:
        bring(LINE, district="99999")
    assert caught.value.name == "core.not_found"
    host = organisation("두레수리", district_sig=JONGNO)
    result = bring(LINE, district=None, organisation_id=str(host.id))
    assert (result.district, Agreement.rows.get().organisation_id) == (JONGNO, host.id)
    with pytest.raises(Refusal) as caught:
        bring(LINE, district=MAPO, organisation_id=str(host.id))
    assert caught.value.name == "core.not_found"
    other = bring(LINE.replace("rc_7", "rc_8"), district=None)
    assert other.district == MAPO
    line = AuditLine.rows.filter(action="exchange.repair.import").latest("seq")
    assert len(line.rule_versions) == 1


def test_staff_imports_for_the_own_district_only() -> None:
    keeper = person_with(Role.STAFF, district=MAPO)
    assert bring(LINE, actor=keeper).new == 1
    for actor in (person_with(Role.STAFF, district=JONGNO), person_with(Role.RESIDENT)):
        with pytest.raises(Refusal) as caught:
            bring(LINE, actor=actor)
        assert caught.value.name == "core.not_allowed"


def test_unknown_organisation_is_not_found() -> None:
    with pytest.raises(Refusal) as caught:
        bring(LINE, organisation_id=str(uuid4()))
    assert caught.value.name == "core.not_found"


# --- the real files


def test_real_files_lose_nothing_and_count_as_an_independent_count(shared_data: Path) -> None:
    contents = {name: (shared_data / "ords" / name).read_bytes() for name in FILES}
    first = [bring_bytes(content) for content in contents.values()]
    assert sum(r.rows for r in first) == sum(r.new for r in first) == 6_600
    assert sum(r.lost for r in first) == 0
    again = [bring_bytes(content) for content in contents.values()]
    assert (sum(r.new for r in again), sum(r.facts for r in again)) == (0, 0)

    counted: Counter[tuple[str, str]] = Counter()
    for content in contents.values():
        for row in csv.DictReader(content.decode().splitlines(keepends=True)):
            counted[(row["event_date"][:4], row["repair_status"])] += 1
    found: Counter[tuple[str, str]] = Counter()
    for event in Event.rows.filter(label__code="repair.attempt"):
        found[(str(event.on_date.year), event.dims["outcome"])] += event.sign
    words = {"Fixed": "fixed", "Repairable": "repairable", "End of life": "end_of_life"}
    assert found == {
        (year, words.get(status, "unknown")): n for (year, status), n in counted.items()
    }
    assert sums()["repair.fixed"] == sum(n for (_, s), n in counted.items() if s == "Fixed")


def bring_bytes(content: bytes) -> object:
    body = {"content": content, "district": MAPO}
    return run("exchange.repair.import", body, Actor.operator()).result


def test_export_gives_the_real_rows_back_strictly(shared_data: Path) -> None:
    source = (shared_data / "ords" / FILES[1]).read_bytes()
    bring_bytes(source)
    written = queries.ords_export(Actor.operator(), problem=True)
    assert (written.row_count, written.left_out) == (1_033, ())
    back = {r.id: r for r in ords.read(written.text.encode()).repairs}
    for repair in ords.read(source).repairs:
        out = back[repair.id.replace("_", "-")]
        assert (out.outcome, out.barrier, out.category, out.year, out.age, out.on) == (
            repair.outcome, repair.barrier, repair.category, repair.year, repair.age, repair.on,
        )  # fmt: skip
