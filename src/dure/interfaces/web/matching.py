"""Suggestions: who fits and why, why another does not, take or decline; what nobody fits."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actors import Actor
from dure.core.text import T
from dure.exchange.processes import BY_VERSION
from dure.exchange.queries import browsing, match_runs
from dure.exchange.queries import desk as desk_reads
from dure.exchange.queries.match_runs import Judged, Suggested, Term
from dure.interfaces.web import exchange_words as words
from dure.interfaces.web import formats
from dure.interfaces.web.agreements import LABELS
from dure.interfaces.web.answering import length_of, times_of
from dure.interfaces.web.base import act, body_of, known_actor, page, paged
from dure.interfaces.web.exchange_forms import answers_of, asked
from dure.interfaces.web.listings import answer, card_of, listing_or_404
from dure.interfaces.web.money_frame import signed_in
from dure.interfaces.web.things import Thing, provider

TERMS = {
    "skill": T("솜씨", "Skill"),
    "nearness": T("가까움", "Nearness"),
    "slot": T("맞는 때", "Common time"),
    "balance": T("시간이 모자라는 이웃 먼저", "Neighbours short of hours"),
}
WHYS = {
    "time": T("때가 맞지 않아요", "The time does not suit"),
    "far": T("너무 멀어요", "It is too far"),
    "found": T("이미 구했어요", "I have found somebody"),
    "skill": T("바라는 일과 달라요", "It is not what I need"),
    "unsaid": T("말하지 않을래요", "I would rather not say"),
}
FULL = 1_000_000


def reason(term: Term, common: object = None) -> str:
    """One reason in words: `2.2 km 거리`, `화요일에 비어 있음`, `시간이 모자람`."""
    if term.code == "skill":
        if term.value == FULL:
            return str(T("바라는 솜씨 그대로", "exactly this skill"))
        return T("비슷한 솜씨(%(n)s)", "a skill akin to it (%(n)s)") % {
            "n": formats.portion(term.value or 0, FULL, 0)
        }
    if term.code == "nearness":
        if not term.out_of:
            return str(T("거리는 알 수 없음", "how far is not known"))
        if not term.value:
            return str(T("같은 동네", "the same neighbourhood"))
        return T("%(n)s km 거리", "%(n)s km away") % {"n": f"{term.value / 1000:.1f}"}
    if term.code == "slot":
        if common is not None:
            return T("%(d)s에 비어 있음", "free on %(d)s") % {"d": formats.day(common)}  # type: ignore[arg-type]  # an instant
        return str(T("때를 정하지 않아 맞출 수 있음", "the time is open"))
    if term.value is not None and term.value < 0:
        if term.out_of is None:
            return str(T("시간이 모자라는 이웃", "needs hours"))
        return T("시간이 모자람(%(n)s)", "needs hours (%(n)s)") % {"n": formats.hours(term.value)}
    return ""


def card_of_match(one: Suggested) -> dict[str, object]:
    """A suggestion as a card shows it."""
    told = [text for term in one.terms if (text := reason(term, one.common))]
    return {
        "one": one,
        "title": one.other.title,
        "reasons": told,
        "href": reverse("web:proposal", args=[one.id]),
    }


def why_not(one: Judged) -> str:
    """Why another listing was not suggested: the first rule it failed, with its number."""
    told = {
        "": T(
            "지금은 맞습니다. 다음에 이어 볼 때 제안됩니다.",
            "It fits now; the next run suggests it.",
        ),
        "left": T("이어 주기에서 빠져 있습니다.", "It was taken out of matching."),
        "decided": T("이미 답한 제안입니다.", "It was suggested and answered before."),
        "party": T("같은 사람의 글입니다.", "It is of the same person."),
        "reciprocity": T("주고받는 것이 다릅니다.", "What is given back differs."),
        "skill": T("다른 솜씨입니다.", "It is another skill."),
        "quantity": T(
            "양이 맞지 않습니다: 많아야 %(found)s인데 적어도 %(limit)s만큼 필요합니다.",
            "The amounts do not meet: at most %(found)s, at least %(limit)s is needed.",
        ),
        "slot": T(
            "함께 비는 때가 %(found)s분뿐입니다. 적어도 %(limit)s분이 필요합니다.",
            "Only %(found)s minutes are free for both; at least %(limit)s are needed.",
        ),
        "ceiling": T(
            "시간 계정에 더 받을 자리가 모자랍니다: %(found)s분 남음, %(limit)s분 필요.",
            "The account of hours has no room: %(found)s min left, %(limit)s needed.",
        ),
        "floor": T(
            "쓸 수 있는 시간이 모자랍니다: %(found)s분 남음, %(limit)s분 필요.",
            "There are not enough hours to spend: %(found)s min left, %(limit)s needed.",
        ),
    }
    if one.rule in ("ceiling", "floor") and one.found is None:
        return str(
            T(
                "상대의 시간 계정이 한도에 닿아 있습니다.",
                "Their account of hours is at its limit.",
            )
        )
    return told[one.rule] % {"found": one.found, "limit": one.limit}


def matches(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Who fits a listing of mine and why; why others do not; leave matching or come back."""
    actor = signed_in(request)
    found = listing_or_404(listing_id, actor)
    if not browsing.may_change(found, actor):
        raise Http404
    context = {
        "listing": found,
        "is_request": found.side == "request",
        "cards": [card_of_match(one) for one in match_runs.suggested(found, actor)],
        "others": [(one, why_not(one)) for one in match_runs.nearby(found, actor)],
        "has_left": "unmatched" in found.terms,
        "takes_part": found.spec_id is not None and found.asset_id is None,
        "weights": [
            (str(TERMS[code]), formats.portion(ppm, FULL, 0)) for code, ppm in match_runs.weights()
        ],
    }
    if request.method != "POST":
        return page(request, "exchange/matching/matches.html", context)
    left = request.POST.get("do") == "leave"
    return answer(
        act(
            request,
            "exchange.listing.leave_matching",
            {"listing_id": str(found.id), "left": left},
            success_url=reverse("web:listing_matches", args=[found.id]),
            again="exchange/matching/matches.html",
            context=context,
            done=T("이어 주기에서 뺐습니다.", "Taken out of matching.")
            if left
            else T("이어 주기에 다시 넣었습니다.", "Back in matching."),
        )
    )


