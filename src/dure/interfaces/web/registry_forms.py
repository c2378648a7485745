"""Forms of the register: new organisation, correction, status, yearly value, moving, closing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import act, body_of, known_actor, page, refused
from dure.registry import words
from dure.registry.queries import organisations as queries

LABELS = {
    **words.FIELDS,
    "status_from": T("자격이 시작한 날", "first day of the status"),
    "since": T("바뀐 날", "day of the change"),
    "value": T("값", "value"),
    "why": T("이유", "reason"),
    "begins": T("시작한 날", "first day"),
    "ends": T("끝나는 날", "last day"),
    "issuer": T("발급 기관", "issuer"),
    "certificate": T("증서 번호", "certificate number"),
    "year": T("연도", "year"),
    "kind": T("항목", "item"),
    "source": T("출처", "source"),
    "on": T("날짜", "day"),
}
NEW_FIELDS = (
    "name", "name_en", "form", "district", "state", "status", "status_from", "founded_on",
    "biz_number", "corp_number", "address", "phone", "mail", "web",
)  # fmt: skip


def may_register(actor: Actor) -> bool:
    """Whether somebody may register organisations anywhere."""
    return actor.has(Role.STAFF) and any(
        grant.role is Role.STAFF and grant.scope_kind in ("district", "city")
        for grant in actor.grants
    )


def href_of(organisation_id: object) -> str:
    """Address of one organisation's page."""
    return reverse("web:organisation", args=[str(organisation_id)])


def new(request: HttpRequest) -> HttpResponse:
    """Register an organisation."""
    context: dict[str, object] = {
        "forms": words.options(words.FORMS),
        "statuses": words.options(words.STATUSES),
        "states": [one for one in words.options(words.STATES) if one[0] != "closed"],
        "districts": _own_districts(known_actor(request)),
    }
    if request.method != "POST":
        return page(request, "registry/new.html", context)
    return _done(
        act(
            request,
            "registry.organisation.register",
            body_of(request, *NEW_FIELDS),
            success_url=lambda outcome: href_of(outcome.result.id),
            again="registry/new.html",
            context=context,
            labels=LABELS,
            done=T("등록했습니다.", "Registered."),
        )
    )


def _done(answer: HttpResponse | Any) -> HttpResponse:  # Any: an outcome where nothing is drawn
    assert isinstance(answer, HttpResponse)
    return answer


def _own_districts(actor: Actor) -> list[tuple[str, str]]:
    own = set(actor.scope_ids(Role.STAFF, "district")) | set(
        actor.scope_ids(Role.OFFICIAL, "district")
    )
    everywhere = queries.district_options()
    return [one for one in everywhere if one[0] in own] or everywhere


def _form(
    request: HttpRequest,
    organisation_id: UUID,
    template: str,
    action: str,
    body: dict[str, object],
    done: T,
    more: dict[str, object] | None = None,
) -> HttpResponse:
    """Draw one form about an organisation, or run its action."""
    try:
        one = queries.detail(str(organisation_id), known_actor(request))
    except Refusal as refusal:
        return refused(request, refusal)
    context = {"one": one, "href": href_of(one.id), **(more or {})}
    if request.method != "POST":
        return page(request, template, context)
    return _done(
        act(
            request,
            action,
            {"organisation_id": str(organisation_id), **body},
            success_url=href_of(one.id),
            again=template,
            context=context,
            labels=LABELS,
            done=done,
        )
    )


