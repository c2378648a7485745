"""Matching (연결): how well an offer answers a request, in words that can be checked.

Nouns
    term   : one of four numbers from 0 to a million (ppm): skill, nearness, slot, balance
    score  : the weighted sum of the terms in ppm; weights are rulebook values and public
    reason : a term with the values it was made from; why-not: the first rule that failed
Law
    No trained model, no hidden boost: the score is a function of the terms alone, whole numbers
    throughout. The balance term favours providers below zero, so that they can earn. Nothing that
    the law protects (sex, age, origin, health) is asked.
Source
    Exchange design, *Matching, explained*.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dure.engines.sphere import Point, distance_m

PPM: Final = 1_000_000


class Term(StrEnum):
    """What a score is made of."""

    SKILL = "skill"
    NEARNESS = "nearness"
    SLOT = "slot"
    BALANCE = "balance"


class Rule(StrEnum):
    """What a pair must pass, in this order."""

    PARTY = "party"
    RECIPROCITY = "reciprocity"
    SKILL = "skill"
    QUANTITY = "quantity"
    DISTANCE = "distance"
    SLOT = "slot"
    CEILING = "ceiling"
    FLOOR = "floor"


@dataclass(frozen=True, slots=True)
class Weights:
    """Rulebook values: four weights in ppm that sum to a million, the farthest way, least overlap.

    distance_max_m : metres; overlap_min : minutes that must be common, >= 1
    """

    skill_ppm: int = 400_000
    nearness_ppm: int = 250_000
    slot_ppm: int = 200_000
    balance_ppm: int = 150_000
    distance_max_m: int = 5_000
    overlap_min: int = 15

    def __post_init__(self) -> None:
        parts = (self.skill_ppm, self.nearness_ppm, self.slot_ppm, self.balance_ppm)
        assert min(parts) >= 0 and sum(parts) == PPM, "weights must sum to 1,000,000"
        assert self.distance_max_m >= 1 and self.overlap_min >= 1, self


@dataclass(frozen=True, slots=True)
class Listed:
    """An offer or a request as far as matching may know it.

    place   : of a neighbourhood; None = not known, which earns nothing and refuses nothing
    slots   : (begin, end) in minutes of one clock, ascending and apart; empty = any time
    quantity: from-to in the listing's unit; minutes for services
    balance, floor, ceiling : minutes of the party's account; None where hours do not pay
    """

    id: str
    party: str
    spec: str
    place: Point | None
    slots: tuple[tuple[int, int], ...]
    quantity_min: int
    quantity_max: int
    reciprocity: frozenset[str]
    balance: int | None = None
    floor: int | None = None
    ceiling: int | None = None

    def __post_init__(self) -> None:
        assert 0 <= self.quantity_min <= self.quantity_max, self.id
        flat = [at for slot in self.slots for at in slot]
        assert flat == sorted(flat) and all(begin < end for begin, end in self.slots), self.id


@dataclass(frozen=True, slots=True)
class Reason:
    """One term of a score: its ppm, its weight, and the value out of what it was made from.

    SKILL   : likeness in ppm out of 1,000,000
    NEARNESS: metres out of the farthest way; (0, 0) where a place is not known
    SLOT    : common minutes out of those wanted
    BALANCE : the provider's balance out of its floor, minutes; (0, 0) where hours do not pay
    """

    term: Term
    ppm: int
    weight_ppm: int
    value: int
    out_of: int


@dataclass(frozen=True, slots=True)
class Match:
    """An offer that answers a request: score in ppm and its four reasons."""

    request: str
    offer: str
    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The first rule that failed, what was found and what was needed."""

    request: str
    offer: str
    rule: Rule
    found: int
    limit: int


def overlap(
    one: tuple[tuple[int, int], ...], other: tuple[tuple[int, int], ...]
) -> tuple[int, int]:
    """Minutes common to two lists of slots: in all, and of the longest single stretch.

    one, other : (begin, end) ascending and apart, minutes

    >>> overlap(((0, 60), (120, 180)), ((30, 130),))
    (40, 30)
    """
    total = longest = left = right = 0
    while left < len(one) and right < len(other):
        begin = max(one[left][0], other[right][0])
        end = min(one[left][1], other[right][1])
        total += max(0, end - begin)
        longest = max(longest, end - begin)
        if one[left][1] <= other[right][1]:
            left += 1
        else:
            right += 1
    return total, longest


