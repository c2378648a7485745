"""Giving away: who is asked for what, in whose turn, where they meet, and what leaves for good.

Law: a thing is promised by its lanes, taken without an end, so that the database keeps two from
being promised it; who hands it over holds the offer, so that nobody asks behind it.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db import connection

from dure.core import clock, locks, notices
from dure.core.actions import line
from dure.core.errors import Refusal
from dure.core.models.work import Notice
from dure.core.text import T
from dure.exchange import giving, rows
from dure.exchange.cases import holds, people_in
from dure.exchange.declaration import Effect
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Asset, Commitment, Listing, Party
from dure.exchange.models.commitments import OPEN
from dure.exchange.processes.give_away import GIVE_AWAY, GIVER, RECEIVER

from .slots import release_slot
from .underway import Underway, effect, guard

MEETING = timedelta(minutes=30)  # how long a meeting stands in a calendar
MOST_RULE = "exchange.give.asks_most"
LOCK_CLASS = 7
WAITS = notices.template(
    "exchange.give.waits",
    subject=T("다른 이웃을 먼저 골랐습니다", "Another neighbour was chosen first"),
    text=T(
        "부탁한 물건을 다른 이웃에게 주기로 했습니다. 그 이웃이 오지 않으면 차례가 이어집니다.",
        "What you asked for is promised to somebody else. You keep your turn if they do not come.",
    ),
    path="/exchange/agreements/%(agreement)s/",
    urgency=Notice.Urgency.DAY,
)
AGAIN = notices.template(
    "exchange.give.again",
    subject=T("물건이 다시 나왔습니다", "The thing is free again"),
    text=T(
        "먼저 고른 이웃이 물려받지 않게 되었습니다. 차례가 이어지니 주인의 답을 기다려 주세요.",
        "Whoever was chosen first does not take it. You are still in line; please wait to hear.",
    ),
    path="/exchange/agreements/%(agreement)s/",
    urgency=Notice.Urgency.DAY,
)


def _listing(step: Underway) -> Listing:
    listing = step.agreement.listing
    assert listing is not None, "a thing is given through its listing"
    return listing


# --- guards


@guard("still_offered")
def still_offered(step: Underway) -> T | None:
    """The offer is open, and stays so until this ask stands."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state FROM exchange_listing WHERE id = %s FOR SHARE", [_listing(step).id]
        )
        (state,) = cursor.fetchone()
    if state != Listing.State.OPEN:
        return T("이미 나갔거나 거두어들인 물건입니다", "it is gone or was withdrawn")
    return None


@guard("asks_within")
def asks_within(step: Underway) -> T | None:
    """Nobody asks twice for one thing, nor for more things at once than the rulebook says."""
    who = people_in(step.agreement, RECEIVER.key)
    if not who:
        return None
    locks.advisory(LOCK_CLASS, [who[0].int % 2**31])
    mine = Party.rows.filter(
        role=RECEIVER.key,
        person=who[0],
        agreement__process=GIVE_AWAY.key,
        agreement__state__in=giving.ASKING,
    ).exclude(agreement=step.agreement)
    if mine.filter(agreement__listing=step.agreement.listing).exists():
        return T("이미 물려받고 싶다고 했습니다", "you have asked for it already")
    most = rows.here().rule(MOST_RULE, (("district", step.agreement.district_id),)).integer
    if mine.count() >= most:
        return T(
            f"한 번에 {most}가지까지 부탁할 수 있습니다. 먼저 부탁한 것이 끝나면 다시 해 주세요",
            f"you may ask for {most} things at once; please wait until one of them is decided",
        )
    return None


