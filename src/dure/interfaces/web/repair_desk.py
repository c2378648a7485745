"""A repair event from the inside: the host's desk, and the screen of who repairs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core import clock
from dure.core.actors import Actor
from dure.core.text import T
from dure.exchange import interpreter, queries, words
from dure.exchange.queries import queue
from dure.interfaces.web.base import act, body_of, known_actor, page
from dure.interfaces.web.repair_cases import LABELS
from dure.interfaces.web.repair_sheets import answer, event_or_404

SKILLS = {**LABELS, "codes": T("고칠 줄 아는 것", "What I know how to repair")}
AT_WORK = ("assigned", "in_repair")


def _inside(request: HttpRequest, pool_id: UUID) -> tuple[Any, Actor]:  # Any: a row of the room
    """The event, for those who work there; to others there is no such page."""
    found, actor = event_or_404(pool_id), known_actor(request)
    if found.external_ref is not None or not queries.can_at(found, actor).record:
        raise Http404
    return found, actor


def desk(request: HttpRequest, pool_id: UUID) -> HttpResponse:
    """What came in, who is next and why, what is being repaired, what waits for its owner."""
    found, actor = _inside(request, pool_id)
    cases = [_card(one) for one in queries.open_cases(found.id, actor)]
    by_state: dict[str, list[dict[str, Any]]] = {}  # Any: what a card shows
    for card in cases:
        by_state.setdefault(card["case"].state, []).append(card)
    context = {
        "event": found,
        "submitted": by_state.get("submitted", []),
        "review": by_state.get("review", []),
        "queue": queue.queue(found, actor),
        "working": [card for state in AT_WORK for card in by_state.get(state, [])],
        "assessed": by_state.get("assessed", []),
        "done": queries.statistics_of([found.id]).attempts,
    }
    return page(request, "repair/desk.html", context)


def fix(request: HttpRequest, pool_id: UUID) -> HttpResponse:
    """The fixer's screen: what I have in hand, what I know, what waits and fits me."""
    found, actor = _inside(request, pool_id)
    waiting = queue.queue(found, actor)
    mine = queue.of_fixer(found, actor)
    context = {
        "event": found,
        "mine": [_card(one) for one in mine],
        "fitting": [one for one in waiting if one.fits_me],
        "others": [one for one in waiting if not one.fits_me],
        "skills": queue.skill_choices(),
        "known": sorted(queue.skills_of(found, actor)),
    }
    if request.method != "POST":
        return page(request, "repair/fix.html", context)
    here = reverse("web:repair_fix", args=[found.id])
    if request.POST.get("do") == "skills":
        codes = request.POST.getlist("codes")
        name = "exchange.repair.skills"
        body: dict[str, object] = {"organisation_id": str(found.organisation_id), "codes": codes}
        done = T("적었습니다. 맞는 물건이 위에 나옵니다.", "Saved; what fits you comes first.")
    else:
        name = "exchange.agreement.step"
        body = {**body_of(request, "agreement_id", "transition", "state"), "answers": ()}
        done = T("저장했습니다.", "Saved.")
    return answer(
        act(
            request,
            name,
            body,
            success_url=here,
            again="repair/fix.html",
            context=context,
            labels=SKILLS,
            done=done,
        )
    )


def _card(case: Any) -> dict[str, Any]:  # Any: a row of the room; what a card shows
    process = interpreter.process_of(case)
    minutes = int((clock.now() - case.entered_at).total_seconds()) // 60
    category = words.category(queue.category_of(case))
    return {
        "case": case,
        "title": case.asset.title if case.asset else str(category),
        "state": process.state(case.state).text,
        "problem": case.terms.get("problem", ""),
        "minutes": minutes,
    }


HERE = "exchange/repair/<uuid:pool_id>/"
urlpatterns = [
    path(f"{HERE}desk/", desk, name="repair_desk"),
    path(f"{HERE}fix/", fix, name="repair_fix"),
]