def propose(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Propose a correction; anybody who is signed in may."""
    fields = [(name, str(words.FIELDS[name])) for name in words.EDITABLE]
    return _form(
        request,
        organisation_id,
        "registry/propose.html",
        "registry.organisation.propose",
        body_of(request, "field", "value", "why"),
        T(
            "제안을 보냈습니다. 센터에서 검토한 뒤 알려 드립니다.",
            "Sent. The centre reviews it and tells you.",
        ),
        {"fields": fields},
    )


def status(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """State a status."""
    return _form(
        request,
        organisation_id,
        "registry/status.html",
        "registry.status.set",
        body_of(request, "status", "begins", "ends", "issuer", "certificate"),
        T("자격을 적었습니다.", "The status is stated."),
        {"statuses": words.options(words.STATUSES)},
    )


def year(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """State a yearly value."""
    body = body_of(request, "kind", "source")
    for name in ("year", "value"):
        typed = request.POST.get(name, "").replace(",", "").strip()
        if typed:
            body[name] = int(typed) if typed.isascii() and typed.isdigit() else typed
    return _form(
        request,
        organisation_id,
        "registry/year.html",
        "registry.year.state",
        body,
        T("한 해 값을 적었습니다.", "The value is stated."),
        {"kinds": words.options(words.YEAR_KINDS)},
    )


def rename(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Rename an organisation."""
    return _form(
        request,
        organisation_id,
        "registry/rename.html",
        "registry.organisation.rename",
        body_of(request, "name", "since"),
        T("이름을 바꿨습니다.", "Renamed."),
    )


def move(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Move the head office."""
    return _form(
        request,
        organisation_id,
        "registry/move.html",
        "registry.organisation.move",
        body_of(request, "district", "address", "since"),
        T("본점을 옮겼습니다.", "The head office moved."),
        {"districts": queries.district_options()},
    )


def close(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Record the closing of an organisation."""
    return _form(
        request,
        organisation_id,
        "registry/close.html",
        "registry.organisation.close",
        body_of(request, "on"),
        T("폐업을 적었습니다.", "The closing is recorded."),
    )


def correct(request: HttpRequest, organisation_id: UUID, value_id: UUID) -> HttpResponse:
    """Correct a yearly value."""
    one = queries.detail(str(organisation_id), known_actor(request))
    row = next((row for row in one.years if row.id == value_id), None)
    if row is None:
        return refused(request, Refusal(CoreCode.NOT_FOUND))
    name = f"{row.year} {words.word(words.YEAR_KINDS, row.kind)}"
    context = {"one": one, "href": href_of(one.id), "value": row, "name": name}
    if request.method != "POST":
        return page(request, "registry/correct.html", context)
    typed = request.POST.get("value", "").replace(",", "").strip()
    body: dict[str, object] = {"value_id": str(value_id), **body_of(request, "source")}
    if typed:
        body["value"] = int(typed) if typed.isascii() and typed.isdigit() else typed
    return _done(
        act(
            request,
            "registry.year.correct",
            body,
            success_url=href_of(one.id),
            again="registry/correct.html",
            context=context,
            labels=LABELS,
            done=T("바로잡았습니다.", "Corrected."),
        )
    )


def end(request: HttpRequest, organisation_id: UUID, status_id: UUID) -> HttpResponse:
    """Record the day a status ended."""
    one = queries.detail(str(organisation_id), known_actor(request))
    row = next((row for row in one.statuses if row.id == status_id), None)
    if row is None:
        return refused(request, Refusal(CoreCode.NOT_FOUND))
    name = words.word(words.STATUSES, row.code)
    context = {"one": one, "href": href_of(one.id), "status": row, "name": name}
    if request.method != "POST":
        return page(request, "registry/end.html", context)
    return _done(
        act(
            request,
            "registry.status.end",
            {"status_id": str(status_id), **body_of(request, "on")},
            success_url=href_of(one.id),
            again="registry/end.html",
            context=context,
            labels=LABELS,
            done=T("끝난 날을 적었습니다.", "The end is recorded."),
        )
    )


def confirm(request: HttpRequest, organisation_id: UUID, status_id: UUID) -> HttpResponse:
    """Confirm a status by the issuer's paper."""
    one = queries.detail(str(organisation_id), known_actor(request))
    row = next((row for row in one.statuses if row.id == status_id), None)
    if row is None:
        return refused(request, Refusal(CoreCode.NOT_FOUND))
    name = words.word(words.STATUSES, row.code)
    context = {"one": one, "href": href_of(one.id), "status": row, "name": name}
    if request.method != "POST":
        return page(request, "registry/confirm.html", context)
    return _done(
        act(
            request,
            "registry.status.confirm",
            {"status_id": str(status_id), **body_of(request, "issuer", "certificate")},
            success_url=href_of(one.id),
            again="registry/confirm.html",
            context=context,
            labels=LABELS,
            done=T("서류로 확인했습니다.", "Confirmed by paper."),
        )
    )


HERE = "organisations/<uuid:organisation_id>/"
urlpatterns = [
    path("organisations/new/", new, name="organisation_new"),
    path(f"{HERE}propose/", propose, name="organisation_propose"),
    path(f"{HERE}status/", status, name="organisation_status"),
    path(f"{HERE}status/<uuid:status_id>/confirm/", confirm, name="organisation_confirm"),
    path(f"{HERE}status/<uuid:status_id>/end/", end, name="organisation_end"),
    path(f"{HERE}year/", year, name="organisation_year"),
    path(f"{HERE}year/<uuid:value_id>/", correct, name="organisation_correct"),
    path(f"{HERE}rename/", rename, name="organisation_rename"),
    path(f"{HERE}move/", move, name="organisation_move"),
    path(f"{HERE}close/", close, name="organisation_close"),
]
