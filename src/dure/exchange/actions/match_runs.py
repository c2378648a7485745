"""Matching: a district's open requests beside its offers, the best suggested with their reasons.

Law: a run writes new rows and lets those of the run before lapse; what somebody declined or
accepted is not suggested again. People decide: a run opens nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from dure.core import clock, jobs, locks, notices, progress
from dure.core.actions import Who, action, line, run, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.models.work import Notice
from dure.core.text import T
from dure.core.types import District, IsoInstant, UuidText
from dure.engines.matching import Match as Found
from dure.exchange import matchable, policies, spots
from dure.exchange.answers import Answers
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Listing, Match
from dure.exchange.policies import has_this
from dure.exchange.subjects import Target
from dure.registry.models import District as Gu

from .agreements import AgreementRef
from .assets import Flag
from .listings import ListingRef
from .matches import answer_listing

MATCHED = notices.template(
    "exchange.matched",
    subject=T("서로 도울 수 있는 이웃이 있습니다", "There is a neighbour who fits"),
    text=T(
        "올린 글과 맞는 이웃을 찾았습니다. 까닭을 보고 고르거나 사양해 주세요.",
        "A neighbour fits what you put up. Look at the reasons, then choose or decline.",
    ),
    path="/exchange/listings/%(listing)s/matches/",
    urgency=Notice.Urgency.DIGEST,
)
KEEPERS = {Role.STAFF: "d", Role.OPERATOR: "o"}
AT_ONCE = 50
LOCK_CLASS = 8003


def district(body: Any, actor: Actor) -> Target:  # Any: a body with a district
    """A district; whether the actor keeps it says the policy."""
    if not Gu.rows.filter(sig=body.district).exists():
        raise Refusal(CoreCode.NOT_FOUND, field="district")
    return Target(None, body.district)


@dataclass(frozen=True, slots=True)
class MatchRun:
    """A run: how many requests it looked at, how many pairs it suggests, how many are new."""

    id: str
    requests: int
    offers: int
    suggested: int
    new: int


@action(
    "exchange.match.run",
    ko="자치구의 요청과 나눔을 서로 이어 봅니다.",
    en="Match the requests and offers of a district.",
    policy=policies.may_match,
    letters=KEEPERS,
    subject=district,
    who=(Who.PERSON, Who.TIMER, Who.OPERATOR),
    faces=("cli", "job", "web", "api"),
    idempotent=True,
    long=True,
    writes=("exchange_match",),
    notices=(MATCHED,),
    refusals=(CoreCode.NOT_FOUND, CoreCode.CANCELLED, ExchangeCode.BAD_WEIGHTS),
)
def run_matching(district: District, *, actor: Actor) -> MatchRun:
    """Suggest the best offers for every open request, each with its terms; tell both sides once.

    Source: exchange design, *Matching, explained*; rulebook `exchange.match.*`.
    Effects: Match; rows of the run before lapse.
    """
    locks.advisory(LOCK_CLASS, [int(district)])  # a second run goes on from this one
    now = clock.now()
    rules = matchable.rules()
    rows = matchable.in_matching(now).filter(district_id=subject(Target).district)
    requests = matchable.entries(rows.filter(side=Listing.Side.REQUEST), rules.days, now)
    offers = matchable.entries(rows.filter(side=Listing.Side.OFFER), rules.days, now)
    shelf, sight = matchable.by_spec(offers), matchable.Sight(now)
    before = _before(district)
    number_of_run, made = uuid4(), []
    for number, request in enumerate(requests):
        if number % AT_ONCE == 0:
            progress.report("요청을 살핍니다", "Looking at requests", number, len(requests))
            progress.stop_if_cancelled()
        known = before.said_no.get(request.listed.id, frozenset())
        near = matchable.candidates(request, shelf, rules)
        found = matchable.best(
            request, [one for one in near if one.listed.id not in known], rules, sight
        )
        made += [_row(one, number_of_run, rank, rules) for rank, one in enumerate(found, 1)]
    standing = Match.rows.filter(id__in=before.standing, state=Match.State.PROPOSED)
    standing.update(state=Match.State.LAPSED, audit=line().id)
    Match.rows.bulk_create(made, batch_size=1_000)
    new = [one for one in made if (one.request_id, one.offer_id) not in before.pairs]
    _tell(new)
    line().changed("run", None, str(number_of_run))
    line().changed("suggested", None, len(made))
    return MatchRun(str(number_of_run), len(requests), len(offers), len(made), len(new))


@dataclass(frozen=True, slots=True)
class _Before:
    """What earlier runs of a district left: rows that stand, their pairs, pairs decided on."""

    standing: tuple[UUID, ...]
    pairs: frozenset[tuple[UUID, UUID]]
    said_no: dict[str, frozenset[str]]


def _before(district: str) -> _Before:
    rows = Match.rows.filter(request__district_id=district, offer__isnull=False)
    told = list(rows.filter(state=Match.State.PROPOSED).values_list("id", "request_id", "offer_id"))
    decided: dict[str, set[str]] = {}
    ended = rows.filter(state__in=(Match.State.DECLINED, Match.State.ACCEPTED))
    for request, offer in ended.values_list("request_id", "offer_id"):
        decided.setdefault(str(request), set()).add(str(offer))
    return _Before(
        standing=tuple(pk for pk, _, _ in told),
        pairs=frozenset((request, offer) for _, request, offer in told),
        said_no={request: frozenset(offers) for request, offers in decided.items()},
    )


def _row(found: Found, run: UUID, rank: int, rules: matchable.Rules) -> Match:
    return Match(
        id=uuid4(),
        request_id=UUID(found.request),
        offer_id=UUID(found.offer),
        run=run,
        rank=rank,
        score=found.score,
        reasons=[
            {
                "code": one.term.value,
                "ppm": one.ppm,
                "weight": one.weight_ppm,
                "value": one.value,
                "of": one.out_of,
            }
            for one in found.reasons
        ],
        rule_version=rules.version,
        made_at=clock.now(),
        audit=line().id,
    )


def _tell(made: Iterable[Match]) -> None:
    """One notice a listing and side, however many pairs it is in."""
    fresh = {one.request_id for one in made} | {one.offer_id for one in made}
    rows = Listing.rows.filter(id__in=fresh, person__isnull=False).order_by("id")
    for pk, person in rows.values_list("id", "person"):
        notices.tell(person, MATCHED, places={"listing": str(pk)})


@dataclass(frozen=True, slots=True)
class MatchJob:
    """The jobs that were asked for."""

    jobs: tuple[str, ...]


@action(
    "exchange.match.ask",
    ko="자치구의 이어 주기를 일꾼에게 맡깁니다.",
    en="Have the worker match a district.",
    policy=policies.keeps_district,
    letters=KEEPERS,
    subject=district,
    who=(Who.PERSON, Who.OPERATOR),
    idempotent=True,
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.BAD_WEIGHTS),
)
def ask_matching(district: District, *, actor: Actor) -> MatchJob:
    """Ask for a run; wrong weights are refused at once, not at night."""
    matchable.rules()
    return MatchJob((jobs.later("exchange.match.run", {"district": district}, actor).id,))


@action(
    "exchange.match.nightly",
    ko="밤마다 모든 자치구의 요청과 나눔을 이어 봅니다.",
    en="Match every district at night.",
    policy=policies.may_tick,
    letters={Role.OPERATOR: "o"},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("cli", "job"),
)
def match_nightly(*, actor: Actor) -> MatchJob:
    """Ask for one run a district that has a request."""
    rows = matchable.in_matching(clock.now()).filter(side=Listing.Side.REQUEST)
    sigs = rows.order_by("district_id").values_list("district_id", flat=True).distinct()
    asked = [jobs.later("exchange.match.run", {"district": sig}, actor).id for sig in sigs]
    return MatchJob(tuple(asked))


def is_matching_due() -> bool:
    """Whether anybody asks for anything."""
    return matchable.in_matching(clock.now()).filter(side=Listing.Side.REQUEST).exists()


jobs.timer("exchange.match.nightly", cron="30 17 * * *", when=is_matching_due)  # 02:30 in Seoul


# --- what people do with a suggestion


@dataclass(frozen=True, slots=True)
class Taken:
    """A suggestion that was taken: the agreement it opened, or the answer it became."""

    id: str
    agreement: str | None
    answer: str | None


@action(
    "exchange.match.take",
    ko="제안을 받아들여 부탁하거나 돕겠다고 합니다.",
    en="Take a suggestion: ask that neighbour, or offer to help.",
    policy=policies.may_decline,
    letters=policies.OWN_OR_HOST,
    subject=spots.match,
    lock=spots.lock_match,
    idempotent=True,
    for_another=True,
    writes=("exchange_match",),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.NOT_MATCHED),
)
def take_match(
    match_id: UuidText,
    starts: IsoInstant | None = None,
    ends: IsoInstant | None = None,
    terms: Answers = (),
    *,
    actor: Actor,
) -> Taken:
    """Who asked begins the agreement at the offer; who offers answers the request, and the other
    chooses.

    terms : of the time exchange, where the requester takes it
    Effects: as `exchange.agreement.open` or `exchange.listing.answer`, under this line.
    """
    found = subject(Match)
    if found.offer is None or found.state != Match.State.PROPOSED:
        raise Refusal(ExchangeCode.NOT_MATCHED)
    line().object("exchange.match", found.id)
    line().changed("state", found.state, Match.State.ACCEPTED.value)
    agreement: AgreementRef | None = None
    answer = None
    if found.request.person is not None and found.request.person == actor.behalf:
        body = {
            "process": "time_exchange",
            "start": "request",
            "listing_id": str(found.offer_id),
            "starts": starts.isoformat() if starts else None,
            "ends": ends.isoformat() if ends else None,
            "terms": [one.model_dump() for one in terms],
        }
        agreement = run("exchange.agreement.open", body, actor).result
    elif _offers(found.offer, actor):
        answer = answer_listing(listing_id=str(found.request_id), actor=actor)
    else:
        raise Refusal(CoreCode.NOT_FOUND, field="match_id")
    found.state, found.audit = Match.State.ACCEPTED, line().id
    found.save(update_fields=["state", "audit"])
    return Taken(str(found.id), agreement.id if agreement else None, answer.id if answer else None)


def _offers(offer: Listing, actor: Actor) -> bool:
    """Whether it is for the actor to say yes: her own offer, or one of an organisation that she
    hosts. Who keeps a neighbour's listing does not become the party; she acts for her."""
    if offer.person is not None:
        return bool(offer.person == actor.behalf)
    return has_this.holds(actor, offer, clock.now())