def proposal(request: HttpRequest, match_id: UUID) -> HttpResponse:
    """One suggestion: its terms and points, take it or decline with a reason of the list."""
    actor = signed_in(request)
    one = match_runs.proposal(match_id, actor)
    if one is None:
        raise Http404
    process = BY_VERSION[("time_exchange", 1)]
    context = {
        "one": one,
        "card": card_of(browsing.rows_of([one.other])[0]),
        "terms": [
            {
                "name": TERMS[term.code],
                "text": reason(term, one.common),
                "points": _points(term),
                "weight": formats.portion(term.weight, FULL, 0),
            }
            for term in one.terms
        ],
        "is_open": one.state == "proposed" and one.is_mine,
        "fields": asked(process.terms, plan=True, minutes=length_of(one.offer)),
        "whys": words.options(WHYS),
        "mine": one.request if one.is_my_request else one.offer,
    }
    if request.method != "POST":
        return page(request, "exchange/matching/proposal.html", context)
    body: dict[str, object] = {"match_id": str(one.id)}
    if request.POST.get("do") == "decline":
        action = "exchange.match.decline"
        body |= body_of(request, "why")
        done = T("사양했습니다. 다시 제안하지 않습니다.", "Declined; it is not suggested again.")
    else:
        action = "exchange.match.take"
        done = T("상대에게 알렸습니다.", "They are told.")
        if one.is_my_request:
            body |= {"terms": answers_of(request, process.terms), **times_of(request)}
    return answer(
        act(
            request,
            action,
            body,
            success_url=lambda made: _after(made.result, one),
            again="exchange/matching/proposal.html",
            context=context,
            labels={**LABELS, "why": T("까닭", "Reason")},
            done=done,
        )
    )


def _points(term: Term) -> str:
    """The points of a term out of its weight; a neighbour's balance gives none away."""
    if term.ppm is None:
        return ""
    return formats.portion(term.ppm * term.weight // FULL, FULL)


def _after(result: object, one: Suggested) -> str:
    agreement = getattr(result, "agreement", None)
    if agreement:
        return reverse("web:agreement", args=[agreement])
    mine = one.request if one.is_my_request else one.offer
    return reverse("web:listing_matches", args=[mine.id])


# --- the coordinator's side


def desk(request: HttpRequest) -> HttpResponse:
    """Requests that nobody fits, and matching at once instead of at night."""
    signed_in(request)
    actor = known_actor(request)
    if not desk_reads.coordinates(actor):
        raise Http404
    rows = paged(request, match_runs.unmatched(actor))
    names = dict(browsing.districts())
    context = {
        "rows": rows,
        "cards": [
            {**card_of(one), "why": reverse("web:listing_matches", args=[one.id])}
            for one in browsing.rows_of(list(rows.object_list))
        ],
        "districts": [
            {"sig": sig, "name": names.get(sig, sig), "last": match_runs.last_run(sig)}
            for sig in match_runs.districts_kept(actor)
        ],
    }
    if request.method != "POST":
        return page(request, "exchange/matching/desk.html", context)
    return answer(
        act(
            request,
            "exchange.match.ask",
            body_of(request, "district"),
            success_url=lambda done: reverse("web:job", args=[done.result.jobs[0]]),
            again="exchange/matching/desk.html",
            context=context,
        )
    )


@provider
def things(actor: Actor) -> list[Thing]:
    """Suggestions that wait for an answer: one card a listing."""
    if actor.id is None:
        return []
    found = []
    mine = list(browsing.mine(actor).filter(spec__isnull=False, state="open")[:5])
    counted = match_runs.counts(mine, actor) if mine else {}
    for listing in mine:
        count = counted.get(listing.id, 0)
        if count:
            found.append(
                Thing(
                    title=T("%(t)s: 맞는 이웃 %(n)s명", "%(t)s: %(n)s neighbours fit")
                    % {"t": listing.title, "n": count},
                    why=str(T("까닭을 보고 고르거나 사양합니다.", "See why; choose or decline.")),
                    href=reverse("web:listing_matches", args=[listing.id]),
                    icon="people",
                )
            )
    return found


urlpatterns = [
    path("exchange/listings/<uuid:listing_id>/matches/", matches, name="listing_matches"),
    path("exchange/proposals/<uuid:match_id>/", proposal, name="proposal"),
    path("exchange/desk/matching/", desk, name="matching_desk"),
]
