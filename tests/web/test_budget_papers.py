"""Papers at the desk: marked at the booth, typed by two people sheet by sheet, settled, merged."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client

from dure.budgeting.models import MoneyBallot
from dure.budgeting.typings import Slip
from dure.core.actions import run
from dure.interfaces.web import budget_papers_print
from dure.interfaces.web.budget_papers_type import as_sent, next_serial, told
from dure.registry.models import Login
from dure.registry.vault import Entry, accesses, store
from tests.budgeting.calls import NOW, Round, begun, official, projects, resident, staff, voting
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district
from tests.web.test_budget_pages import a_paper
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def sent(client: Client, address: str, status: int, **form: str) -> str:
    answer = client.post(address, form)
    words = re.sub(r"\s+", " ", answer.content.decode())
    assert answer.status_code == status, words[-3000:]
    return words


def at_the_desk() -> tuple[Round, str, list[str]]:
    """A closed vote at which three people took a paper; its desk and its projects' codes."""
    voters = [resident() for _ in range(3)]
    here = voting()
    for voter in voters:
        mark = {"call_id": here.id, "person_id": str(voter.id)}
        run("budgeting.paper.mark", mark, here.lead)
    here.do("close")
    return here, f"/desk/budget/{here.id}/papers/", [one.code for one in projects(here)]


def type_in(client: Client, address: str, *sheets: tuple[str, list[str]], batch: str = "A1") -> str:
    """Type sheets one after the other; the words of the last page."""
    here = f"{address}type/?batch={batch}"
    for serial, items in sheets:
        sheet = {"do": "sheet", "batch": batch, "serial": serial, "item": items}
        assert client.post(here, sheet).status_code == 303
    return words_of(client, here)


def words_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return re.sub(r"\s+", " ", answer.content.decode())


def finish(client: Client, address: str, counted: int, status: int = 303) -> str:
    form = {"do": "done", "batch": "A1", "counted": str(counted)}
    return sent(client, f"{address}type/?batch=A1", status, **form)


def test_papers_are_typed_sheet_by_sheet_compared_and_merged() -> None:
    here, address, (first, second) = at_the_desk()
    one, other = client_of(staff()), client_of(official())
    shown = type_in(one, address, ("0009", [first, second]))
    assert 'value="0010"' in shown and f"{first}, {second}" in shown
    assert f'value="{first}" checked' not in shown, "the next sheet is blank"
    type_in(one, address, ("0010", [first]))
    assert "입력한 것은 2장" in finish(one, address, 3, 422)
    finish(one, address, 2)
    assert "0009" not in words_of(other, f"{address}type/?batch=A1"), "each types alone"
    type_in(other, address, ("0010", [first]), ("0009", [second, first]))
    assert 'value="match"' not in words_of(one, address)
    finish(other, address, 2)
    assert "both agree" in words_of(one, f"/en{address}")
    sent(one, address, 303, do="match", batch="A1")
    assert MoneyBallot.rows.filter(call=here.id, channel="paper").count() == 2
    assert "2장 합침" in words_of(other, address)
    assert "표시한 사람 3명, 합친 종이 2장" in words_of(other, address)


def test_a_sheet_is_corrected_taken_out_or_refused_by_name() -> None:
    _, address, (first, second) = at_the_desk()
    client = client_of(staff())
    here = f"{address}type/?batch=A1"
    type_in(client, address, ("1", [first]), ("2", [second]))
    sheet = {"do": "sheet", "batch": "A1"}
    told = sent(client, here, 422, **sheet, serial="2", item=first)
    assert "이미 입력한 일련번호" in told and f'value="{first}" checked' in told
    assert "일련번호를 적어 주세요" in sent(client, here, 422, **sheet, serial="", item=first)
    told = sent(client, here, 422, **sheet, serial="3")
    assert "지금 고른 사업은 0개" in told and 'value="3"' in told
    sent(client, here, 303, **sheet, serial="3", void="yes")
    shown = words_of(client, f"{here}&old=2")
    assert f'value="{second}" checked' in shown and "2번 종이 고치기" in shown
    sent(client, here, 303, **sheet, old="2", serial="2", item=first)
    sent(client, here, 303, do="drop", batch="A1", old="1")
    shown = words_of(client, here)
    assert "1번 고치기" not in shown and "무효" in shown and 'value="4"' in shown


def test_a_third_person_sees_both_and_settles() -> None:
    here, address, (first, second) = at_the_desk()
    one, other, third = client_of(staff()), client_of(official()), client_of(staff())
    type_in(one, address, ("1", [first]), ("2", [second]), ("3", [first]))
    type_in(other, address, ("1", [first]), ("2", [first]))
    settle = f"{address}settle/?batch=A1"
    finish(one, address, 3)
    words_of(third, settle, 404)
    finish(other, address, 2)
    words_of(one, settle, 404)
    assert "2장이 다름" in words_of(one, address)
    shown = words_of(third, settle)
    assert "일련번호 2" in shown and "일련번호 3" in shown and "일련번호 1" not in shown
    assert "그런 종이가 없음" in shown and "첫 번째가 맞음" in shown
    form = {"batch": "A1", "serial": "2"}
    assert "이대로 정하기" in words_of(third, f"{settle}&serial=2")
    told = sent(third, settle, 422, **form, which="typed")
    assert "지금 고른 사업은 0개" in told
    sent(third, settle, 303, **form, which="typed", void="yes")
    sent(third, settle, 303, **form, which="typed", item=second)
    missing = "second" if "두 번째가 맞음" not in shown.split("일련번호 3")[1] else "first"
    sent(third, settle, 303, batch="A1", serial="3", which=missing)
    sent(third, address, 303, do="match", batch="A1")
    found = MoneyBallot.rows.filter(call=here.id, channel="paper").values_list("items", flat=True)
    assert sorted(found) == sorted([[first], [second]])