@guard("still_there")
def still_there(step: Underway) -> T | None:
    """The thing has not left meanwhile; who takes it out waits for this step."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT retired_at FROM exchange_asset WHERE id = %s FOR SHARE",
            [step.agreement.asset_id],
        )
        (gone,) = cursor.fetchone()
    return T("이미 나간 물건입니다", "it is gone already") if gone is not None else None


@guard("in_turn")
def in_turn(step: Underway) -> T | None:
    """Who chooses is who the offer says: its giver, the order of asking, or a coordinator."""
    listing = _listing(step)
    chooses = listing.terms.get("chooses", "giver")
    if chooses == "coordinator":
        trusted = [role for role in step.case.transition.by if role.trusted]
        if any(holds(role, step.case, step.actor) for role in trusted):
            return None
        return T("코디네이터가 고르기로 한 물건입니다", "a coordinator chooses here")
    if chooses == "first":
        first = giving.asks(listing).first()
        if first is not None and first.pk != step.agreement.pk:
            return T("먼저 부탁한 이웃이 있습니다", "somebody asked earlier")
        return None
    if holds(GIVER, step.case, step.actor):
        return None
    return T("물려주는 이가 고르기로 한 물건입니다", "the giver chooses here")


# --- effects


@effect("meet")
def meet(step: Underway, what: Effect) -> None:
    """Put the meeting into the case: its calendar and its timers go by it.

    Raises  BAD_SLOT for a time that has passed, or is more than a year away
    """
    answer = step.seen().answers[step.case.transition.name]
    late = answer.at == "24:00"
    try:
        hour = time() if late else time.fromisoformat(answer.at)
    except ValueError:
        raise Refusal(ExchangeCode.BAD_SLOT, field="at") from None
    starts = datetime.combine(datetime.fromisoformat(answer.on).date(), hour, clock.SEOUL)
    starts += timedelta(days=late)
    if not clock.now() <= starts <= clock.now() + timedelta(days=366):
        raise Refusal(ExchangeCode.BAD_SLOT, field="on")
    agreement = step.agreement
    agreement.starts, agreement.ends = starts, starts + MEETING
    agreement.audit = line().id
    rows.here().change(agreement, "starts", "ends", "audit")


@effect("keep_turns")
def keep_turns(step: Underway, what: Effect) -> None:
    """Tell the others who asked that somebody was chosen, and that they keep their turn."""
    _tell_others(step, WAITS)


@effect("put_back")
def put_back(step: Underway, what: Effect) -> None:
    """The thing is free again for those who asked, not for those who wait to borrow it."""
    step.offers = False
    release_slot(step, what)
    if _listing(step).state == Listing.State.OPEN:
        _tell_others(step, AGAIN)


def _tell_others(step: Underway, code: str) -> None:
    waiting = giving.asks(_listing(step)).exclude(pk=step.agreement.pk)[: giving.ASKS_MAX]
    parties = Party.rows.filter(
        agreement__in=list(waiting.values_list("pk", flat=True)),
        role=RECEIVER.key,
        person__isnull=False,
    ).order_by("id")
    told = [
        (one.person, {"agreement": str(one.agreement_id)})
        for one in parties
        if one.person is not None
    ]
    if told:
        notices.tell_each(told, code)


@effect("leave")
def leave(step: Underway, what: Effect) -> None:
    """The thing has a new owner: its offer is closed, the others who asked are told, and it
    leaves the library for good."""
    offers = Listing.rows.select_for_update(of=("self",), no_key=True)
    listing = offers.get(pk=_listing(step).pk)
    assert step.way_out is not None, "those who asked are moved by the interpreter"
    for other in giving.lock_asks(listing):
        step.way_out(other, step)
    if listing.state != Listing.State.CLOSED:
        listing.state = Listing.State.CLOSED
        listing.closed_at = clock.now()
        listing.audit = line().id
        listing.save(update_fields=["state", "closed_at", "audit"])
    for one in Commitment.rows.filter(agreement=step.agreement, state__in=OPEN).order_by("lane"):
        one.state = "done"
        one.version += 1
        one.audit = line().id
        one.save(update_fields=["state", "version", "audit"])
    gone = Asset.rows.filter(pk=step.agreement.asset_id)
    gone.update(retired_at=clock.now(), audit=line().id)
    line().changed("retired", False, True)


@effect("come_back")
def come_back(step: Underway, what: Effect) -> None:
    """The thing is its old owner's again, who may lend it or offer it anew."""
    back = Asset.rows.filter(pk=step.agreement.asset_id)
    back.update(retired_at=None, audit=line().id)
    line().changed("retired", True, False)
