"""Acting for a person without a phone: allowed at the counter, done in stretches, printed."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from dure.core.actors import Actor
from dure.core.text import T
from dure.interfaces.web.accounts import signed_in
from dure.interfaces.web.base import act, body_of, known_actor, page, see
from dure.interfaces.web.people import person_context
from dure.interfaces.web.signin.middleware import ACTING
from dure.registry.queries import acting as queries
from dure.registry.vault import masked_names

HOWS = (("paper", T("종이에 서명", "signed on paper")), ("spoken", T("말로", "aloud")))
LABELS = {
    "staff_id": T("대신할 동료", "Colleague"),
    "how": T("부탁한 방법", "How she asked"),
    "days": T("날수", "Days"),
}


def _done(answer: object) -> HttpResponse:
    assert isinstance(answer, HttpResponse)
    return answer


def _log(person_id: UUID, actor: Actor) -> dict[str, object]:
    """Who may act for a person, by masked name, and when somebody did."""
    helpers = queries.helpers_of(person_id)
    ids = [one.staff for one in helpers]
    names = masked_names(ids, actor=actor, purpose="list_page") if ids else {}
    return {
        "person_id": person_id,
        "helpers": [
            {"name": names.get(one.staff, str(one.staff)[:8]), "until": one.until}
            for one in helpers
        ],
        "stretches": queries.stretches_of(person_id),
    }


@signed_in
def counter(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Who may act for a person; the witness writes down what she asked for."""
    actor = known_actor(request)
    context = {**person_context(request, person_id), **_log(person_id, actor)}
    mates = queries.colleagues(actor, person_id)
    names = masked_names(mates, actor=actor, purpose="list_page") if mates else {}
    context |= {
        "colleagues": [(str(one), names.get(one, str(one)[:8])) for one in mates],
        "hows": [(code, str(words)) for code, words in HOWS],
        "may_begin": any(one.staff == actor.id for one in queries.helpers_of(person_id)),
    }
    if request.method != "POST":
        return page(request, "account/acting.html", context)
    days = request.POST.get("days", "").strip()
    body: dict[str, object] = {"person_id": str(person_id), **body_of(request, "staff_id", "how")}
    body["days"] = int(days) if days.isascii() and days.isdigit() and len(days) < 4 else days
    return _done(
        act(
            request,
            "registry.acting.allow",
            body,
            success_url=reverse("web:acting", args=[person_id]),
            again="account/acting.html",
            context=context,
            labels=LABELS,
            done=T(
                "적었습니다. 동료가 대신할 수 있습니다.", "Written down. Your colleague may act."
            ),
        )
    )


@signed_in
@require_POST
def begin(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Begin a stretch: from here every page says for whom one acts."""
    done = act(request, "registry.acting.begin", {"person_id": str(person_id)})
    if isinstance(done, HttpResponse):
        return done
    request.session[ACTING] = done.result.person_id
    return see(reverse("web:acting_mine"))


@signed_in
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End the stretch and show what was done in it, to be printed and handed over."""
    stretch = getattr(request, "acting_for", None)
    request.session.pop(ACTING, None)
    request.acting_for_id = request.acting_for = None  # type: ignore[attr-defined]  # over
    request.dure_actor = None  # type: ignore[attr-defined]  # read anew
    href = reverse("web:acting_done", args=[stretch.id]) if stretch else reverse("web:me")
    return _done(act(request, "registry.acting.end", {}, success_url=href))


@signed_in
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    """Withdraw the mandates to act for a person."""
    body = body_of(request, "person_id")
    person = str(body.get("person_id", ""))
    own = person == str(known_actor(request).id)
    at_counter = not own and len(person) == 36
    href = reverse("web:acting", args=[person]) if at_counter else reverse("web:acting_mine")
    return _done(
        act(
            request,
            "registry.acting.withdraw",
            body,
            success_url=href,
            done=T("거두었습니다.", "Withdrawn."),
        )
    )


@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """Who may act for me, and what was done; while acting, the person's."""
    actor = known_actor(request)
    assert actor.behalf is not None
    return page(request, "account/acting_mine.html", _log(actor.behalf, actor))


@signed_in
def done(request: HttpRequest, stretch_id: UUID) -> HttpResponse:
    """What was done in one stretch."""
    stretch = queries.stretch_in_reach(stretch_id, known_actor(request))
    context = {"stretch": stretch, "lines": queries.done_in(stretch)}
    return page(request, "account/acting_done.html", context)


urlpatterns = [
    path("people/<uuid:person_id>/acting/", counter, name="acting"),
    path("people/<uuid:person_id>/acting/begin/", begin, name="acting_begin"),
    path("acting/end/", end, name="acting_end"),
    path("acting/withdraw/", withdraw, name="acting_withdraw"),
    path("me/acting/", mine, name="acting_mine"),
    path("acting/<uuid:stretch_id>/", done, name="acting_done"),
]
