"""Break-glass: asked, granted, read and reviewed on one page; no name stands in its list."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from dure.core.actors import Actor
from dure.core.text import T
from dure.interfaces.web.accounts import signed_in
from dure.interfaces.web.base import act, actor_of, body_of, page
from dure.interfaces.web.people import READ_FIELDS
from dure.interfaces.web.things import Thing, provider
from dure.registry.queries import breakglass as queries
from dure.registry.queries.security import FIELDS
from dure.registry.vault import collect

LABELS = {
    "person_id": T("사람 번호", "Person's number"),
    "reason": T("까닭", "Reason"),
    "fields": T("볼 것", "What to read"),
}


def _context(request: HttpRequest) -> dict[str, object]:
    return {
        "rows": queries.list_for(actor_of(request)),
        "fields": [(name, str(FIELDS[name])) for name in READ_FIELDS],
    }


@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    """What was opened in need, and the form that asks for it."""
    context = _context(request)
    if request.method != "POST":
        return page(request, "account/breakglass.html", context)
    done = act(
        request,
        "registry.breakglass.ask",
        body_of(request, "person_id"),
        success_url=reverse("web:breakglass"),
        again="account/breakglass.html",
        context=context,
        labels=LABELS,
        done=T(
            "부탁했습니다. 다른 사람이 허락해야 열립니다.",
            "Asked. It opens when somebody else has granted it.",
        ),
    )
    assert isinstance(done, HttpResponse)
    return done


@signed_in
@require_POST
def answer(request: HttpRequest, breakglass_id: UUID, verb: str) -> HttpResponse:
    """Grant or refuse, or say as a third person whether it was right."""
    field = "outcome" if verb == "decide" else "finding"
    done = act(
        request,
        f"registry.breakglass.{verb}",
        {"breakglass_id": str(breakglass_id), **body_of(request, field)},
        success_url=reverse("web:breakglass"),
        labels=LABELS,
        done=T("적었습니다.", "Written down."),
    )
    assert isinstance(done, HttpResponse)
    return done


@signed_in
@require_POST
def read(request: HttpRequest, breakglass_id: UUID) -> HttpResponse:
    """Show what was granted; each look is a row of the log."""
    body = {"breakglass_id": str(breakglass_id), "fields": request.POST.getlist("fields")}
    done = act(request, "registry.breakglass.read", body, labels=LABELS)
    if isinstance(done, HttpResponse):
        return done
    data = collect(done.result.read_id).open()
    shown = [(str(FIELDS[name]), text) for name, text in data.items()]
    return page(request, "account/breakglass.html", {**_context(request), "data": shown})


@provider
def glass_to_answer(actor: Actor) -> Iterable[Thing]:
    """What waits for a second or a third person."""
    for one in queries.to_review(actor)[:5]:
        yield Thing(
            title=str(
                T("비상 열람 살펴보기", "Review a break-glass")
                if one.may_review
                else T("비상 열람에 답하기", "Answer a break-glass")
            ),
            why=str(T("다른 사람의 눈이 필요합니다.", "It needs somebody else's eyes.")),
            href=reverse("web:breakglass"),
            due=one.review_by,
            icon="lock",
        )


urlpatterns = [
    path("breakglass/", desk, name="breakglass"),
    path("breakglass/<uuid:breakglass_id>/read/", read, name="breakglass_read"),
    path(
        "breakglass/<uuid:breakglass_id>/decide/",
        answer,
        {"verb": "decide"},
        name="breakglass_decide",
    ),
    path(
        "breakglass/<uuid:breakglass_id>/review/",
        answer,
        {"verb": "review"},
        name="breakglass_review",
    ),
]