@action(
    "exchange.listing.leave_matching",
    ko="글을 이어 주기에서 빼거나 다시 넣습니다.",
    en="Take a listing out of matching, or put it back.",
    policy=policies.may_edit,
    letters=policies.OWN_OR_HOST,
    subject=spots.listing,
    lock=spots.lock_listing,
    idempotent=True,
    for_another=True,
    writes=("exchange_listing", "exchange_match"),
    refusals=(CoreCode.NOT_FOUND,),
)
def leave_matching(listing_id: UuidText, left: Flag, *, actor: Actor) -> ListingRef:
    """Leave or join; a listing that leaves is seen as before, and its suggestions lapse."""
    found = subject(Listing)
    was = "unmatched" in found.terms
    found.terms = {name: value for name, value in found.terms.items() if name != "unmatched"}
    if left:
        found.terms["unmatched"] = "yes"
        for side in ("request", "offer"):
            Match.rows.filter(
                **{side: found}, offer__isnull=False, state=Match.State.PROPOSED
            ).update(state=Match.State.LAPSED, audit=line().id)
    line().changed("left", was, left)
    found.audit = line().id
    found.save(update_fields=["terms", "audit"])
    line().object("exchange.listing", found.id)
    line().organisation(found.organisation_id)
    return ListingRef(str(found.id), found.state)
