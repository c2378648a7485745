"""Getting a lost sign-in back: at the counter, on paper, and how the person stops it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from allauth.decorators import rate_limit
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from dure.core.actors import Actor
from dure.core.text import T
from dure.interfaces.web.accounts import signed_in
from dure.interfaces.web.base import act, body_of, known_actor, page
from dure.interfaces.web.errors import not_found
from dure.interfaces.web.people import person_context
from dure.interfaces.web.things import Thing, provider
from dure.registry.queries import recovery as queries
from dure.registry.queries.recovery import open_of
from dure.registry.vault import holding

LABELS = {
    "reason": T("알아본 방법", "How you knew the person"),
    "code": T("되찾기 번호", "Code"),
    "password": T("새 비밀번호", "New password"),
}
ANSWERED = {
    "agree": T(
        "동의했습니다. 기다리는 시간이 시작되고 본인에게 알렸습니다.",
        "Agreed. The wait has begun and the person was told.",
    ),
    "refuse": T("거절했습니다.", "Refused."),
}


def _done(answer: object) -> HttpResponse:
    assert isinstance(answer, HttpResponse)
    return answer


@signed_in
def counter(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """How a recovery stands; without one, the form that asks a colleague for it."""
    actor, context = known_actor(request), person_context(request, person_id)
    context["recovery"] = open_of(person_id, actor)
    if request.method != "POST":
        return page(request, "account/recovery.html", context)
    return _done(
        act(
            request,
            "registry.recovery.ask",
            {"person_id": str(person_id)},
            success_url=reverse("web:recovery", args=[person_id]),
            again="account/recovery.html",
            context=context,
            labels=LABELS,
            done=T(
                "부탁했습니다. 다른 직원이 답하면 기다리는 시간이 시작됩니다.",
                "Asked. The wait begins when a colleague has agreed.",
            ),
        )
    )


@signed_in
@require_POST
def decide(request: HttpRequest, person_id: UUID, recovery_id: UUID) -> HttpResponse:
    """Answer what a colleague asked for."""
    body = {"recovery_id": str(recovery_id), **body_of(request, "outcome")}
    return _done(
        act(
            request,
            "registry.recovery.decide",
            body,
            success_url=reverse("web:recovery", args=[person_id]),
            done=ANSWERED.get(request.POST.get("outcome", "")),
        )
    )


@signed_in
@require_POST
def stop(request: HttpRequest, recovery_id: UUID) -> HttpResponse:
    """Stop a recovery: the person herself on her page, or staff on hers."""
    person = request.POST.get("person", "")
    return _done(
        act(
            request,
            "registry.recovery.stop",
            {"recovery_id": str(recovery_id)},
            success_url=_back(person),
            done=T("로그인 되찾기를 멈췄습니다.", "The recovery is stopped."),
        )
    )


def _back(person: str) -> str:
    """The page a recovery was stopped on: a person's at the counter, or one's own."""
    try:
        return reverse("web:recovery", args=[UUID(person)])
    except ValueError:
        return reverse("web:security")


@signed_in
@require_POST
def code(request: HttpRequest, recovery_id: UUID) -> HttpResponse:
    """Show the code once, on a page to be printed and handed over."""
    made = queries.new_code()
    with holding({"code": made}) as tag:
        body = {"recovery_id": str(recovery_id), "values": tag}
        done = act(request, "registry.recovery.print", body)
    if isinstance(done, HttpResponse):
        return done
    href = request.build_absolute_uri(reverse("recover"))
    return page(request, "account/recovery_code.html", {"code": made, "address": href})


@rate_limit(action="reset_password")  # type: ignore[untyped-decorator]  # the library is untyped
def recover(request: HttpRequest) -> HttpResponse:
    """Use the printed code: a new password, and nothing of the old ways in stays."""
    if request.method != "POST":
        return page(request, "account/recover.html")
    given = {name: request.POST.get(name, "").strip()[:254] for name in ("code", "password")}
    with holding(given) as tag:
        done = act(
            request,
            "registry.recovery.use",
            {"values": tag},
            again="account/recover.html",
            labels=LABELS,
        )
    if isinstance(done, HttpResponse):
        return done
    context = {"handle": queries.handle_of(done.result.login_id)}
    return page(request, "account/recovered.html", context)


def stop_by_link(request: HttpRequest, link: str) -> HttpResponse:
    """Stop a recovery by the link of the letter; a wrong, spent or old one is not found."""
    if queries.recovery_behind(link) is None:
        return not_found(request)
    if request.method != "POST":
        return page(request, "account/recovery_stop.html")
    with holding({"link": link}) as tag:
        return _done(
            act(
                request,
                "registry.recovery.stop_by_link",
                {"values": tag},
                success_url=reverse("account_login"),
                done=T("로그인 되찾기를 멈췄습니다.", "The recovery is stopped."),
            )
        )


@provider
def recoveries_to_answer(actor: Actor) -> Iterable[Thing]:
    """What colleagues asked for and somebody else has to answer."""
    for one in queries.waiting_for(actor):
        yield Thing(
            title=str(T("로그인 되찾기에 답하기", "Answer a recovery of a sign-in")),
            why=str(
                T(
                    "동료가 창구에서 본 사람입니다. 두 번째 직원이 필요합니다.",
                    "A colleague saw this person at the counter. A second one is needed.",
                )
            ),
            href=reverse("web:recovery", args=[one.person_id]),
            due=one.ends_at.date(),
            icon="lock",
        )


urlpatterns = [
    path("people/<uuid:person_id>/recovery/", counter, name="recovery"),
    path("people/<uuid:person_id>/recovery/<uuid:recovery_id>/", decide, name="recovery_decide"),
    path("recoveries/<uuid:recovery_id>/stop/", stop, name="recovery_stop"),
    path("recoveries/<uuid:recovery_id>/code/", code, name="recovery_code"),
]
