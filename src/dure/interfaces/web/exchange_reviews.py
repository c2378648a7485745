"""Reviews: write one after an agreement, see what was said of me, answer, object, rule."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actors import Actor
from dure.core.text import T
from dure.exchange import reviewing
from dure.exchange.queries import agreements, reviews
from dure.exchange.queries.desk import coordinates
from dure.exchange.queries.neighbours import names_of
from dure.exchange.reviewing import Review
from dure.interfaces.web.agreements import agreement_or_404
from dure.interfaces.web.base import act, known_actor, page
from dure.interfaces.web.listings import answer, sums_in_words
from dure.interfaces.web.money_frame import signed_in

LABELS = {
    "points": T("어땠나요", "How it was"),
    "words": T("어울리는 말", "Words that fit"),
    "of": T("누구에 대해", "Of whom"),
    "code": T("고른 말", "What was chosen"),
    "reason": T("까닭", "Reason"),
}
ACTIONS = {
    "reply": ("exchange.review.reply", T("답했습니다.", "Your answer was kept.")),
    "object": (
        "exchange.review.object",
        T("이의를 냈습니다. 살펴볼 때까지 보이지 않습니다.", "Sent; it is not seen until then."),
    ),
    "rule": ("exchange.review.rule", T("정했습니다.", "Decided.")),
}


def shown(found: list[Review], names: dict[UUID, str], whose: str) -> list[dict[str, object]]:
    """Reviews as a page shows them; `whose` name is told: the writer's or the reviewed one's."""
    return [
        {
            "review": one,
            "name": names.get(getattr(one, whose), "–"),
            "points": reviewing.POINTS[one.points],
            "words": [reviewing.WORDS[word] for word in one.words if word in reviewing.WORDS],
            "reply": reviewing.REPLIES.get(one.reply or ""),
            "objection": reviewing.OBJECTIONS.get(one.objection or ""),
            "ruling": reviewing.RULINGS.get(one.ruling or ""),
            "href": reverse("web:agreement", args=[one.case]),
        }
        for one in found
    ]


def _page(request: HttpRequest, actor: Actor, context: dict[str, object]) -> dict[str, object]:
    assert actor.behalf is not None
    about_me = reviews.about(actor.behalf)
    mine = reviews.written_by(actor)
    waiting = reviews.objected(actor) if coordinates(actor) else []
    people = {one.by for one in about_me + waiting} | {one.of for one in mine + waiting}
    names = names_of(people)
    return {
        "about_me": shown(about_me, names, "by"),
        "mine": shown(mine, names, "of"),
        "waiting": shown(waiting, names, "of"),
        "sums": sums_in_words(reviews.sums_of(actor.behalf)),
        "least": reviews.least(),
        "replies": tuple(reviewing.REPLIES.items()),
        "objections": tuple(reviewing.OBJECTIONS.items()),
        "rulings": tuple(reviewing.RULINGS.items()),
        **context,
    }


def mine(request: HttpRequest) -> HttpResponse:
    """What was said of me and by me; what I may answer, object to or rule on."""
    signed_in(request)
    actor = known_actor(request)
    context = _page(request, actor, {})
    if request.method != "POST":
        return page(request, "exchange/reviews.html", context)
    name, done = ACTIONS.get(request.POST.get("do", ""), ("", None))
    if not name:
        raise Http404
    body = {key: request.POST.get(key, "") for key in ("review_id", "code")}
    return answer(
        act(
            request, name, body, success_url=reverse("web:exchange_reviews"),
            again="exchange/reviews.html", context=context, labels=LABELS, done=done,
        )
    )  # fmt: skip


def write(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Write a review of one of the others in an ended agreement."""
    signed_in(request)
    actor = known_actor(request)
    case = agreement_or_404(agreement_id, actor)
    others = reviews.others(case, actor)
    names = names_of(others)
    context = {
        "told": agreements.told([case], actor)[0],
        "others": [(str(one), names.get(one, "–")) for one in others],
        "points": tuple(sorted(reviewing.POINTS.items(), reverse=True)),
        "words": tuple(reviewing.WORDS.items()),
        "days": reviews.shown_days(),
    }
    if request.method != "POST":
        return page(request, "exchange/review.html", context)
    points = request.POST.get("points", "")
    body = {
        "agreement_id": str(agreement_id),
        "of": request.POST.get("of") or (str(others[0]) if len(others) == 1 else ""),
        "points": int(points) if points in ("1", "2", "3") else points,
        "words": tuple(request.POST.getlist("words")),
    }
    return answer(
        act(
            request, "exchange.review.write", body,
            success_url=reverse("web:exchange_reviews"), again="exchange/review.html",
            context=context, labels=LABELS, done=T("후기를 남겼습니다.", "Your review was kept."),
        )
    )  # fmt: skip


urlpatterns = [
    path("exchange/reviews/", mine, name="exchange_reviews"),
    path("exchange/agreements/<uuid:agreement_id>/review/", write, name="exchange_review"),
]