def test_the_booth_marks_and_others_find_no_page() -> None:
    voter = resident()
    here = voting()
    address = f"/desk/budget/{here.id}/papers/"
    one = client_of(staff())
    assert client_of(voter).get(address).status_code == 404
    assert "투표소에서 표시하기" in words_of(one, address)
    assert "명부에 없어" in sent(one, address, 403, do="mark", person_id=str(uuid4()))
    for tail in ("type/?batch=A1", "settle/?batch=A1"):
        words_of(one, address + tail, 404)


def test_the_counter_finds_people_of_the_roll_by_name_and_year() -> None:
    people = [resident() for _ in range(3)]
    born = ({"birth_on": "1954-03-01"}, {"birth_on": "1971-05-05"}, {})
    for person, more in zip(people, born, strict=True):
        cells = {"name": "홍길동", "phone": None, **more}
        store(Entry(person.id, cells), actor=person, purpose="account")
    here = voting()
    late = resident()
    store(Entry(late.id, {"name": "홍길동"}), actor=late, purpose="account")
    desk = client_of(staff())
    address = f"/desk/budget/{here.id}/papers/"
    shown = sent(desk, address, 200, do="find", name="홍 길동", birth_year="1954")
    assert shown.count("홍*동") == 2 and "홍길동" not in shown.replace('value="홍 길동"', "")
    assert str(people[0].id) in shown and str(people[2].id) in shown
    assert str(people[1].id) not in shown and str(late.id) not in shown
    sent(desk, address, 303, do="mark", person_id=str(people[0].id))
    shown = sent(desk, address, 200, do="find", name="홍길동", birth_year="1954")
    assert "이미 종이를 받음" in shown and str(people[0].id) not in shown
    assert [row.kind for row in accesses(people[1].id)] == ["store"]
    assert "find" in [row.kind for row in accesses(people[0].id)]
    client_of(people[1])  # makes her login
    handle = Login.objects.get(person_id=people[1].id).handle
    shown = sent(desk, address, 200, do="find", contact=handle)
    assert str(people[1].id) in shown
    assert "그런 사람이 없습니다" in sent(desk, address, 200, do="find", name="김아무개")
    assert "네 자리" in sent(desk, address, 422, do="find", name="홍길동", birth_year="54")
    assert "이름을 적거나" in sent(desk, address, 422, do="find")


def test_blank_papers_are_printed_from_the_freeze_to_the_end_of_the_vote() -> None:
    here = voting(10_000_000, 20_000_000)
    desk = client_of(staff())
    address = f"/desk/budget/{here.id}/papers/print/"
    assert address in words_of(desk, f"/desk/budget/{here.id}/papers/")
    for tongue in ("", "/en"):
        shown = words_of(desk, tongue + address)
        for words in ("일련번호", "Serial", "제안 1", "20,000,000원", "우리 구 주민참여예산"):
            assert words in shown, (tongue, words)
        assert shown.count('class="box') == 2 and shown.count("<article") == 1
        assert shown.index("제안 1") < shown.index("제안 2")
    assert client_of(resident()).get(address).status_code == 404
    here.do("close")
    assert "지금은 찍을 종이가 없습니다" in words_of(desk, address)
    assert address not in words_of(desk, f"/desk/budget/{here.id}/papers/")


def test_a_part_has_a_paper_of_its_own_with_boxes_of_its_ballot(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = begun()
    money = [
        {"code": "gu", "name": "구 전체", "name_en": "District", "amount_won": 30_000_000},
        {"code": "a", "name": "가동", "amount_won": 1_000_000, "part": "1144055500"},
    ]
    run("budgeting.envelope.set", {"call_id": here.id, "envelopes": money}, here.lead)
    run(
        "budgeting.call.change",
        {"call_id": here.id, "ballot": {"kind": "ordinal", "marks_max": 3}},
        here.lead,
    )
    desk, address = client_of(here.lead), f"/desk/budget/{here.id}/papers/print/"
    assert "지금은 찍을 종이가 없습니다" in words_of(desk, address)
    monkeypatch.setattr(budget_papers_print, "FIXED", ("draft",))
    printed = words_of(desk, address).split("<article")[1:]
    assert len(printed) == 2 and "동 사업이 없는 종이" in printed[0] and "가동" not in printed[0]
    assert "가동" in printed[1] and "구 전체" in printed[1] and "순위를 숫자로" in printed[1]


@pytest.mark.parametrize("kind", ["cumulative", "ordinal"])
def test_points_and_ranks_are_typed_as_on_the_ballot(kind: str) -> None:
    codes = ("x", "y")
    slip = Slip("7", codes, (3, 4) if kind == "cumulative" else None)
    paper = a_paper(kind)
    numbers = as_sent(paper, slip)
    assert numbers == (
        {"n-x": ["3"], "n-y": ["4"]} if slip.points else {"n-x": ["1"], "n-y": ["2"]}
    )
    assert told(paper, slip) == ("x=3, y=4" if slip.points else "x → y")
    assert (as_sent(paper, None), told(paper, Slip("8", None))) == ({}, "무효")
    assert next_serial([Slip("A", ()), Slip("B", ())]) == ""
