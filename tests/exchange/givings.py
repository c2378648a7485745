"""Things given away: who offers, who asks, how it is handed over."""

from __future__ import annotations

from dure.core.actions import run
from dure.core.actors import Actor
from dure.exchange.models import Agreement, Asset, Listing
from tests.exchange.neighbours import answers, step

MEETING = {"place": "도서관 앞", "on": "2026-05-12", "at": "18:00"}


def give(giver: Actor, title: str = "어린이 자전거", **more: object) -> str:
    """Offer a thing for good; gives the id of the listing."""
    body = {"title": title, "text": "안장이 조금 닳았어요", **more}
    return str(run("exchange.giving.offer", body, giver).result.id)


def ask(who: Actor, listing: str, note: str = "아이가 탈 거예요") -> str:
    """Ask to be given it; gives the id of the case."""
    body = {
        "process": "give_away",
        "start": "ask",
        "listing_id": listing,
        "terms": answers(note=note),
    }
    return str(run("exchange.agreement.open", body, who).result.id)


def choose(giver: Actor, case: str, **more: str) -> str:
    """Promise it to who asked in this case; gives the state."""
    return step(giver, case, "choose", **{**MEETING, **more})


def hand_over(giver: Actor, receiver: Actor, case: str) -> str:
    """Both confirm; gives the state."""
    step(giver, case, "hand_over")
    return step(receiver, case, "hand_over")


def state(case: str) -> str:
    """Where a case stands."""
    return str(Agreement.rows.get(id=case).state)


def thing_of(listing: str) -> Asset:
    """The thing that a listing gives away."""
    found = Listing.rows.select_related("asset").get(id=listing).asset
    assert found is not None
    return found
