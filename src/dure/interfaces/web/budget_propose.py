"""Proposing an idea: one form for a phone, a check page with what is similar, sending, revising."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.budgeting.queries import proposals as found_proposals
from dure.budgeting.queries.calls import CallView
from dure.budgeting.queries.photos import photo as photo_file
from dure.budgeting.queries.proposals import ProposalRow, ProposalView
from dure.budgeting.queries.similar import similar
from dure.budgeting.queries.waiting import dong_choices
from dure.core import parsers
from dure.core.actions import CATALOGUE, Outcome, run
from dure.core.errors import CoreCode, Refusal
from dure.core.incoming import parsed_of
from dure.core.text import T
from dure.engines.pictures import BYTES_MAX
from dure.interfaces.web.base import (
    Form,
    act,
    actor_of,
    body_of,
    form_of,
    known_actor,
    page,
    refused,
    sent,
)
from dure.interfaces.web.budget import shown_call
from dure.interfaces.web.formats import won
from dure.interfaces.web.money_frame import signed_in
from dure.interfaces.web.point_maps import Place, PointMap, place_text, point_map, read_place
from dure.interfaces.web.uploads import TOO_LARGE

TEXTS = ("title", "need", "benefits", "place", "dong", "estimate_won", "envelope", "field")
POINT = "point"
CHOOSE = T("어디인지 지도에서 고르기", "Choose the place on the map")
KOREA = ((3_300_000, 4_300_000), (12_400_000, 13_200_000))  # as the database asks
HELD = (*TEXTS, POINT, "author_name", "upload_id", "photo_alt")
LABELS = {
    "title": T("제목", "Title"),
    "need": T("왜 필요한가요", "Why it is needed"),
    "benefits": T("누구에게 좋은가요", "Who gains by it"),
    "place": T("어디인가요", "Where"),
    "point": T("지도의 자리", "Point on the map"),
    "dong": T("동네", "Neighbourhood"),
    "estimate_won": T("예상 비용", "Your estimate of the cost"),
    "envelope": T("어느 돈으로", "From which money"),
    "field": T("분야", "Field"),
    "content": T("사진", "Photo"),
    "photos": T("사진", "Photo"),
    "author_name": T("보일 이름", "Name to be shown"),
    "change_note": T("무엇을 바꾸었나요", "What you changed"),
}


def propose(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The form; sent once it shows the check page with what is similar, sent again it sends."""
    signed_in(request)
    call = shown_call(request, call_id)
    if "proposal.send" not in call.can:
        return page(request, "budgeting/propose_closed.html", {"one": call})
    if request.method != "POST":
        return _form(request, call)
    if "back" in request.POST:
        return _form(request, call, Form(values=sent(request)))
    try:
        held = _held(request)
        body = {**_body(held), "call_id": str(call_id)}
        if request.POST.get("step") != "send":
            parsed_of(CATALOGUE["budgeting.proposal.send"], body)
            return _check(request, call, held)
    except Refusal as refusal:
        form = form_of(request, refusal, LABELS)
        return _form(request, call, form)
    done = act(
        request,
        "budgeting.proposal.send",
        body,
        success_url=lambda made: reverse("web:budget_proposal", args=[made.result.id]),
        again=lambda form: _form(request, call, form),
        labels=LABELS,
        done=T(
            "제안을 보냈습니다. 담당자가 살펴보고 알려 드립니다.",
            "Your proposal was sent. The people in charge will look at it and tell you.",
        ),
    )
    assert not isinstance(done, Outcome)
    return done


def _held(request: HttpRequest) -> dict[str, str]:
    """What was typed, blank fields left out, with the id of a photo that came along."""
    held = {name: str(value) for name, value in body_of(request, *HELD).items()}
    stored = stored_photo(request)
    return {**held, "upload_id": stored} if stored else held


def stored_photo(request: HttpRequest) -> str:
    """The id of a photo that came along, stored; empty where none did. Raises Refusal."""
    file = request.FILES.get("content")
    if TOO_LARGE in request.META or (file is not None and (file.size or 0) > BYTES_MAX):
        most = T("8 MB까지의 사진", "a photo of at most 8 MB")
        raise Refusal(CoreCode.BAD_FIELD, field="content", range=most)
    if file is None:
        return ""
    stored = run("budgeting.photo.store", {"content": file.read()}, actor_of(request))
    return str(stored.result.id)


def _body(held: dict[str, str]) -> dict[str, object]:
    body: dict[str, object] = {
        name: text for name, text in held.items() if name in (*TEXTS, "author_name")
    }
    if "upload_id" in held:
        alt = held.get("photo_alt") or held.get("title", "–")
        body["photos"] = ({"upload_id": held["upload_id"], "alt": alt[:200]},)
    place = _place(held)
    if place is not None:
        body["latitude_e5"], body["longitude_e5"] = place
    return body


def _place(held: Mapping[str, str]) -> Place | None:
    """The point that was chosen. Raises Refusal(BAD_FIELD) for what is no point in Korea."""
    if POINT not in held:
        return None
    try:
        place = read_place(held[POINT])
        for part, (least, most) in zip(place, KOREA, strict=True):
            if not least <= part <= most:
                raise ValueError(part)
    except ValueError:
        wanted = T("위도, 경도 (예: 37.56631, 126.90151)", "latitude, longitude in Korea")
        raise Refusal(CoreCode.BAD_FIELD, field=POINT, range=wanted) from None
    return place


