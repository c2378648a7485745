"""My agreements: what to do now, what is held, who waits for whom; steps, hand-over, answers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core import clock
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.text import T
from dure.exchange.queries import agreements, browsing, desk, happenings, reviews
from dure.exchange.queries.agreements import Told
from dure.exchange.queries.case_steps import Step
from dure.interfaces.web import coordinating, formats, giving_words, loan_words, ride_words
from dure.interfaces.web import exchange_words as words
from dure.interfaces.web.base import act, body_of, page, paged, picked, refused, see
from dure.interfaces.web.exchange_forms import WORDS, answers_of, asked
from dure.interfaces.web.exchange_photos import PHOTO_LABELS, keep_photo
from dure.interfaces.web.exchange_photos import shown as shown_photos
from dure.interfaces.web.listings import answer, card_of
from dure.interfaces.web.money_frame import signed_in
from dure.interfaces.web.money_words import amount as amount_words
from dure.interfaces.web.things import Thing, provider

PAGES = {"repair": "web:repair_case", "food_order": "web:food_basket"}
LABELS = {**words.LABELS, **WORDS, **PHOTO_LABELS}
PHOTO_STEPS = frozenset({"check_out", "check_in", "damage", "complain"})
PLACE_KEPT = T("자리를 맡아 둠", "The place is kept")
TABS = (
    ("now", T("내 차례", "My turn")),
    ("waiting", T("기다림", "Waiting")),
    ("ended", T("끝남", "Ended")),
    ("listings", T("내 글", "My listings")),
)


def href_of(told: Told) -> str:
    """The page of an agreement; some processes have one of their own."""
    return reverse(PAGES.get(told.process_key, "web:agreement"), args=[told.id])


def mine(request: HttpRequest) -> HttpResponse:
    """All my agreements: those where it is my turn first."""
    actor = signed_in(request)
    tab = picked(request, "tab", dict(TABS), "now")
    running = agreements.told(list(agreements.mine(actor)[: agreements.SHOWN_MAX]), actor)
    now = [one for one in running if one.is_my_turn]
    waiting = [one for one in running if not one.is_my_turn]
    answers = agreements.matches(actor)
    written = browsing.mine(actor)
    counts = {
        "now": len(now) + len(answers),
        "waiting": len(waiting),
        "ended": None,
        "listings": written.count(),
    }
    context: dict[str, object] = {
        "tab": tab,
        "answers": answers if tab == "now" else (),
        "tabs": [
            {"href": f"?tab={key}", "title": str(text), "here": key == tab, "count": counts[key]}
            for key, text in TABS
        ],
    }
    if tab == "listings":
        rows = paged(request, written)
        context["listing_cards"] = [card_of(one) for one in browsing.rows_of(list(rows))]
    elif tab == "ended":
        rows = paged(request, agreements.mine(actor, closed=True))
        context["cards"] = [card_of_case(one) for one in agreements.told(list(rows), actor)]
    else:
        rows = paged(request, now if tab == "now" else waiting)
        context["cards"] = [card_of_case(one) for one in rows]
    context["rows"] = rows
    return page(request, "exchange/mine.html", context)


def card_of_case(told: Told) -> dict[str, Any]:  # Any: what a card shows
    """An agreement as a card shows it."""
    return {
        "told": told,
        "href": href_of(told),
        "kind": state_kind(told),
        "when": words.between(told.starts, told.ends) if told.starts and told.ends else "",
        "deadline": deadline_of(told),
        "held": held_of(told),
        "step": told.steps[0] if told.is_my_turn else None,
        "next": told.steps[0] if told.opens else None,
        "opens": opens_of(told),
    }


def state_kind(told: Told) -> str:
    """How the state is marked: with an icon and a colour, beside its words."""
    if told.is_troubled:
        return "stop"
    if told.is_closed:
        return "draft"
    return "now" if told.is_my_turn else "wait"


def deadline_of(told: Told) -> str:
    """Until when, and what happens then, in one sentence."""
    if told.deadline is None:
        return ""
    return T("%(at)s까지. 그 뒤에는: %(what)s", "By %(at)s; after that: %(what)s") % {
        "at": formats.soon(told.deadline.at, clock.now()),
        "what": told.deadline.text,
    }


def opens_of(told: Told) -> str:
    """From when the next step can be taken, where nothing else is waited for."""
    if told.opens is None:
        return ""
    return T("%(at)s부터 할 수 있습니다.", "It can be done from %(at)s on.") % {
        "at": formats.soon(told.opens, clock.now())
    }


def held_of(told: Told) -> list[str]:
    """What is held now, each in a sentence."""
    found = []
    if told.holds_slot:
        thing = told.process_key == "give_away"
        kept = T("물건을 맡아 둠", "The thing is kept") if thing else PLACE_KEPT
        found.append(str(kept))
    for one in told.values:
        text = (
            T("내 %(n)s 맡아 둠", "%(n)s of mine are held")
            if one.is_mine
            else T("%(n)s 맡아 둠", "%(n)s are held")
        )
        found.append(text % {"n": amount_words(one.amount, one.unit)})
    return found


# --- one agreement


def agreement_or_404(agreement_id: UUID, actor: Actor) -> Any:  # Any: a face names no model
    """A case the reader may see."""
    found = agreements.one(agreement_id, actor)
    if found is None:
        raise Http404
    return found


def agreement(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """One agreement: only the steps that I may take now, what is held, and what happened."""
    actor = signed_in(request)
    found = agreement_or_404(agreement_id, actor)
    told = agreements.told([found], actor)[0]
    if told.process_key in PAGES:
        return see(href_of(told))
    context = context_of(found, told, actor)
    if request.method != "POST":
        return page(request, "exchange/agreement.html", context)
    if request.POST.get("do") == "correct":
        return coordinating.correct(request, context, str(found.id))
    if request.POST.get("do") == "reassign":
        return coordinating.reassign(request, context, str(found.id))
    name = request.POST.get("transition", "")
    step = next((one for one in told.steps if one.name == name), None)
    try:
        if step is not None and step.name in PHOTO_STEPS:
            keep_photo(request, found.id, step.name)
    except Refusal as refusal:
        again = "exchange/agreement.html"
        return refused(request, refusal, again=again, context=context, labels=LABELS)
    body = {
        "agreement_id": str(found.id),
        **body_of(request, "transition", "state", "hand_over"),
        "answers": answers_of(request, step.asks if step else None),
    }
    return answer(
        act(
            request,
            "exchange.agreement.step",
            body,
            success_url=reverse("web:agreement", args=[found.id]),
            again="exchange/agreement.html",
            context=context,
            labels=LABELS,
            done=_done(step),
        )
    )


def _done(step: Step | None) -> T:
    if step is not None and step.is_for_two:
        return T(
            "확인했습니다. 상대가 확인하면 넘어갑니다.", "Confirmed; it goes on when both have."
        )
    return T("저장했습니다.", "Saved.")


def deposit_of(found: Any) -> str:  # Any: a row of the room
    """In what the deposit of a case is given: as its thing's terms say."""
    given: str = found.asset.terms.get("deposit_unit", "won") if found.asset else "won"
    return given


