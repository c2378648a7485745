"""Items to be repaired: handed in ahead with a photo, their place in the queue, their steps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.text import T
from dure.exchange import interpreter, queries, words
from dure.exchange.processes.repair import Result, Triage
from dure.exchange.queries import agreements, happenings, queue, reviews
from dure.interfaces.web.base import act, body_of, known_actor, page, refused, see
from dure.interfaces.web.exchange_photos import PHOTO_LABELS, keep_photo
from dure.interfaces.web.exchange_photos import shown as shown_photos
from dure.interfaces.web.repair_sheets import LABELS as SHEET_LABELS
from dure.interfaces.web.repair_sheets import (
    answer,
    category_choices,
    event_or_404,
    facts_of,
)
from dure.interfaces.web.things import Thing, provider

WHYS = {
    "typo": T("잘못 적었음", "Written down wrongly"),
    "outcome_changed": T("결과가 달라짐", "The result changed"),
    "duplicate": T("두 번 적었음", "Written down twice"),
    "withdrawn": T("주인이 거둠", "Withdrawn by the owner"),
}
LABELS = {
    **SHEET_LABELS,
    **PHOTO_LABELS,
    "parts": T("부품", "Parts"),
    "tool": T("공구", "Tool"),
    "second_tool": T("둘째 공구", "Second tool"),
    "pool_id": T("모임", "Event"),
}
RESULT = ("outcome", "barrier", "minutes")
TRIAGE = ("category", "parts", "tool", "second_tool")
KINDS = {Result: "result", Triage: "triage"}
GIVEN = {"result": RESULT, "triage": TRIAGE, "": ()}


def bring(request: HttpRequest, pool_id: UUID) -> HttpResponse:
    """Hand in an item as its owner, with a photo of it."""
    found = event_or_404(pool_id)
    context = {
        "event": found,
        "categories": category_choices(),
        "signed_in": known_actor(request).id,
    }
    if request.method != "POST":
        return page(request, "repair/bring.html", context)
    given = body_of(request, "category", "brand", "problem")
    terms = tuple({"name": name, "value": value} for name, value in given.items())
    return answer(
        act(
            request,
            "exchange.agreement.open",
            {"pool_id": str(found.id), "terms": terms},
            success_url=lambda done: _with_photo(request, done.result.id),
            again="repair/bring.html",
            context=context,
            labels=LABELS,
            done=T("접수했습니다.", "Handed in."),
        )
    )


def _with_photo(request: HttpRequest, case: str) -> str:
    """The page of a new case; a photo that could not be read is told there, the case stands."""
    here = reverse("web:repair_case", args=[case])
    try:
        keep_photo(request, case, "handed_in")
    except Refusal:
        return f"{here}?photo=unread"
    return here


def case(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """One case: its state, its place and why, what is known of it; steps are taken here."""
    actor = known_actor(request)
    found = queries.case(agreement_id, actor)
    if found is None or found.process != "repair":
        raise Http404
    context = context_of(found, actor)
    if request.method != "POST":
        unread = request.GET.get("photo") == "unread"
        return page(request, "repair/case.html", {**context, "unread": unread})
    here = reverse("web:repair_case", args=[found.id])
    do = request.POST.get("do", "")
    if do == "photo":
        try:
            keep_photo(request, found.id, "other")
        except Refusal as refusal:
            again = "repair/case.html"
            return refused(request, refusal, again=again, context=context, labels=LABELS)
        return see(here)
    name, body = _asked_for(request, do, context)
    return answer(
        act(
            request,
            name,
            {"agreement_id": str(found.id), **body},
            success_url=here,
            again="repair/case.html",
            context=context,
            labels=LABELS,
            done=T("저장했습니다.", "Saved."),
        )
    )


def _asked_for(
    request: HttpRequest,
    do: str,
    context: dict[str, Any],  # Any: what the page shows
) -> tuple[str, dict[str, object]]:
    """The action that a form of the page asks for, and its body."""
    if do == "correct":
        return "exchange.agreement.correct", body_of(request, "why", *RESULT)
    if do == "place":
        return "exchange.repair.place", body_of(request, "pool_id")
    taken = request.POST.get("transition", "")
    kind = next((step["kind"] for step in context["steps"] if step["name"] == taken), "")
    given = body_of(request, *GIVEN[kind])
    answers = tuple({"name": key, "value": value} for key, value in given.items())
    return "exchange.agreement.step", {
        **body_of(request, "transition", "state"),
        "answers": answers,
    }


def context_of(found: Any, actor: Actor) -> dict[str, Any]:  # Any: a row of the room
    """What the page of a case shows."""
    process = interpreter.process_of(found)
    state = process.state(found.state)
    latest = interpreter.latest_result(found)
    seen = queue.triage_of(found)
    steps = [
        {"name": t.name, "text": t.text, "kind": KINDS.get(t.asks, "") if t.asks else ""}
        for t in interpreter.steps_open(found, actor)
    ]
    if found.pool is None:
        steps = [step for step in steps if step["name"] != "triage"]
    return {
        "case": found,
        "title": found.asset.title if found.asset else words.category(queue.category_of(found)),
        "state": state,
        "ended": process.is_terminal(state),
        "steps": steps,
        "result": facts_of(_given_of(latest[0])) if latest else (),
        "minutes": latest[0].minutes if latest else None,
        "category": words.category(queue.category_of(found)),
        "place": queue.standing_of(found),
        "parts": str(queue.PARTS_WORDS[seen.parts]) if seen else "",
        "tools": sorted(queue.titles(seen.tools).values()) if seen else (),
        "photos": shown_photos(found, actor),
        "can_review": bool(reviews.others(found, actor)),
        "sides": agreements.sides(found, actor),
        "parent": found.parent_id and agreements.one(found.parent_id, actor),
        "events": _events() if found.pool is None and not found.closed_at else (),
        "history": happenings.attested(found),
        "categories": category_choices(),
        "part_choices": [(one.value, str(text)) for one, text in queue.PARTS_WORDS.items()],
        "tool_choices": queue.tools_at(found.pool) if found.pool else (),
        "outcomes": [(o.value, str(text)) for o, text in words.OUTCOMES.items()],
        "barriers": [(b.value, str(text)) for b, text in words.BARRIERS.items()],
        "whys": [(code, str(text)) for code, text in WHYS.items()],
        "can": queries.can_at(found, actor),
    }


def _events() -> list[tuple[str, str]]:
    """The events that an item may be brought to, the next one first."""
    rows = queries.events(upcoming=True).filter(external_ref=None)[:50]
    return [(str(one.id), f"{one.title} · {one.place}") for one in rows]


def _given_of(result: Any) -> dict[str, str]:  # Any: the room's Result
    return {
        "category": "",
        "outcome": result.outcome.value,
        "barrier": result.barrier.value if result.barrier else "",
    }


@provider
def things(actor: Actor) -> list[Thing]:
    """Repairs in which it is this person's turn."""
    return [
        Thing(
            title=f"{waiting.title}: {waiting.step}",
            why=str(T("수리 모임에서 차례가 되었습니다.", "It is your turn at a repair event.")),
            href=reverse("web:repair_case", args=[waiting.agreement_id]),
            icon="repair",
        )
        for waiting in queries.waiting_for(actor)
    ]


HERE = "exchange/repair/"
urlpatterns = [
    path(f"{HERE}case/<uuid:agreement_id>/", case, name="repair_case"),
    path(f"{HERE}<uuid:pool_id>/bring/", bring, name="repair_bring"),
]
