"""Time exchange: minutes move by the word of both, or of a coordinator; never of one side."""

from __future__ import annotations

from uuid import UUID

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models import AuditLine
from dure.exchange.models import Agreement, Attestation, Commitment, Listing, Match, Party
from dure.journal.models import Event
from dure.ledger.models import Transfer
from tests.exchange.cases import events_of, sums
from tests.exchange.neighbours import NOW, Bank, ask, at, bank, offer, step, tick
from tests.harness.clock import Clock
from tests.harness.people import JONGNO, MAPO, person_with
from tests.ledger.givens import an_account
from tests.registry.test_acting import allow, begin

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


@pytest.fixture
def here() -> Bank:
    return bank()


def refused(code: str, actor: Actor, case: str, name: str, **given: object) -> Refusal:
    before = Transfer.rows.count(), Event.rows.count(), Attestation.rows.count()
    with pytest.raises(Refusal) as caught:
        step(actor, case, name, **given)
    assert caught.value.name == code
    assert before == (Transfer.rows.count(), Event.rows.count(), Attestation.rows.count())
    return caught.value


def pair(here: Bank, minutes: int = 60, **more: object) -> tuple[Actor, Actor, str]:
    """Who asks, who does, and the case."""
    anna, ben = here.neighbour(), here.neighbour()
    listing = offer(ben, organisation_id=None)
    return anna, ben, ask(anna, listing, minutes, **more)


def test_whole_way_moves_the_minutes_and_states_them_once(here: Bank) -> None:
    anna, ben, case = pair(here, starts=at("10T14:00"), ends=at("10T15:00"))
    assert step(ben, case, "accept") == "scheduled"
    assert here.balance(anna) == (0, 60, 0)
    assert here.balance(ben) == (0, 0, 60)
    assert Commitment.rows.get().state == "held"
    assert step(ben, case, "claim", minutes=45) == "done_claimed"
    assert here.balance(anna) == (0, 60, 0), "nothing moves by the word of one side"
    assert step(anna, case, "confirm") == "settled"
    assert here.balance(anna) == (-45, 0, 0)
    assert here.balance(ben) == (45, 0, 0)
    assert sums() == {"time.exchange": 45}
    (event,) = events_of(case)
    confirm = Attestation.rows.get(kind="confirm")
    assert (event.evidence, event.proof) == ("B", confirm.uid)
    assert {row.grp for row in Transfer.rows.all()} == {UUID(case)}
    assert Commitment.rows.exclude(state__in=("done", "released")).count() == 0


def test_one_side_alone_moves_nothing(here: Bank) -> None:
    anna, ben, case = pair(here)
    refused("core.not_allowed", anna, case, "accept")
    step(ben, case, "accept")
    refused("core.not_allowed", anna, case, "claim", minutes=60)
    step(ben, case, "claim", minutes=60)
    refused("core.not_allowed", ben, case, "confirm")
    refused("core.not_found", person_with(Role.RESIDENT), case, "confirm")
    refused("core.not_found", person_with(Role.STAFF, district=JONGNO), case, "confirm")
    assert here.balance(ben) == (0, 0, 60)


@pytest.mark.parametrize(("lo", "hi", "word"), [(-30, 600, "모자랍"), (-600, 30, "상한")])
def test_limit_of_either_side_refuses_in_words(here: Bank, lo: int, hi: int, word: str) -> None:
    anna, ben = here.neighbour(lo=lo), here.neighbour(hi=hi)
    case = ask(anna, offer(ben))
    assert word in refused("exchange.guard", ben, case, "accept").sentence("ko")


def test_minutes_go_by_quarters_and_never_above_what_was_agreed(here: Bank) -> None:
    anna, ben = here.neighbour(), here.neighbour()
    with pytest.raises(Refusal, match=r"exchange\.bad_quantity"):
        ask(anna, offer(ben), 50)
    case = ask(anna, offer(ben), 60)
    step(ben, case, "accept")
    step(ben, case, "claim", minutes=600)
    step(anna, case, "confirm")
    assert here.balance(ben) == (60, 0, 0)


def test_dispute_freezes_and_a_coordinator_resolves(here: Bank) -> None:
    anna, ben = here.neighbour(), here.neighbour()
    member = person_with(Role.MEMBER, organisation=here.host)
    an_account(here.book, owner=member)
    listing = offer(member, organisation_id=str(here.host.id))
    case = ask(anna, listing)
    step(member, case, "accept")
    step(member, case, "claim", minutes=60)
    assert step(anna, case, "dispute", why="반만 했어요") == "review"
    assert here.balance(anna) == (0, 60, 0), "held, not moved"
    for actor in (anna, member):
        refused("core.not_allowed", actor, case, "judge", minutes=60)
    refused("core.not_found", ben, case, "judge", minutes=60)
    assert step(here.keeper, case, "judge", minutes=30) == "settled"
    assert here.balance(anna) == (-30, 0, 0)
    assert sums() == {"time.exchange": 30}


def test_coordinator_never_judges_her_own_case(here: Bank) -> None:
    anna = here.neighbour()
    here.accounts[here.keeper.id] = an_account(here.book, owner=here.keeper)
    case = ask(anna, offer(here.keeper, organisation_id=str(here.host.id)))
    step(here.keeper, case, "accept")
    step(here.keeper, case, "claim", minutes=60)
    step(anna, case, "dispute", why="오지 않았어요")
    refused("core.not_allowed", here.keeper, case, "judge", minutes=60)
    other = person_with(Role.STAFF, district=MAPO)
    assert step(other, case, "void") == "voided"
    assert here.balance(anna) == (0, 0, 0)
    assert sums() == {}