def _choices(call: CallView) -> dict[str, object]:
    """What the form offers for one round."""
    return {
        "one": call,
        "map": point_map(str(CHOOSE), call.district_id, ()),
        "envelopes": [(row.code, str(row.name)) for row in call.envelopes],
        "fields": [(row.code, str(row.name)) for row in call.fields],
        "dongs": [(code, str(name)) for code, name in dong_choices(call.district_id)],
    }


def _form(request: HttpRequest, call: CallView, form: Form | None = None) -> HttpResponse:
    context = {**_choices(call), "form": form, "upload_id": _upload(form)}
    return page(request, "budgeting/propose.html", context, status=form.status if form else 200)


def _upload(form: Form | None) -> str:
    """The photo that was stored before the form came back."""
    try:
        return str(UUID(str(form.values.get("upload_id", "")))) if form else ""
    except ValueError:
        return ""


def _check(request: HttpRequest, call: CallView, held: dict[str, str]) -> HttpResponse:
    names = {**{e.code: e.name for e in call.envelopes}, **{f.code: f.name for f in call.fields}}
    names |= dict(dong_choices(call.district_id))
    rows = [
        (str(LABELS[name]), _told(name, held[name], names))
        for name in (*TEXTS, POINT, "author_name")
        if name in held
    ]
    place = _place(held)
    return page(
        request,
        "budgeting/propose_check.html",
        {
            "one": call,
            "rows": rows,
            "map": where_map(call.district_id, place) if place else None,
            "held": list(held.items()),
            "upload_id": held.get("upload_id", ""),
            "alike": _alike(request, call.row.id, held),
        },
    )


def _told(name: str, text: str, names: Mapping[str, T]) -> str:
    """A value of the form as the check page says it."""
    if name == "estimate_won":
        return won(parsers.won(text))
    return str(names.get(text, text)) if name in ("envelope", "field", "dong") else text


def _alike(request: HttpRequest, call_id: UUID, held: dict[str, str]) -> object:
    title, need = held.get("title", "")[:100], held.get("need", "")[:5000]
    place = _place(held) or (None, None)
    return similar(
        call_id,
        known_actor(request),
        title=title,
        need=need,
        latitude_e5=place[0],
        longitude_e5=place[1],
    )


def place_of(row: ProposalRow) -> Place | None:
    """Where a proposal says it would be, as a point."""
    if row.latitude_e5 is None or row.longitude_e5 is None:
        return None
    return row.latitude_e5, row.longitude_e5


def where_map(district: str, place: Place) -> PointMap:
    """The district with one place on it."""
    title = T("제안한 곳", "Where it would be")
    return point_map(str(title), district, [("1", str(title), "", place)])


def while_typing(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The part of the form that shows similar proposals; posted, so that no log keeps the words."""
    shown_call(request, call_id)
    held = {name: request.POST.get(name, "") for name in ("title", "need")}
    return page(request, "budgeting/similar.html", {"alike": _alike(request, call_id, held)})


def revise(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """A new version of one's own proposal; the old ones stay."""
    actor = signed_in(request)
    found = found_proposals.proposal_view(proposal_id, actor)
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    call = shown_call(request, found.row.call)
    if "proposal.revise" not in found.can:
        return page(request, "budgeting/propose_closed.html", {"one": call, "found": found})
    if request.method != "POST":
        return _revision(request, call, found)

    def again(form: Form) -> HttpResponse:
        return _revision(request, call, found, form)

    try:
        held = _held(request)
        given = _body(held)
    except Refusal as refusal:
        return refused(request, refusal, again=again, labels=LABELS)
    body = {**given, **body_of(request, "change_note"), "proposal_id": str(proposal_id)}
    body.pop("author_name", None)
    kept = [{"upload_id": str(one.upload), "alt": one.alt} for one in found.photos if not one.veil]
    if "photos" not in body and kept:
        body["photos"] = tuple(kept)
    done = act(
        request,
        "budgeting.proposal.revise",
        body,
        success_url=reverse("web:budget_proposal", args=[proposal_id]),
        again=again,
        labels=LABELS,
        done=T("제안을 고쳤습니다.", "Your proposal was revised."),
    )
    assert not isinstance(done, Outcome)
    return done


def _revision(
    request: HttpRequest, call: CallView, found: ProposalView, form: Form | None = None
) -> HttpResponse:
    row = found.row
    now = {
        "title": row.title,
        "need": found.need,
        "benefits": found.benefits,
        "place": row.place,
        "dong": row.dong,
        "estimate_won": f"{row.estimate_won:,}" if row.estimate_won else "",
        "envelope": row.envelope,
        "field": row.field,
    }
    place = place_of(row)
    if place is not None:
        now[POINT] = place_text(place)
    shown = form or Form(values=now)
    context = {**_choices(call), "found": found, "form": shown}
    return page(request, "budgeting/revise.html", context, status=shown.status)


def photo(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """A photo for whoever may see it."""
    found = photo_file(upload_id, known_actor(request))
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    answer = HttpResponse(found.content, content_type=found.kind)
    answer["Cache-Control"] = "private, max-age=600"
    answer["ETag"] = f'"{found.sha256}"'
    return answer


urlpatterns = [
    path("budget/<uuid:call_id>/propose/", propose, name="budget_propose"),
    path("budget/<uuid:call_id>/similar/", while_typing, name="budget_similar"),
    path("budget/proposals/<uuid:proposal_id>/revise/", revise, name="budget_revise"),
    path("budget/photos/<uuid:upload_id>/", photo, name="budget_photo"),
]
