"""The centre's desk: reviews, merges, second persons; and what of them waits on one's own page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.abouts import About, about, things_named
from dure.interfaces.web.base import act, body_of, known_actor, page, refused, see
from dure.interfaces.web.registry_forms import href_of
from dure.interfaces.web.things import Thing, provider
from dure.registry.queries import desk as queries
from dure.registry.queries.organisations import district_name, district_options

LABELS = {
    "answer": T("답", "answer"),
    "evidence": T("근거", "evidence"),
    "kept_id": T("남길 조직", "entry to keep"),
}
WORKING = frozenset({Role.STAFF, Role.OFFICIAL, Role.BOARD})


def _answer(answer: HttpResponse | Any) -> HttpResponse:  # Any: an outcome where nothing is drawn
    assert isinstance(answer, HttpResponse)
    return answer


def href_of_task(task: queries.Task) -> str:
    """Where a row of the desk is dealt with."""
    if task.kind == "edit":
        return reverse("web:edit_review", args=[task.id])
    if task.kind == "merge":
        return reverse("web:merge", args=[task.id])
    if task.kind == "approval":
        return reverse("web:approval", args=[task.id])
    if task.kind == "application" and task.organisation_id:
        return reverse("web:organisation_people", args=[task.organisation_id])
    return href_of(task.organisation_id) if task.organisation_id else ""


def desk(request: HttpRequest) -> HttpResponse:
    """To do, waiting, done today."""
    actor = known_actor(request)
    if actor.id is None:
        return see(f"{reverse('account_login')}?next={request.path}")
    told = queries.desk(actor)
    columns = {
        name: [{"task": task, "href": href_of_task(task)} for task in getattr(told, name)]
        for name in ("todo", "waiting", "done")
    }
    return page(request, "registry/desk.html", {**columns, "districts": _districts(actor)})


def _districts(actor: Actor) -> list[str]:
    if actor.scope_ids(Role.STAFF, "city") or actor.scope_ids(Role.OFFICIAL, "city"):
        return [code for code, _ in district_options()]
    own = {*actor.scope_ids(Role.STAFF, "district"), *actor.scope_ids(Role.OFFICIAL, "district")}
    return sorted(own)


def review(request: HttpRequest, edit_id: UUID) -> HttpResponse:
    """Review a correction: from what to what, and why."""
    edit = queries.edit(edit_id, known_actor(request))
    if edit is None:
        return refused(request, Refusal(CoreCode.NOT_FOUND))
    context = {"edit": edit, "href": href_of(edit.organisation_id)}
    if request.method != "POST":
        return page(request, "registry/review.html", context)
    if request.POST.get("decision") == "withdraw":
        name, more = "registry.organisation.withdraw", {}
    else:
        name, more = "registry.organisation.review", body_of(request, "decision", "answer")
    return _answer(
        act(
            request,
            name,
            {"edit_id": str(edit_id), **more},
            success_url=reverse("web:desk"),
            again="registry/review.html",
            context=context,
            labels=LABELS,
            done=T("검토를 마쳤습니다.", "Reviewed."),
        )
    )


def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs of names that are alike, in the districts one works in."""
    actor = known_actor(request)
    districts = _districts(actor)
    if not districts:
        return refused(request, Refusal(CoreCode.NOT_FOUND))
    rows = [
        {"pair": pair, "district": district_name(pair.district)}
        for pair in queries.duplicates(districts)
    ]
    return page(request, "registry/duplicates.html", {"rows": rows})


def propose_merge(request: HttpRequest) -> HttpResponse:
    """Propose that two entries are one."""
    body = body_of(request, "kept_id", "other_id", "evidence", "name_from")
    if request.POST.get("swap"):
        body["kept_id"], body["other_id"] = body.get("other_id", ""), body.get("kept_id", "")
    return _answer(
        act(
            request,
            "registry.merge.propose",
            body,
            success_url=reverse("web:duplicates"),
            labels=LABELS,
            done=T("제안했습니다. 동료가 승인하면 합쳐집니다.", "Proposed. A colleague decides."),
        )
    )


def merge(request: HttpRequest, merge_id: UUID) -> HttpResponse:
    """Approve, decline or undo a merge."""
    found = queries.merge(merge_id, known_actor(request))
    if found is None:
        return refused(request, Refusal(CoreCode.NOT_FOUND))
    context = {"merge": found, "kept": href_of(found.kept_id), "other": href_of(found.other_id)}
    if request.method != "POST":
        return page(request, "registry/merge.html", context)
    if request.POST.get("decision") == "undo":
        name, more = "registry.merge.undo", {}
    else:
        name, more = "registry.merge.approve", body_of(request, "decision")
    return _answer(
        act(
            request,
            name,
            {"merge_id": str(merge_id), **more},
            success_url=href_of(found.kept_id),
            again="registry/merge.html",
            context=context,
            labels=LABELS,
            done=T("합치기에 답했습니다.", "The merge is answered."),
        )
    )


def approval(request: HttpRequest, approval_id: UUID) -> HttpResponse:
    """What a second person is asked: approve or refuse, or take it back as the asker."""
    found = queries.approval(approval_id, known_actor(request))
    if found is None:
        return refused(request, Refusal(CoreCode.NOT_FOUND))
    named = things_named(found.body, known_actor(request))
    context = {
        "approval": found,
        "named": list(named.values()),
        "rest": [
            row
            for (field, _), row in zip(found.body, found.what, strict=True)
            if field not in named
        ],
    }
    if request.method != "POST":
        return page(request, "registry/approval.html", context)
    if request.POST.get("outcome") == "withdraw":
        name, more = "registry.approval.withdraw", {}
    else:
        name, more = "registry.approval.decide", body_of(request, "outcome")
    return _answer(
        act(
            request,
            name,
            {"approval_id": str(approval_id), **more},
            success_url=reverse("web:desk"),
            again="registry/approval.html",
            context=context,
            labels=LABELS,
            done=T("답했습니다.", "Answered."),
        )
    )


@provider
def things(actor: Actor) -> Iterable[Thing]:
    """What waits on the desk of somebody who works here."""
    if not any(grant.role in WORKING for grant in actor.grants):
        return
    for task in queries.desk(actor).todo[:5]:
        yield Thing(task.title, task.why, href_of_task(task), icon="edit")


@about("district")
def about_district(code: str, actor: Actor) -> About:
    """A district by its name."""
    return About(T("자치구", "District"), district_name(code) or code)


urlpatterns = [
    path("desk/", desk, name="desk"),
    path("desk/duplicates/", duplicates, name="duplicates"),
    path("desk/merges/", propose_merge, name="merge_propose"),
    path("desk/merges/<uuid:merge_id>/", merge, name="merge"),
    path("desk/edits/<uuid:edit_id>/", review, name="edit_review"),
    path("desk/approvals/<uuid:approval_id>/", approval, name="approval"),
]
