"""Who belongs to an organisation and who holds which mandate in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.errors import Refusal
from dure.core.text import T
from dure.interfaces.web.base import act, body_of, known_actor, page, refused
from dure.interfaces.web.registry_forms import href_of
from dure.registry import words
from dure.registry.queries import organisations as queries
from dure.registry.queries import ties

LABELS = {
    "member_class": T("조합원 종류", "kind of member"),
    "person_id": T("사람 번호", "person's number"),
    "role": T("역할", "role"),
    "begins": T("시작", "begins"),
    "ends": T("끝", "ends"),
    "since": T("가입한 날", "first day"),
}


def _answer(answer: HttpResponse | Any) -> HttpResponse:  # Any: an outcome where nothing is drawn
    assert isinstance(answer, HttpResponse)
    return answer


def join(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Apply for membership."""
    try:
        one = queries.detail(str(organisation_id), known_actor(request))
    except Refusal as refusal:
        return refused(request, refusal)
    classes = [pair for pair in words.options(words.MEMBER_CLASSES) if pair[0] != "federated"]
    context = {"one": one, "href": href_of(one.id), "classes": classes}
    if request.method != "POST":
        return page(request, "registry/join.html", context)
    body = {"organisation_id": str(organisation_id), **body_of(request, "member_class")}
    return _answer(
        act(
            request,
            "registry.membership.apply",
            body,
            success_url=href_of(one.id),
            again="registry/join.html",
            context=context,
            labels=LABELS,
            done=T(
                "신청했습니다. 조직이 답하면 알려 드립니다.",
                "Applied. The organisation will answer.",
            ),
        )
    )


def people(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Members, applications and mandates of one organisation; for those who keep them."""
    actor = known_actor(request)
    try:
        one = queries.detail(str(organisation_id), actor)
        told = ties.people_of(str(organisation_id), actor)
    except Refusal as refusal:
        return refused(request, refusal)
    context = {
        "one": one,
        "href": href_of(one.id),
        "told": told,
        "roles": [
            pair for pair in words.options(words.ROLES) if pair[0] in ties.ROLES_OF_ORGANISATION
        ],
        "origins": words.options(words.ORIGINS),
        "candidates": [
            (str(row.person_id), f"{row.person} · {row.member_class}")
            for row in told.members
            if row.person_id and row.person_id != actor.id
        ],
    }
    return page(request, "registry/people.html", context)


def admit(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """Answer an application."""
    back = request.POST.get("back", "")
    return _answer(
        act(
            request,
            "registry.membership.admit",
            {"membership_id": str(membership_id), **body_of(request, "decision")},
            success_url=_back(back),
            labels=LABELS,
            done=T("신청에 답했습니다.", "The application is answered."),
        )
    )


def leave(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """End a membership."""
    return _answer(
        act(
            request,
            "registry.membership.leave",
            {"membership_id": str(membership_id)},
            success_url=_back(request.POST.get("back", "")),
            done=T("조합원 자격을 마쳤습니다.", "The membership ended."),
        )
    )


def _back(organisation_id: str) -> str:
    try:
        return reverse("web:organisation_people", args=[UUID(organisation_id)])
    except ValueError:
        return reverse("web:desk")


def give(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Ask for a mandate; a second person has to agree before it stands."""
    body = {
        "scope_kind": "organisation",
        "scope_id": str(organisation_id),
        **body_of(request, "person_id", "role", "origin"),
    }
    ends = request.POST.get("ends", "").strip()
    if ends:
        body["ends"] = f"{ends}T00:00:00+09:00"
    return _answer(
        act(
            request,
            "registry.mandate.give",
            body,
            success_url=_back(str(organisation_id)),
            labels=LABELS,
            done=T("직책을 줬습니다.", "The mandate is given."),
        )
    )


def end(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    """End a mandate."""
    return _answer(
        act(
            request,
            "registry.mandate.end",
            {"mandate_id": str(mandate_id)},
            success_url=_back(request.POST.get("back", "")),
            done=T("직책을 끝냈습니다.", "The mandate ended."),
        )
    )


HERE = "organisations/<uuid:organisation_id>/"
urlpatterns = [
    path(f"{HERE}join/", join, name="organisation_join"),
    path(f"{HERE}people/", people, name="organisation_people"),
    path(f"{HERE}people/mandate/", give, name="mandate_give"),
    path("memberships/<uuid:membership_id>/answer/", admit, name="membership_admit"),
    path("memberships/<uuid:membership_id>/leave/", leave, name="membership_leave"),
    path("mandates/<uuid:mandate_id>/end/", end, name="mandate_end"),
]
