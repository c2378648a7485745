"""My notices: what I was told, how I want to be told, and the devices that tell me."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from dure.core import noticing, pushing
from dure.core.notices import inbox, message, quiet
from dure.core.text import T
from dure.exchange.queries import agreements
from dure.interfaces.web import formats
from dure.interfaces.web.accounts import signed_in
from dure.interfaces.web.base import Form, act, actor_of, known_actor, page, paged, picked, see
from dure.interfaces.web.signin import own_device
from dure.registry.queries.security import device, devices_of
from dure.registry.vault import holding

WORKER = Path(__file__).resolve().parent.parent / "static" / "dure" / "push-worker.js"
LABELS = {
    "quiet_from": T("조용한 시간의 시작", "Beginning of the quiet hours"),
    "quiet_to": T("조용한 시간의 끝", "End of the quiet hours"),
}
HOW = (
    ("mail", T("전자우편으로", "By e-mail")),
    ("push", T("내 기기의 알림으로", "On my devices")),
    ("digest", T("급하지 않은 것은 하루 한 번 모아서", "Once a day for what is not urgent")),
)
CASE = "agreement"  # the place of a notice that names a case
HALF_HOURS = tuple(f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 30))


@signed_in
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """What I was told, newest first; here alone, behind the sign-in, it is said of which case."""
    actor = actor_of(request)
    shown = picked(request, "show", frozenset({"new"}))
    found = paged(request, inbox(actor, unread=bool(shown)))
    prefix = "" if formats.in_korean() else "/en"
    shown_rows = list(found.object_list)
    about = {row.id: row.places[CASE] for row in shown_rows if CASE in row.places}
    names = agreements.named((UUID(case) for case in about.values()), actor)
    found.object_list = [
        (one, f"{prefix}{one.path}", names.get(UUID(about[one.id]), "") if one.id in about else "")
        for one in (message(row) for row in shown_rows)
    ]
    context = {"rows": found, "unread_count": inbox(actor, unread=True).count(), "shown": shown}
    return page(request, "notices/notices.html", context)


@signed_in
@require_POST
def see_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    done = act(request, "core.notice.see_all", {}, success_url=reverse("web:notices"))
    assert isinstance(done, HttpResponse)
    return done


@signed_in
@require_POST
def open_notice(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark one as read and go on to the page that it leads to."""
    row = inbox(actor_of(request)).filter(id=notice_id).first()
    prefix = "" if formats.in_korean() else "/en"
    href = f"{prefix}{message(row).path}" if row is not None else ""
    done = act(request, "core.notice.see", {"notice_id": str(notice_id)}, success_url=href or "/")
    assert isinstance(done, HttpResponse)
    return done


@signed_in
def settings(request: HttpRequest) -> HttpResponse:
    """How I want to be told."""
    if request.method != "POST":
        chosen = noticing.preference_of(actor_of(request))
        how = [name for name, _ in HOW if getattr(chosen, name)]
        values = {"how": how, "quiet_from": chosen.quiet_from, "quiet_to": chosen.quiet_to}
        return _settings(request, Form(values=values))
    how = request.POST.getlist("how")
    body: dict[str, object] = {name: name in how for name, _ in HOW}
    body |= {name: request.POST[name] for name in LABELS if request.POST.get(name)}
    done = act(
        request, "core.notice.prefer", body, labels=LABELS,
        success_url=reverse("web:notice_settings"),
        done=T("알림 설정을 바꿨습니다.", "Your choice was saved."),
        again=lambda form: _settings(request, form),
    )  # fmt: skip
    assert isinstance(done, HttpResponse)
    return done


def _settings(request: HttpRequest, form: Form) -> HttpResponse:
    start, end = quiet()
    context = {
        "form": form,
        "ways": HOW,
        "times": [(text, text) for text in HALF_HOURS],
        "house": (start.isoformat("minutes"), end.isoformat("minutes")),
        "devices": devices_of(known_actor(request)),
        "push_key": pushing.public_key() if pushing.is_installed() else "",
    }
    return page(request, "notices/settings.html", context, status=form.status)


@signed_in
@require_POST
def add_device(request: HttpRequest) -> HttpResponse:
    """Take notices on this browser; its script sends its address."""
    values = {name: request.POST.get(name, "")[:1_000] for name in ("endpoint", "p256dh", "auth")}
    name = device(request.META.get("HTTP_USER_AGENT", ""))
    with holding({**values, "name": name}) as tag:
        done = act(request, "registry.device.add", {"values": tag})
    if isinstance(done, HttpResponse):
        return done
    added = T("이제 이 기기에서도 알림을 받습니다.", "This device tells you from now on.")
    messages.success(request, str(added))
    response = see(reverse("web:notice_settings"))
    own_device.remember(response, done.result.id)
    return response


@signed_in
@require_POST
def drop_device(request: HttpRequest) -> HttpResponse:
    """Stop notices on one device."""
    done = act(
        request, "registry.device.drop", {"device_id": request.POST.get("device", "")},
        success_url=reverse("web:notice_settings"),
        done=T("그 기기에는 더 알리지 않습니다.", "That device tells you no more."),
    )  # fmt: skip
    assert isinstance(done, HttpResponse)
    return done


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The script that shows push messages; it stands at the root, as its pages do."""
    response = HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    response["Service-Worker-Allowed"] = "/"
    return response


urlpatterns = [
    path("me/notices/", notices, name="notices"),
    path("me/notices/see-all/", see_all, name="notices_see_all"),
    path("me/notices/<uuid:notice_id>/", open_notice, name="notice"),
    path("me/notices/settings/", settings, name="notice_settings"),
    path("me/notices/devices/", add_device, name="notice_device_add"),
    path("me/notices/devices/drop/", drop_device, name="notice_device_drop"),
    path("push-worker.js", worker, name="push_worker"),
]