def test_gift_moves_no_minutes_and_is_stated_as_hours(here: Bank) -> None:
    anna, ben = person_with(Role.RESIDENT), person_with(Role.RESIDENT)
    case = ask(anna, offer(ben, reciprocity="gift"))
    for actor, name in ((ben, "accept"), (ben, "claim"), (anna, "confirm")):
        step(actor, case, name, **({"minutes": 60} if name == "claim" else {}))
    assert Transfer.rows.count() == 0
    assert sums() == {"time.exchange": 60}


def test_who_asked_chooses_among_those_who_answered(here: Bank) -> None:
    anna, ben = here.neighbour(), here.neighbour()
    wish = offer(anna, side="request")
    with pytest.raises(Refusal, match=r"exchange\.not_offered"):
        ask(anna, wish, other_id=str(ben.id))
    run("exchange.listing.answer", {"listing_id": wish}, ben)
    with pytest.raises(Refusal, match=r"exchange\.not_offered"):
        ask(ben, wish, other_id=str(ben.id))
    case = ask(anna, wish, other_id=str(ben.id))
    assert dict(Party.rows.values_list("role", "person")) == {
        "requester": anna.id,
        "provider": ben.id,
    }
    assert step(ben, case, "accept") == "scheduled"
    assert Match.rows.get().state == "accepted"


def test_nobody_agrees_with_herself(here: Bank) -> None:
    anna = here.neighbour()
    with pytest.raises(Refusal, match=r"exchange\.own_listing"):
        ask(anna, offer(anna))


# --- acting for a person without a phone


def test_elder_served_by_a_coordinator_has_the_same_rights(here: Bank) -> None:
    witness, helper = (person_with(Role.STAFF, district=MAPO) for _ in range(2))
    elder, ben = here.neighbour(), here.neighbour()
    assert elder.id is not None
    allow(witness, helper, elder.id)
    acting = begin(helper, elder.id)
    case = ask(acting, offer(ben))
    party = Party.rows.get(role="requester")
    assert (party.person, party.acted_for) == (elder.id, elder.id)
    step(ben, case, "accept")
    step(ben, case, "claim", minutes=60)
    refused("core.not_allowed", helper, case, "confirm")
    assert step(acting, case, "confirm") == "settled"
    assert here.balance(elder) == (-60, 0, 0)
    line = AuditLine.rows.get(action="exchange.agreement.open", acting_for=elder.id)
    assert line.actor == helper.id
    confirm = Attestation.rows.get(kind="confirm")
    assert (confirm.by, confirm.acted_for) == (helper.id, elder.id)


def test_one_person_on_both_sides_confirms_nothing(here: Bank) -> None:
    witness, helper = (person_with(Role.STAFF, district=MAPO) for _ in range(2))
    elder = here.neighbour()
    here.accounts[helper.id] = an_account(here.book, owner=helper)
    assert elder.id is not None
    listing = offer(helper)
    allow(witness, helper, elder.id)
    acting = begin(helper, elder.id)
    with pytest.raises(Refusal, match=r"exchange\.own_listing"):
        ask(acting, listing)
    case = ask(elder, listing)
    step(helper, case, "accept")
    step(helper, case, "claim", minutes=60)
    refused("exchange.same_person", acting, case, "confirm")
    assert step(elder, case, "confirm") == "settled"


# --- time


def test_time_asks_a_coordinator_and_gives_back_what_nobody_wanted(
    here: Bank, clock: Clock
) -> None:
    anna, ben, unanswered = pair(here)
    listing = str(Listing.rows.get().id)
    agreed = ask(anna, listing, starts=at("10T14:00"), ends=at("10T15:00"))
    step(ben, agreed, "accept")
    claimed = ask(anna, listing)
    step(ben, claimed, "accept")
    step(ben, claimed, "claim", minutes=60)
    clock.at(at("13T15:00"))
    assert tick() == (1, 0)
    assert Agreement.rows.get(id=agreed).state == "review"
    clock.at(at("17T09:00"))
    assert tick() == (2, 0)
    states = {str(a.id): a.state for a in Agreement.rows.all()}
    assert states == {unanswered: "expired", agreed: "review", claimed: "review"}
    assert here.balance(anna) == (0, 120, 0), "frozen until a person decides"


# --- corrected, never edited


def test_correction_reverses_and_pays_again(here: Bank) -> None:
    anna, ben, case = pair(here)
    step(ben, case, "accept")
    step(ben, case, "claim", minutes=60)
    step(anna, case, "confirm")
    keeper = person_with(Role.STAFF, district=MAPO)
    body = {"agreement_id": case, "why": "typo", "minutes": 30}
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        run("exchange.agreement.correct", body, anna, reason="잘못 적음")
    run("exchange.agreement.correct", body, keeper, reason="잘못 적음")
    assert (here.balance(anna)[0], here.balance(ben)[0]) == (-30, 30)
    assert sums() == {"time.exchange": 30}
    assert sorted(Transfer.rows.values_list("kind", "amount")) == [
        (0, 30),
        (1, 60),
        (2, 60),
        (5, 60),
    ]
    run(
        "exchange.agreement.correct",
        {"agreement_id": case, "why": "withdrawn"},
        keeper,
        reason="없던 일입니다",
    )
    assert (here.balance(anna)[0], here.balance(ben)[0]) == (0, 0)
    assert sums() == {}
