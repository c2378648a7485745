"""Reports of a process: counts, times and value of the cases that the reader hosts alone."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import pytest

from dure.core import clock as core_clock
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.door import load_grants
from dure.core.errors import Refusal
from dure.core.models import ExportRecord
from dure.exchange.queries import reports
from dure.registry import spool
from tests.exchange.neighbours import NOW, Bank, ask, at, bank, hold, library, offer, step, tick
from tests.harness.clock import Clock
from tests.harness.people import JONGNO, MAPO, organisation, person_with

pytestmark = pytest.mark.django_db
MAY = (date(2026, 5, 1), date(2026, 5, 31))


@pytest.fixture
def here(clock: Clock) -> Bank:
    clock.at(NOW)
    return bank()


def known(actor: Actor) -> Actor:
    return load_grants(actor, core_clock.now())


def report(
    actor: Actor, process: str = "time_exchange", days: tuple[date, date] = MAY
) -> reports.Report:
    return reports.report(reports.Asked(process, *days), known(actor))


def states(found: reports.Report) -> dict[str, int]:
    return {one.text.en: one.cases for one in found.states}


def settled(here: Bank, minutes: int) -> str:
    anna, ben = here.neighbour(), here.neighbour()
    case = ask(anna, offer(ben), minutes, starts=at("10T14:00"), ends=at("10T15:00"))
    step(ben, case, "accept")
    step(ben, case, "claim", minutes=minutes)
    step(anna, case, "confirm")
    return case


def test_what_ended_what_runs_and_what_moved_are_told_apart(here: Bank, clock: Clock) -> None:
    staff = person_with(Role.STAFF, district=MAPO)
    assert report(staff) == report(staff, days=MAY)
    assert (report(staff).opened, report(staff).took) == (0, None)
    settled(here, 60)
    settled(here, 45)
    anna, ben = here.neighbour(), here.neighbour()
    disputed = ask(anna, offer(ben), 30)
    step(ben, disputed, "accept")
    step(ben, disputed, "claim", minutes=30)
    step(anna, disputed, "dispute", why="오지 않았습니다")
    waiting = ask(here.neighbour(), offer(ben), 15)
    found = report(staff)
    assert (found.opened, found.ended, found.running, found.disputes) == (4, 2, 2, 0)
    assert states(found) == {"Settled": 2, "Being looked at": 1, "Asked": 1}
    assert [(one.unit, one.groups, one.amount) for one in found.moved] == [("TIME", 2, 105)]
    assert [(one.label, one.cases, one.qty) for one in found.facts] == [("time.exchange", 2, 105)]
    clock.at("2026-05-18T14:00:00+09:00")
    tick()
    assert report(staff).ended == 3 and waiting


def test_a_correction_is_read_as_corrected(here: Bank) -> None:
    staff = person_with(Role.STAFF, district=MAPO)
    case = settled(here, 60)
    body = {"agreement_id": case, "why": "typo", "minutes": 30}
    run("exchange.agreement.correct", body, staff, reason="서른 분이었습니다")
    found = report(staff)
    assert [one.amount for one in found.moved] == [30]
    assert [one.qty for one in found.facts] == [30]


def test_local_spending_is_told_by_payee_and_as_it_stands_corrected(clock: Clock) -> None:
    clock.at(NOW)
    here = library()
    staff = person_with(Role.STAFF, district=MAPO)
    anna = here.neighbour()
    case = hold(anna, here.thing(), "10T10:00", "10T12:00")
    step(anna, case, "book")
    clock.at(at("10T10:00"))
    step(here.keeper, case, "check_out")
    step(anna, case, "check_out")
    step(here.keeper, case, "check_in", note="깨끗함")
    step(here.keeper, case, "pass")
    found = report(staff, "equipment_loan")
    assert [(one.payee.en, one.origin, one.won) for one in found.spent] == [
        ("organisations", None, 1000)
    ]
    assert [(one.label, one.qty) for one in found.facts] == [
        ("loan.use", 1), ("spending.local", 1000)
    ]  # fmt: skip
    assert next(reports.rows(found.asked, known(staff)))[-1] == 1000
    body = {"agreement_id": case, "why": "withdrawn"}
    run("exchange.agreement.correct", body, staff, reason="없던 일입니다")
    again = report(staff, "equipment_loan")
    assert (again.spent, again.facts) == ((), ())
    assert next(reports.rows(found.asked, known(staff)))[-1] == 0


def test_only_what_one_hosts_is_counted(here: Bank) -> None:
    settled(here, 60)
    assert report(person_with(Role.STAFF, district=MAPO)).ended == 1
    assert report(person_with(Role.STAFF, district=JONGNO)).ended == 0
    other = organisation("다른공유소")
    assert report(person_with(Role.STAFF, organisation=other)).ended == 0
    assert report(person_with(Role.RESIDENT)).ended == 0


def test_days_are_those_of_seoul(here: Bank, clock: Clock) -> None:
    staff = person_with(Role.STAFF, district=MAPO)
    clock.at("2026-06-01T00:30:00+09:00")  # still May in UTC
    anna, ben = here.neighbour(), here.neighbour()
    ask(anna, offer(ben), 30)
    assert report(staff).opened == 0
    june = date(2026, 6, 1)
    assert report(staff, days=(june, june)).opened == 1


def test_the_median_is_the_lower_of_two_middles(here: Bank, clock: Clock) -> None:
    staff = person_with(Role.STAFF, district=MAPO)
    for minutes in (0, 10, 20, 40):
        clock.at(NOW)
        anna, ben = here.neighbour(), here.neighbour()
        case = ask(anna, offer(ben), 30)
        clock.at(core_clock.now() + timedelta(minutes=minutes))
        step(ben, case, "decline")
    assert report(staff).took == timedelta(minutes=10)


def test_a_file_has_a_line_a_case_without_a_person_and_leaves_a_record(here: Bank) -> None:
    staff = person_with(Role.STAFF, district=MAPO)
    case = settled(here, 60)
    body = {"process": "time_exchange", "begins": "2026-05-01", "ends": "2026-05-31", "form": "csv"}
    made = run("exchange.report.export", body, staff).result
    text = spool.path_of(made.file).read_bytes().decode("utf-8-sig")
    head, line = list(csv.reader(text.splitlines()))
    assert len(head) == len(reports.HEADER)
    assert (line[0], line[6]) == (case, "0")
    assert not [one for one in here.accounts if str(one) in text]
    record = ExportRecord.rows.get()
    assert (record.kind, record.row_count, record.sha256) == ("exchange.cases", 1, made.sha256)
    assert run("exchange.report.export", {**body, "form": "xlsx"}, staff).result.rows == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"process": "nothing"}, "core.not_found"),
        ({"ends": "2026-04-30"}, "core.bad_field"),
        ({"ends": "2027-05-02"}, "core.bad_field"),
        ({"begins": "2026-02-30"}, "core.bad_field"),
        ({"form": "pdf"}, "core.bad_field"),
    ],
)
def test_what_cannot_be_reported_is_refused(here: Bank, changed: dict[str, str], code: str) -> None:
    body = {"process": "time_exchange", "begins": "2026-05-01", "ends": "2026-05-31", "form": "csv"}
    with pytest.raises(Refusal) as refused:
        run("exchange.report.export", {**body, **changed}, person_with(Role.STAFF, district=MAPO))
    assert refused.value.name == code
    assert not ExportRecord.rows.exists()