def judge(
    request: Listed,
    offer: Listed,
    weights: Weights | None = None,
    *,
    likeness: Mapping[tuple[str, str], int] | None = None,
) -> Match | WhyNot:
    """Score one offer for one request, or name the first rule it fails.

    weights  : rulebook values; None = the defaults
    likeness : (asked spec, offered spec) -> ppm for specs that are akin; the same spec is 1,000,000
    Returns    a match with four reasons, in the order of `Term`, or why not.
    Raises     AssertionError when a likeness is not 0 … 1,000,000.
    Source     w1·skill + w2·(1 - d/d_max) + w3·overlap + w4·balance, each term rounded down to ppm,
               the sum rounded down once.

    >>> here, near = Point(37.55, 126.98), Point(37.56, 126.99)
    >>> hours = frozenset({"hours"})
    >>> ask = Listed("r1", "p1", "repair", here, ((600, 720),), 60, 60, hours, 120, -600, 1_200)
    >>> give = Listed("o1", "p2", "repair", near, ((660, 800),), 15, 240, hours, -300, -600, 1_200)
    >>> found = judge(ask, give)
    >>> found.score, [(reason.value, reason.out_of) for reason in found.reasons]
    (854050, [(1000000, 1000000), (1419, 5000), (60, 60), (-300, -600)])
    """
    weights = weights or Weights()
    skill = (
        PPM if request.spec == offer.spec else (likeness or {}).get((request.spec, offer.spec), 0)
    )
    assert 0 <= skill <= PPM, skill
    apart = _apart(request.place, offer.place)
    metres = apart or 0
    wanted = max(weights.overlap_min, request.quantity_min)
    common = (
        wanted if not request.slots or not offer.slots else overlap(request.slots, offer.slots)[1]
    )
    failed = _first_failure(request, offer, weights, skill, metres, common)
    if failed is not None:
        rule, found, limit = failed
        return WhyNot(request.id, offer.id, rule, found, limit)
    floor, balance = offer.floor or 0, offer.balance or 0
    behind = min(-balance, -floor) if balance < 0 and floor < 0 else 0
    reasons = (
        Reason(Term.SKILL, skill, weights.skill_ppm, skill, PPM),
        Reason(
            Term.NEARNESS,
            0
            if apart is None
            else (weights.distance_max_m - apart) * PPM // weights.distance_max_m,
            weights.nearness_ppm,
            metres,
            0 if apart is None else weights.distance_max_m,
        ),
        Reason(
            Term.SLOT,
            min(common, wanted) * PPM // wanted,
            weights.slot_ppm,
            min(common, wanted),
            wanted,
        ),
        Reason(
            Term.BALANCE,
            behind * PPM // -floor if floor else 0,
            weights.balance_ppm,
            balance,
            floor,
        ),
    )
    score = sum(reason.ppm * reason.weight_ppm for reason in reasons) // PPM
    return Match(request.id, offer.id, score, reasons)


def _apart(one: Point | None, other: Point | None) -> int | None:
    """Metres between two places; None where one of them is not known."""
    return None if one is None or other is None else distance_m(one, other)


def _first_failure(
    request: Listed, offer: Listed, weights: Weights, skill: int, metres: int, common: int
) -> tuple[Rule, int, int] | None:
    """Go through the rules in their order; give the first that fails with found and needed."""
    shared = request.reciprocity & offer.reciprocity
    least = max(request.quantity_min, offer.quantity_min)
    most = min(request.quantity_max, offer.quantity_max)
    tests: list[tuple[Rule, bool, int, int]] = [
        (Rule.PARTY, request.party != offer.party, 0, 1),
        (Rule.RECIPROCITY, bool(shared), len(shared), 1),
        (Rule.SKILL, skill > 0, skill, 1),
        (Rule.QUANTITY, least <= most, most, least),
        (Rule.DISTANCE, metres <= weights.distance_max_m, metres, weights.distance_max_m),
        (Rule.SLOT, common >= weights.overlap_min, common, weights.overlap_min),
    ]
    if shared == {"hours"}:
        if offer.balance is not None and offer.ceiling is not None:
            room = offer.ceiling - offer.balance
            tests.append((Rule.CEILING, room >= least, room, least))
        if request.balance is not None and request.floor is not None:
            room = request.balance - request.floor
            tests.append((Rule.FLOOR, room >= least, room, least))
    for rule, holds, found, limit in tests:
        if not holds:
            return rule, found, limit
    return None


def ranked(
    request: Listed,
    offers: Iterable[Listed],
    weights: Weights | None = None,
    *,
    likeness: Mapping[tuple[str, str], int] | None = None,
    most: int = 20,
) -> tuple[Match, ...]:
    """Give the best offers for a request, the highest score first.

    most    : how many at most, >= 1
    Returns matches by score, then by the smaller distance, then by the offer's id.

    >>> here, any_time = Point(37.55, 126.98), ()
    >>> ask = Listed("r", "p", "drill", here, any_time, 1, 1, frozenset({"gift"}))
    >>> far = Listed("b", "q", "drill", Point(37.58, 126.98), any_time, 1, 1, frozenset({"gift"}))
    >>> near = Listed("a", "s", "drill", Point(37.56, 126.98), any_time, 1, 1, frozenset({"gift"}))
    >>> [match.offer for match in ranked(ask, [far, near, ask])]
    ['a', 'b']
    """
    assert most >= 1, most
    judged = (judge(request, offer, weights, likeness=likeness) for offer in offers)
    found = [answer for answer in judged if isinstance(answer, Match)]
    found.sort(key=lambda match: (-match.score, match.reasons[1].value, match.offer))
    return tuple(found[:most])
