"""Food order (먹거리 주문), version 1: a basket of an order cycle.

What a basket may cost at most is held when it is placed; what was really handed over is paid, a
shortage is shared by the rule of the cycle, and nobody pays for what did not come. A deposit on
the crate is held beside it, and kept only of a crate that both said was handed over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import BeforeValidator

from dure.core import parsers
from dure.core.text import T
from dure.core.types import Count, UuidText
from dure.exchange import baskets
from dure.exchange.baskets import Got, Terms
from dure.exchange.declaration import (
    CLAIM,
    CORRECT,
    HOLD_STOCK,
    HOLD_VALUE,
    RELEASE_STOCK,
    SETTLE,
    UNCLAIM,
    USE_STOCK,
    VOID_VALUE,
    ByKind,
    Fact,
    Guard,
    Portion,
    Price,
    Process,
    Role,
    Seen,
    States,
    at,
    notify,
    record,
    ruled,
    start,
    step,
    timer,
)


class S(States):
    """Where a basket stands."""

    CART = "cart", "담는 중", "Being filled"
    ORDERED = "ordered", "주문함", "Ordered"
    ALLOCATED = "allocated", "나눔 정해짐", "Allotted"
    PACKED = "packed", "꾸려 둠", "Packed"
    DELIVERED = "delivered", "받아 감", "Handed over"
    CLAIMED = "claimed", "모자란다고 함", "Said to be short"
    UNCOLLECTED = "uncollected", "찾아가지 않음", "Not collected"
    REVIEW = "review", "살펴보는 중", "Being looked at"
    SETTLED = "settled", "정산함", "Settled"
    DROPPED = "dropped", "주문하지 않음", "Not ordered"
    CANCELLED = "cancelled", "취소됨", "Cancelled"


BUYER = Role("buyer", T("주문한 사람", "buyer"), pays=True, confirms=True)
HUB = Role("hub", T("먹거리 나눔터", "hub"), confirms=True, works="hosting")
POOL = Role("pool", T("배분", "allotment"), trusted=True, works="nobody")
COORDINATOR = Role("coordinator", T("코디네이터", "coordinator"), trusted=True, works="hosting")

UNITS = {"won": "KRW", "voucher": "VCH", "local": "LOCAL"}
GIFT = "gift"
PURPOSE = "먹거리 주문"
DEPOSIT = "보증금(먹거리 상자)"
CRATE_BACK = "crate_back"  # noted by the hub, no step
NoteText = Annotated[str, BeforeValidator(parsers.note)]


@dataclass(frozen=True, slots=True)
class Missing:
    """What is missing or spoilt, of which product, in its unit."""

    product: UuidText
    missing: Count
    note: NoteText | None = None


@dataclass(frozen=True, slots=True)
class Resolved:
    """How much of it the hub agrees to; the rest is paid."""

    missing: Count
    note: NoteText | None = None


@dataclass(frozen=True, slots=True)
class Charged:
    """What is to be paid, in the unit of the cycle; never above what is held."""

    charge: Count
    note: NoteText | None = None


def got(seen: Seen) -> dict[str, Got]:
    """What each product of a basket came to, what was agreed to be missing left out."""
    found = {key: Got(one.awarded, one.weighed) for key, one in seen.claims.items()}
    told, agreed = seen.answers.get("claim"), seen.answers.get("resolve")
    if told is not None and agreed is not None and told.product in found:
        short = min(told.missing, agreed.missing)
        found[told.product] = replace(found[told.product], missing=short)
    return found


def price(seen: Seen) -> tuple[Price, ...]:
    """All that the basket may come to and the deposit on its crate, in the unit of the cycle; a
    gift costs nothing."""
    pays = seen.pool.get("pays", "won")
    if pays == GIFT:
        return ()
    amount = sum(baskets.held(line) for line in seen.terms.lines)
    crate = seen.pool.get("deposit", 0)
    return (
        Price(UNITS[pays], amount, BUYER.key, HUB.key, PURPOSE),
        Price(UNITS[pays], crate, BUYER.key, HUB.key, DEPOSIT, deposit=True),
    )


def has_crate(seen: Seen) -> bool:
    """Whether the buyer has the crate: both said that it was handed over, and the hub has not
    noted it back. A hand-over that one side alone said ends as a basket nobody fetched."""
    taken = "hand_over" in seen.moments and "charge" not in seen.answers
    return taken and CRATE_BACK not in seen.moments


def settled(seen: Seen, price: Price) -> int:
    """What was handed over, by weight; where a coordinator decided, what she said. The deposit of
    a crate that the buyer has; nobody decides on it."""
    if price.deposit:
        return price.amount if has_crate(seen) else 0
    for name in ("judge", "charge"):
        if name in seen.answers:
            charged: int = seen.answers[name].charge
            return min(charged, price.amount)
    return baskets.total(seen.terms.lines, got(seen))


def facts(seen: Seen) -> tuple[Fact, ...]:
    """Grams handed over, one fact an origin; food of a cycle without a price was rescued."""
    label = "food.rescued" if seen.pool.get("pays") == GIFT else "food.delivered"
    ended = min(seen.moments.get("hand_over", seen.now), seen.now)
    came = got(seen)
    grams: dict[str, int] = {}
    for line in seen.terms.lines:
        if line.product in came:
            grams[line.origin] = grams.get(line.origin, 0) + baskets.grams(line, came[line.product])
    return tuple(
        Fact(label, qty, ended, ended, {"origin": origin}, BUYER.key, part=f".{origin}")
        for origin, qty in sorted(grams.items())
    )


def divides(seen: Seen, purpose: str) -> tuple[Portion, ...]:
    """What was paid for the food, by where it comes from; a deposit comes from nowhere."""
    if purpose != PURPOSE:
        return ()
    came = got(seen)
    won: dict[str, int] = {}
    for line in seen.terms.lines:
        if line.product in came:
            won[line.origin] = won.get(line.origin, 0) + baskets.value(line, came[line.product])
    return tuple(Portion({"origin": origin}, value) for origin, value in sorted(won.items()))


OPEN = Guard("window_open", T("주문을 받는 때인가", "orders are being taken"))
FILLED = Guard("basket_filled", T("담은 것이 있는가", "something is in it"))
LIMIT = Guard("within_limit", T("잔액과 상한 안인가", "within the limits"))
AWARDED = Guard("has_award", T("받을 것이 있는가", "something was awarded"))
NOTHING = Guard("has_no_award", T("받을 것이 없는가", "nothing was awarded"))
HANDED = record("food.delivered", "food.rescued", evidence="B")

FOOD_ORDER = Process(
    "food_order",
    version=1,
    sector="food",
    text=T("먹거리 주문", "Food order"),
    states=S,
    roles=(BUYER, HUB, POOL, COORDINATOR),
    terms=Terms,
    needs_pool=True,
    pool_kind="order_cycle",
    price=price,
    settled=settled,
    facts=facts,
    divides=divides,
    transitions=(
        start(
            "open",
            S.CART,
            T("바구니 만들기", "Begin a basket"),
            by=(BUYER,),
            binds=BUYER,
            needs=("pool",),
            when=(OPEN,),
        ),
        step(
            "place",
            S.CART,
            S.ORDERED,
            T("주문하기", "Order"),
            by=(BUYER,),
            when=(OPEN, FILLED, LIMIT),
            do=(HOLD_VALUE, CLAIM),
        ),
        timer(
            "dropped",
            S.CART,
            S.DROPPED,
            at("closes"),
            T("주문하지 않고 마감됨", "Closed without an order"),
        ),
        step(
            "edit",
            S.ORDERED,
            S.CART,
            T("주문 고치기", "Change the order"),
            by=(BUYER,),
            when=(OPEN,),
            do=(VOID_VALUE, UNCLAIM),
        ),
        step(
            "award",
            S.ORDERED,
            S.ALLOCATED,
            T("나눈 것 맡아 두기", "Keep what was allotted"),
            by=(POOL,),
            when=(AWARDED,),
            do=(HOLD_STOCK, notify(BUYER)),
        ),
        step(
            "zero",
            S.ORDERED,
            S.CANCELLED,
            T("받을 것 없이 마치기", "End with nothing allotted"),
            by=(POOL,),
            when=(NOTHING,),
            do=(VOID_VALUE, notify(BUYER)),
        ),
        timer(
            "not_allotted",
            S.ORDERED,
            S.CANCELLED,
            ruled("exchange.food.award_days", "closes"),
            T("나누지 않고 기한이 지남", "Time passed without an allotment"),
            do=(VOID_VALUE, notify(BUYER)),
        ),
        step(
            "pack",
            S.ALLOCATED,
            S.PACKED,
            T("꾸렸다고 적기", "Packed"),
            by=(HUB,),
            do=(notify(BUYER),),
        ),
        timer(
            "not_packed",
            S.ALLOCATED,
            S.REVIEW,
            at("pickup"),
            T("꾸리지 않고 찾아갈 때가 됨", "Not packed when it was to be collected"),
            do=(RELEASE_STOCK,),
        ),
        step(
            "hand_over",
            S.PACKED,
            S.DELIVERED,
            T("건네고 받기", "Hand over"),
            by=(HUB, BUYER),
            kind=ByKind.BOTH,
            do=(USE_STOCK, HANDED),
        ),
        timer(
            "not_fetched",
            S.PACKED,
            S.UNCOLLECTED,
            ruled("exchange.food.fetch_hours", "pickup"),
            T("찾아가지 않음", "Not collected"),
            do=(RELEASE_STOCK, notify(BUYER)),
        ),
        step(
            "claim",
            S.DELIVERED,
            S.CLAIMED,
            T("모자라거나 상했다고 알리기", "Say that something is missing"),
            by=(BUYER,),
            asks=Missing,
            says="dispute",
        ),
        step(
            "accept",
            S.DELIVERED,
            S.SETTLED,
            T("잘 받았다고 하기", "All is well"),
            by=(BUYER,),
            do=(SETTLE,),
        ),
        timer(
            "taken_as_well",
            S.DELIVERED,
            S.SETTLED,
            ruled("exchange.food.settle_days"),
            T("말이 없어 잘 받은 것으로 봄", "Taken as well after a while"),
            do=(SETTLE,),
        ),
        step(
            "resolve",
            S.CLAIMED,
            S.SETTLED,
            T("모자란 만큼 빼고 정산하기", "Settle without what was missing"),
            by=(HUB,),
            asks=Resolved,
            do=(CORRECT, SETTLE, notify(BUYER)),
        ),
        timer(
            "unresolved",
            S.CLAIMED,
            S.REVIEW,
            ruled("exchange.food.resolve_days"),
            T("답 없이 기한이 지남", "Time passed without an answer"),
        ),
        step(
            "charge",
            S.UNCOLLECTED,
            S.SETTLED,
            T("찾아가지 않은 값 정하기", "Charge for what was not collected"),
            by=(COORDINATOR,),
            asks=Charged,
            do=(SETTLE, notify(BUYER)),
        ),
        step(
            "waive",
            S.UNCOLLECTED,
            S.CANCELLED,
            T("값 받지 않기", "Waive the price"),
            by=(COORDINATOR,),
            do=(VOID_VALUE, notify(BUYER)),
        ),
        step(
            "judge",
            S.REVIEW,
            S.SETTLED,
            T("낼 값 정하기", "Decide what is paid"),
            by=(COORDINATOR,),
            asks=Charged,
            do=(SETTLE, notify(BUYER)),
        ),
        step(
            "void",
            S.REVIEW,
            S.CANCELLED,
            T("없던 일로 하기", "Make void"),
            by=(COORDINATOR,),
            do=(VOID_VALUE, notify(BUYER)),
        ),
    ),
)
