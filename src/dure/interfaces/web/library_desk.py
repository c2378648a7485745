"""The lender's side: put a thing up, change it, see what goes out, what is out, late, damaged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actors import Actor
from dure.core.text import T
from dure.exchange.queries import agreements, browsing, library
from dure.interfaces.web import exchange_words as words
from dure.interfaces.web.agreements import card_of_case
from dure.interfaces.web.base import act, page, paged
from dure.interfaces.web.library import CONDITIONS, LABELS, card_of, thing_or_404
from dure.interfaces.web.listings import answer
from dure.interfaces.web.money_frame import signed_in

UNITS = (
    ("won", T("원", "won")),
    ("minutes", T("시간(분)", "minutes")),
    ("voucher", T("지역상품권(원)", "voucher (won)")),
)
TERMS = (
    "fee", "fee_unit", "deposit", "deposit_unit", "max_days", "opens", "closes", "maintain_days",
    "maintained_on",
)  # fmt: skip
NOTES = ("check_out", "check_in")
TEXTS = ("title", "text", "condition", "audience", "place")


def desk(request: HttpRequest) -> HttpResponse:
    """What of my things goes out, is out, is late or came back; then the things themselves."""
    actor = signed_in(request)
    running = list(library.loans(actor)[:200])
    cards = [card_of_case(told) for told in agreements.told(running, actor)]
    parts = {
        "todo": ("returned", "damaged", "lost", "overdue", "asked", "review"),
        "going": ("held", "booked", "displaced", "promised"),
        "out": ("out",),
    }
    context: dict[str, object] = {
        name: [card for card in cards if card["told"].state_key in states]
        for name, states in parts.items()
    }
    rows = paged(request, library.stewarded(actor))
    context["rows"] = rows
    context["things"] = [card_of(row) for row in library.rows_of(list(rows))]
    context["due"] = library.to_look_over(actor)
    return page(request, "exchange/library_desk.html", context)


def choices(actor: Actor) -> dict[str, object]:
    """What the form of a thing offers to choose from."""
    return {
        "specs": browsing.kinds_of_specs("item"),
        "conditions": words.options(CONDITIONS, "good", "fair", "repair"),
        "audiences": words.options(words.AUDIENCES),
        "stewards": library.stewards(actor),
        "weekdays": [(key, str(text)) for key, text in words.WEEKDAYS.items()],
        "units": [(key, str(text)) for key, text in UNITS],
    }


def body_of_thing(request: HttpRequest) -> dict[str, object]:
    """The typed form as a body: numbers as numbers, weekdays as a rule, terms as answers."""
    given = {name: request.POST.get(name, "").strip() for name in request.POST}
    body: dict[str, object] = {name: given[name] for name in TEXTS if given.get(name)}
    for name in ("lanes", "buffer_min"):
        if given.get(name):
            body[name] = words.number(given[name])
    days = [key for key in words.WEEKDAYS if key in request.POST.getlist("days")]
    if days and len(days) < len(words.WEEKDAYS):
        body["hours"] = f"FREQ=WEEKLY;BYDAY={','.join(days)}"
    elif days:
        body["hours"] = "FREQ=WEEKLY"
    body["terms"] = tuple(
        {"name": name, "value": given[name].replace(",", "") if name not in NOTES else given[name]}
        for name in (*TERMS, *NOTES)
        if given.get(name)
    )
    return body


def new(request: HttpRequest) -> HttpResponse:
    """Put up a thing of one's own or of an organisation."""
    actor = signed_in(request)
    context = {"days": list(words.WEEKDAYS), **choices(actor)}
    if request.method != "POST":
        return page(request, "exchange/thing_form.html", context)
    body = body_of_thing(request)
    if request.POST.get("organisation_id", "").strip():
        body["organisation_id"] = request.POST["organisation_id"].strip()
    if request.POST.get("spec_id", "").strip():
        body["spec_id"] = words.number(request.POST["spec_id"])
    return answer(
        act(
            request,
            "exchange.asset.add",
            body,
            success_url=lambda done: reverse("web:asset", args=[done.result.id]),
            again="exchange/thing_form.html",
            context=context,
            labels=LABELS,
            done=T("물건을 내놓았습니다.", "The thing is up."),
        )
    )


def change(request: HttpRequest, asset_id: UUID) -> HttpResponse:
    """Change a thing, or take it out of the library."""
    actor = signed_in(request)
    found: Any = thing_or_404(asset_id, actor)
    if not library.may_change(found, actor):
        raise Http404
    context = {
        "thing": found,
        "days": library.weekdays(found),
        **choices(actor),
    }
    if request.method != "POST":
        return page(request, "exchange/thing_form.html", context)
    retire = request.POST.get("do") == "retire"
    body: dict[str, object] = {"retired": found.retired_at is None}
    if not retire:
        body = body_of_thing(request)
    body["asset_id"] = str(found.id)
    return answer(
        act(
            request,
            "exchange.asset.change",
            body,
            success_url=reverse("web:asset", args=[found.id]),
            again="exchange/thing_form.html",
            context=context,
            labels=LABELS,
            done=T("저장했습니다.", "Saved."),
        )
    )


HERE = "exchange/library/"
urlpatterns = [
    path(f"{HERE}desk/", desk, name="library_desk"),
    path(f"{HERE}new/", new, name="asset_new"),
    path(f"{HERE}<uuid:asset_id>/change/", change, name="asset_change"),
]
