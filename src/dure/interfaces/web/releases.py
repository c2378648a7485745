"""The release desk: draft, compute, check; approve and freeze by a second person."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from dure.core import progress
from dure.core.actions import Outcome
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.indicators import queries, words
from dure.indicators.queries import Draft
from dure.interfaces.web import numbers
from dure.interfaces.web.base import act, body_of, known_actor, page
from dure.interfaces.web.things import Thing, provider

LABELS = {
    "period": T("기간", "Period"),
    "since": T("첫 달", "First month"),
    "vintage": T("차수", "Vintage"),
}
NEXT = {
    "drafted": ("compute", T("계산하기", "Compute")),
    "computed": ("check", T("검사하기", "Run the checks")),
    "blocked": ("reopen", T("초안으로 되돌리기", "Back to the draft")),
    "checked": ("approve", T("승인하기", "Approve")),
    "approved": ("freeze", T("공표하고 굳히기", "Publish and freeze")),
}
DONE = {
    "compute": T("계산을 맡겼습니다.", "The computation was handed to the worker."),
    "check": T("검사를 맡겼습니다.", "The checks were handed to the worker."),
    "reopen": T("초안으로 되돌렸습니다.", "Back to the draft."),
    "approve": T("승인했습니다.", "Approved."),
    "freeze": T("공표를 맡겼습니다.", "The publication was handed to the worker."),
}
WAITS_FOR = {
    "approve": T(
        "초안을 만들지 않은 공무원이 승인합니다.",
        "An official who did not draft it approves it.",
    ),
    "freeze": T(
        "초안을 만들지도 승인하지도 않은 공무원이 공표합니다.",
        "An official who neither drafted nor approved it publishes it.",
    ),
}
LONG: dict[str, tuple[str, dict[str, str]]] = {
    "compute": ("indicators.release.ask", {"step": "compute"}),
    "check": ("indicators.release.ask", {"step": "check"}),
    "freeze": ("indicators.release.ask_freeze", {}),
}
KINDS = {"blocked": "stop", "frozen": "ok", "superseded": "draft", "drafted": "draft"}


def _let_in(request: HttpRequest) -> Actor:
    actor = known_actor(request)
    if not queries.may_see_desk(actor):
        roles = T(
            f"{Role.ANALYST.text.ko}, {Role.OFFICIAL.text.ko}",
            f"{Role.ANALYST.text.en}, {Role.OFFICIAL.text.en}",
        )
        raise Refusal(CoreCode.NOT_ALLOWED, role=roles)
    return actor


def _listed() -> dict[str, object]:
    rows = [
        (
            one,
            numbers.period_text(one.period),
            words.VINTAGES[one.vintage],
            words.STATES[one.state],
            KINDS.get(one.state, "wait"),
        )
        for one in queries.drafts()
    ]
    return {
        "rows": rows,
        "vintages": [(code, str(text)) for code, text in words.VINTAGES.items()],
    }


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Draw every release and the form of a new draft."""
    actor = _let_in(request)
    return page(
        request, "indicators/desk.html", {**_listed(), "may_draft": actor.has(Role.ANALYST)}
    )


@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Draft a release."""
    _let_in(request)

    def opened(outcome: Outcome[object]) -> str:
        return reverse("web:desk_release", args=[getattr(outcome.result, "id", "")])

    response = act(
        request,
        "indicators.release.draft",
        body_of(request, "period", "since", "vintage"),
        success_url=opened,
        again="indicators/desk.html",
        context={**_listed(), "may_draft": True},
        labels=LABELS,
        done=T("초안을 만들었습니다.", "Drafted."),
    )
    assert isinstance(response, HttpResponse)
    return response


def _context(actor: Actor, release_id: UUID) -> dict[str, object]:
    one = queries.draft(release_id)
    verb, text = NEXT.get(one.state, ("", T("", "")))
    meanings = {m.code: m for m in queries.meanings()}
    return {
        "draft": one,
        "job": _job(one),
        "period": numbers.period_text(one.period),
        "vintage": words.VINTAGES[one.vintage],
        "state": words.STATES[one.state],
        "kind": KINDS.get(one.state, "wait"),
        "verb": verb,
        "verb_text": text,
        "may": bool(verb) and queries.may_step(actor, one.id, verb),
        "waits_for": WAITS_FOR.get(verb, T("분석가가 합니다.", "An analyst does this.")),
        "steps": [(words.STATES[state], at) for state, at in queries.steps_of(release_id)],
        "checks": [
            (words.CHECKS.get(rule, T(rule, rule)), passed, faults, worst)
            for rule, passed, faults, worst in queries.checks_of(one.run_id)
        ],
        "preview": [
            (cell.code, numbers.name_of(meanings[cell.code]),
             numbers.point("", cell, meanings[cell.code]) if not cell.den else None, cell)
            for cell in queries.preview(one.run_id)
        ],
    }  # fmt: skip


def _job(draft: Draft) -> progress.View | None:
    """The work that goes on, or that ended without its step; done work shows as the state."""
    job = queries.work_on(draft.id)
    verb = NEXT.get(draft.state, ("", None))[0]
    if job is None or (job.is_over and (job.state == "done" or not job.action.endswith(verb))):
        return None
    return job


@require_safe
def desk_release(request: HttpRequest, release_id: UUID) -> HttpResponse:
    """Draw one release on the desk: state, next step, checks, what it would publish."""
    return page(request, "indicators/desk_release.html", _context(_let_in(request), release_id))


@require_POST
def desk_step(request: HttpRequest, release_id: UUID, verb: str) -> HttpResponse:
    """Take the next step of a release; the long ones are handed to the worker."""
    actor = _let_in(request)
    if verb not in DONE:
        raise Refusal(CoreCode.NOT_FOUND)
    name, more = LONG.get(verb, (f"indicators.release.{verb}", {}))
    response = act(
        request,
        name,
        {"release_id": str(release_id), **more},
        success_url=reverse("web:desk_release", args=[release_id]),
        again="indicators/desk_release.html",
        context=_context(actor, release_id),
        labels=LABELS,
        done=DONE[verb],
    )
    assert isinstance(response, HttpResponse)
    return response


@provider
def waiting_releases(actor: Actor) -> list[Thing]:
    """Releases whose next step is this person's to take."""
    if not (actor.has(Role.ANALYST) or actor.has(Role.OFFICIAL)):
        return []
    found = []
    for one in queries.drafts():
        verb, text = NEXT.get(one.state, ("", T("", "")))
        job = _job(one) if verb else None
        if verb and queries.may_step(actor, one.id, verb) and (job is None or job.is_over):
            about = T("공표본 %(period)s", "Release of %(period)s") % {
                "period": numbers.period_text(one.period)
            }
            href = reverse("web:desk_release", args=[one.id])
            found.append(Thing(f"{about}: {text}", str(words.STATES[one.state]), href))
    return found


urlpatterns = [
    path("desk/releases/", desk, name="releases"),
    path("desk/releases/new/", draft, name="desk_draft"),
    path("desk/releases/<uuid:release_id>/", desk_release, name="desk_release"),
    path("desk/releases/<uuid:release_id>/<slug:verb>/", desk_step, name="desk_step"),
]