def context_of(found: Any, told: Told, actor: Actor) -> dict[str, object]:  # Any: a row of the room
    """What the page of an agreement shows."""
    terms = found.terms
    return {
        "told": told,
        "agreement": found,
        "state_kind": state_kind(told),
        "deadline": deadline_of(told),
        "opens": opens_of(told),
        "held": held_of(told),
        "when": words.between(told.starts, told.ends) if told.starts and told.ends else "",
        "minutes": terms.get("minutes"),
        "place": terms.get("place") if agreements.shows_place(found, actor) else None,
        "has_place": bool(terms.get("place")),
        "note": terms.get("note") or terms.get("purpose"),
        "sides": agreements.sides(found, actor),
        "more": ride_words.facts_of(found)
        or loan_words.facts_of(found)
        or giving_words.facts_of(found),
        "steps": [
            {
                "step": one,
                "fields": asked(one.asks, deposit=deposit_of(found), minutes=terms.get("minutes")),
                "opens": formats.soon(one.opens, clock.now()) if one.opens else "",
                "prompt": found.asset.terms.get(one.name, "") if found.asset else "",
                "takes_photo": one.name in PHOTO_STEPS,
            }
            for one in told.steps
        ],
        "photos": shown_photos(found, actor),
        "history": happenings.history(found),
        "repair": agreements.link_of(found, actor),
        "can_review": bool(reviews.others(found, actor)),
        "can_correct": desk.may_correct(found, actor),
        "given_away": desk.given_away(found, actor),
        "whys": [(code, str(text)) for code, text in coordinating.WHYS.items()],
    }


# --- things to do


@provider
def things(actor: Actor) -> list[Thing]:
    """Agreements in which it is this person's turn, and answers to her requests."""
    if actor.id is None:
        return []
    rows = agreements.mine(actor).exclude(process="repair")[:20]
    found = [
        Thing(
            title=f"{told.title}: {told.steps[0].text}",
            why=str(T("이웃과 한 약속에서 내 차례입니다.", "It is your turn in an agreement.")),
            href=href_of(told),
            due=words.day_of(told.deadline.at) if told.deadline else None,
            late=told.is_troubled,
            icon="people",
        )
        for told in agreements.told(list(rows), actor)
        if told.is_my_turn
    ]
    found += [
        Thing(
            title=T("%(t)s: 답이 왔습니다", "%(t)s: somebody answered") % {"t": one.title},
            why=str(T("내 요청에 이웃이 답했습니다.", "A neighbour answered your request.")),
            href=reverse("web:exchange_match", args=[one.id]),
            due=words.day_of(one.until) if one.until else None,
            icon="people",
        )
        for one in agreements.matches(actor)
        if one.is_mine
    ]
    return found[:5]


HERE = "exchange/agreements/"
urlpatterns = [
    path("exchange/mine/", mine, name="exchange_mine"),
    path(f"{HERE}<uuid:agreement_id>/", agreement, name="agreement"),
]
