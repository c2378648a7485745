"""Papers: the booth takes the online ballot out; two typings that agree become ballots, once."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from dure.budgeting.models import MoneyBallot, PaperBatch, PaperEntry, PaperMatch, Result
from dure.budgeting.queries import ballots, booth
from dure.budgeting.queries.results import result_view
from dure.core import clock as time
from dure.core import door
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from tests.budgeting.calls import NOW, Round, official, projects, resident, staff, voting
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import MAPO, district

pytestmark = pytest.mark.django_db
Papers = list[dict[str, object]]


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def refusal(name: str, body: dict[str, object], actor: Actor) -> Refusal:
    with pytest.raises(Refusal) as caught:
        run(name, body, actor)
    return caught.value


def mark(here: Round, person: Actor, desk: Actor) -> bool:
    body = {"call_id": here.id, "person_id": str(person.id)}
    return bool(run("budgeting.paper.mark", body, desk).result.left_urn)


def typed(here: Round, desk: Actor, papers: Papers, batch: str = "A") -> None:
    body = {"call_id": here.id, "batch": batch, "papers": papers}
    run("budgeting.paper.enter", body, desk)


def match(here: Round, batch: str = "A") -> dict[str, object]:
    return {"call_id": here.id, "batch": batch}


def at_the_count(marked: int = 2) -> tuple[Round, Papers]:
    """A closed vote with people marked at the booth, and two papers."""
    voters = [resident() for _ in range(marked)]
    here = voting()
    desk = staff()
    for voter in voters:
        mark(here, voter, desk)
    here.do("close")
    first, second = (one.code for one in projects(here))
    return here, [
        {"serial": "2", "items": [second]},
        {"serial": "1", "items": [second, first]},
    ]


def test_the_booth_takes_the_online_ballot_out_and_bars_a_later_one() -> None:
    voter, late = resident(), resident()
    here = voting()
    desk = staff()
    cast = {"call_id": here.id, "items": [projects(here)[0].code]}
    run("budgeting.ballot.cast", cast, voter)
    assert mark(here, voter, desk)
    assert ballots.slips_in_urn(here.call.id) == 0
    assert ballots.own_mark(voter, here.call).channel == "paper"
    assert refusal("budgeting.ballot.cast", cast, voter).name == "budgeting.vote_on_paper"
    again = {"call_id": here.id, "person_id": str(voter.id)}
    assert refusal("budgeting.paper.mark", again, desk).name == "budgeting.vote_on_paper"
    assert not mark(here, late, desk)
    stranger = {"call_id": here.id, "handle": "nobody-known"}
    assert refusal("budgeting.paper.mark", stranger, desk).name == "budgeting.vote_not_on_roll"
    assert refusal("budgeting.paper.mark", again, voter).name == "core.not_found"


def test_two_typings_that_agree_become_ballots_once() -> None:
    here, papers = at_the_count()
    one, other = staff(), official()
    typed(here, one, papers)
    typed(here, other, [dict(paper) for paper in reversed(papers)])
    assert run("budgeting.paper.match", match(here), one).result.papers == 2
    found = MoneyBallot.rows.filter(call=here.id, channel="paper").values_list("items", flat=True)
    first, second = (project.code for project in projects(here))
    assert sorted(found) == sorted([[first, second], [second]])
    assert refusal("budgeting.paper.match", match(here), one).name == "budgeting.paper_merged"
    body = {"call_id": here.id, "batch": "A", "papers": papers}
    assert refusal("budgeting.paper.enter", body, one).name == "budgeting.paper_merged"
    run("budgeting.result.compute", {"call_id": here.id}, here.lead)
    result = Result.rows.get(call=here.id)
    assert (result.online_count, result.paper_count) == (0, 2)


def test_one_person_alone_or_a_third_does_not_make_a_ballot() -> None:
    here, papers = at_the_count()
    one, other, third = staff(), official(), staff()
    typed(here, one, papers)
    typed(here, one, papers)
    assert refusal("budgeting.paper.match", match(here), one).name == "budgeting.paper_one"
    typed(here, other, papers)
    body = {"call_id": here.id, "batch": "A", "papers": papers}
    assert refusal("budgeting.paper.enter", body, third).name == "budgeting.paper_third"
    held = refusal("budgeting.result.compute", {"call_id": here.id}, here.lead)
    assert held.name == "budgeting.not_ready" and "A" in held.sentence("ko")


def test_a_difference_holds_the_batch_and_is_named_by_serial() -> None:
    here, papers = at_the_count()
    one, other = staff(), official()
    typed(here, one, papers)
    typed(here, other, [papers[0], {**papers[1], "items": papers[0]["items"]}])
    differs = refusal("budgeting.paper.match", match(here), one)
    assert (differs.name, differs.places["serials"]) == ("budgeting.paper_differs", "1")
    assert not PaperMatch.rows.exists() and not MoneyBallot.rows.filter(call=here.id).exists()
    typed(here, other, papers)
    assert run("budgeting.paper.match", match(here), one).result.papers == 2
    assert PaperEntry.rows.filter(batch__call=here.id).count() == 3


def test_a_serial_counts_once_in_a_batch_and_in_the_call() -> None:
    here, papers = at_the_count(marked=4)
    one, other = staff(), official()
    body = {"call_id": here.id, "batch": "A", "papers": [papers[0], papers[0]]}
    assert refusal("budgeting.paper.enter", body, one).name == "budgeting.paper_twice"
    for batch in ("A", "B"):
        typed(here, one, papers[: 2 if batch == "A" else 1], batch)
        typed(here, other, papers[: 2 if batch == "A" else 1], batch)
    run("budgeting.paper.match", match(here), one)
    twice = refusal("budgeting.paper.match", match(here, "B"), one)
    assert (twice.name, twice.places["serials"]) == ("budgeting.paper_twice", "2")


def test_there_are_never_more_papers_than_marks() -> None:
    here, papers = at_the_count(marked=1)
    typed(here, staff(), papers)
    typed(here, official(), papers)
    assert refusal("budgeting.paper.match", match(here), here.lead).name == "budgeting.paper_over"


def test_a_paper_outside_the_rules_is_named() -> None:
    here, papers = at_the_count()
    body = {"call_id": here.id, "batch": "A", "papers": [{"serial": "7", "items": ["nope"]}]}
    fault = refusal("budgeting.paper.enter", body, here.lead)
    assert (fault.name, fault.places["serial"]) == ("budgeting.paper_fault", "7")
    open_vote = voting()
    early = {"call_id": open_vote.id, "batch": "A", "papers": papers}
    assert refusal("budgeting.paper.enter", early, open_vote.lead).name == (
        "budgeting.paper_not_now"
    )


def settle(here: Round, person: Actor, **more: object) -> int:
    body = {"call_id": here.id, "batch": "A", **more}
    return int(run("budgeting.paper.settle", body, person).result.left)


def test_a_third_person_settles_what_two_typed_differently() -> None:
    here, papers = at_the_count()
    one, other, third = staff(), official(), staff()
    only = {"serial": "3", "items": papers[0]["items"]}
    typed(here, one, [*papers, only])
    right = {"batch": "A", "serial": "1", "items": papers[0]["items"]}
    body = {"call_id": here.id, **right}
    assert refusal("budgeting.paper.settle", body, third).name == "budgeting.paper_one"
    typed(here, other, [papers[0], {**papers[1], "items": papers[0]["items"]}])
    assert refusal("budgeting.paper.settle", body, other).name == "budgeting.paper_own"
    agreed = {**body, "serial": "2"}
    assert refusal("budgeting.paper.settle", agreed, third).name == "budgeting.paper_alike"
    wrong = {**body, "items": ["nope"]}
    assert refusal("budgeting.paper.settle", wrong, third).name == "budgeting.paper_fault"
    assert settle(here, third, serial="1", items=papers[1]["items"]) == 1
    again = {"call_id": here.id, "batch": "A", "papers": papers}
    assert refusal("budgeting.paper.enter", again, one).name == "budgeting.paper_looked"
    differs = refusal("budgeting.paper.match", match(here), third)
    assert differs.places["serials"] == "3"
    assert settle(here, third, serial="1", items=papers[0]["items"]) == 1
    assert settle(here, third, serial="3", missing=True) == 0
    assert run("budgeting.paper.match", match(here), third).result.papers == 2
    found = MoneyBallot.rows.filter(call=here.id, channel="paper").values_list("items", flat=True)
    assert sorted(found) == [papers[0]["items"]] * 2


def test_a_batch_without_any_paper_does_not_hold_the_count() -> None:
    here, papers = at_the_count()
    one, other, third = staff(), official(), staff()
    typed(here, one, papers[:1])
    typed(here, other, [{**papers[0], "serial": "9"}])
    assert settle(here, third, serial=papers[0]["serial"], missing=True) == 1
    assert settle(here, third, serial="9", missing=True) == 0
    assert run("budgeting.paper.match", match(here), third).result.papers == 0
    assert run("budgeting.result.compute", {"call_id": here.id}, here.lead).result.id


def test_nothing_is_compared_before_both_are_done_and_counted() -> None:
    here, papers = at_the_count()
    one, other = staff(), official()
    typed(here, one, papers)
    body = {"call_id": here.id, "batch": "A", "papers": papers[:1], "done": False}
    run("budgeting.paper.enter", body, other)
    assert refusal("budgeting.paper.match", match(here), one).name == "budgeting.paper_one"
    short = {**body, "done": True, "counted": 2}
    told = refusal("budgeting.paper.enter", short, other)
    assert (told.name, told.places["typed"]) == ("budgeting.paper_counted", 1)
    run("budgeting.paper.enter", {**short, "papers": papers}, other)
    assert run("budgeting.paper.match", match(here), one).result.papers == 2


def test_a_paper_that_counts_for_nothing_is_counted_and_makes_no_ballot() -> None:
    here, papers = at_the_count()
    spoiled = [papers[0], {"serial": "1", "items": None}]
    typed(here, staff(), spoiled)
    typed(here, official(), spoiled)
    assert run("budgeting.paper.match", match(here), here.lead).result.papers == 2
    assert MoneyBallot.rows.filter(call=here.id, channel="paper").count() == 1


MERGED = (
    "INSERT INTO budgeting_papermatch (batch_id, slips, by, at, audit)"
    " SELECT id, 1, id, now(), id FROM budgeting_paperbatch"
)
BALLOT = (
    "INSERT INTO budgeting_moneyballot (call_id, envelope_id, channel, items, audit)"
    " SELECT call_id, id, 'paper', '{}', id FROM budgeting_envelope"
)


@pytest.mark.parametrize("statement", [MERGED, BALLOT])
def test_the_application_writes_neither_paper_ballots_nor_matches(
    statement: str, database_as: Callable[..., psycopg.Connection]
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        database_as("dure_app").execute(statement)


@pytest.mark.parametrize(("other", "name"), [("9", "dure.paper_differs"), ("2", "dure.paper_over")])
def test_the_database_holds_a_batch_by_itself(other: str, name: str) -> None:
    here, papers = at_the_count(marked=1)
    typed(here, staff(), papers)
    typed(here, official(), [{**papers[0], "serial": other}, papers[1]])
    batch = PaperBatch.rows.get(call=here.id)
    with (
        given() as audit,
        pytest.raises(DatabaseError, match=name.replace(".", r"\.")),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT urn.match_paper(%s, %s, %s)", (batch.id, here.lead.id, audit))
    assert not MoneyBallot.rows.filter(call=here.id).exists()


def test_how_few_voted_on_paper_is_not_told_beside_the_result() -> None:
    here, papers = at_the_count()
    for desk in (staff(), staff()):
        typed(here, desk, papers)
    run("budgeting.paper.match", match(here), here.lead)
    run("budgeting.result.compute", {"call_id": here.id}, here.lead)
    known = door.load_grants(here.lead, time.now())
    with CaptureQueriesContext(connection) as asked:
        shown = result_view(UUID(here.id), known)
    assert shown is not None
    assert (shown.online_count, shown.paper_count) == (None, None)
    assert not any("input_text" in one["sql"] for one in asked), "every ballot, for no use"


def test_a_name_that_the_vault_cuts_off_is_said_to_be_too_common(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = voting()
    known = door.load_grants(staff(), time.now())
    people = [uuid4() for _ in range(101)]
    for count, too_many in ((101, True), (100, False)):
        monkeypatch.setattr(booth, "find_named", lambda *_, n=count, **__: tuple(people[:n]))
        found = booth.people_on_roll(UUID(here.id), known, name="김민수")
        assert (found.rows, found.too_many) == ((), too_many)
