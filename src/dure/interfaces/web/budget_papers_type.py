"""Typing papers on a form like the ballot, one sheet after the other; settling what differs."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.budgeting.queries import batches
from dure.budgeting.queries.batches import OwnTyping, Side, number_of
from dure.budgeting.queries.calls import CallView
from dure.budgeting.queries.papers import Paper, sheet
from dure.budgeting.typings import Slip
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import Form, act, known_actor, page, see, sent
from dure.interfaces.web.budget_desk import kept
from dure.interfaces.web.budget_desk_forms import number
from dure.interfaces.web.budget_vote import GIVEN, choice_of, groups_of

LABELS = {
    "batch": T("묶음", "Batch"),
    "part": T("동", "Neighbourhood"),
    "serial": T("일련번호", "Serial"),
    "papers": T("종이 표", "Paper"),
    "counted": T("손으로 센 종이", "Papers counted by hand"),
}
TYPED = T(
    "이미 입력한 일련번호입니다. 아래 목록에서 그 종이를 골라 고치거나 번호를 다시 봐 주세요.",
    "This serial is typed already. Choose the paper below to correct it, or look at the number.",
)
FINISHED = T(
    "다 입력했습니다. 다른 한 사람도 다 입력하면 견주어 합칠 수 있습니다.",
    "All of it is typed. It can be compared and merged when the other person has typed it too.",
)


def _counting(request: HttpRequest, call_id: UUID) -> CallView:
    shown = kept(request, call_id)
    if not shown.paper_allowed or shown.row.state != "counting":
        raise Refusal(CoreCode.NOT_FOUND)
    return shown


def _asked(request: HttpRequest, name: str) -> str:
    """A field of the form, or of the address."""
    return (request.POST.get(name) or request.GET.get(name, "")).strip()


def _here(name: str, call_id: UUID, **more: str) -> str:
    return f"{reverse(name, args=[call_id])}?{urlencode(more)}"


def body_of_slip(slip: Slip) -> dict[str, object]:
    """A paper as the action takes it."""
    body: dict[str, object] = {"serial": slip.serial, "items": slip.items}
    return body if slip.points is None else {**body, "points": slip.points}


def next_serial(slips: Iterable[Slip]) -> str:
    """The number after the greatest one, as wide as that; empty where serials are no numbers.

    >>> next_serial([Slip("0009", ()), Slip("0007", ())])
    '0010'
    """
    numbers = [slip.serial for slip in slips if slip.serial.isdecimal()]
    last = max(numbers, key=int, default="")
    return str(int(last) + 1).zfill(len(last)) if last else ""


def as_sent(paper: Paper, slip: Slip | None) -> dict[str, list[str]]:
    """A paper as its form would send it."""
    if slip is None or slip.items is None:
        return {}
    if paper.kind not in ("cumulative", "ordinal"):
        return {"item": list(slip.items)}
    numbers = slip.points or range(1, len(slip.items) + 1)
    return {f"{GIVEN}{code}": [str(n)] for code, n in zip(slip.items, numbers, strict=True)}


def told(paper: Paper, slip: Slip | None) -> str:
    """A paper in one line."""
    if slip is None:
        return str(T("입력하지 않음", "not typed"))
    if slip.items is None:
        return str(T("무효", "counts for nothing"))
    if slip.points is not None:
        return ", ".join(f"{code}={n}" for code, n in zip(slip.items, slip.points, strict=True))
    return (" → " if paper.kind == "ordinal" else ", ").join(slip.items) or "–"


def typing(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """The next paper of a batch, or one that was typed before; saved, the next one follows."""
    shown, batch = _counting(request, call_id), _asked(request, "batch")
    actor = known_actor(request)
    if not batch:
        return see(reverse("web:budget_papers", args=[call_id]))
    own = batches.own_typing(call_id, batch, actor) or OwnTyping(_asked(request, "part"), (), False)
    paper = sheet(call_id, actor, own.part)
    assert paper is not None, "whoever keeps the call sees its paper"
    here = _here("web:budget_papers_type", call_id, batch=batch, part=own.part)
    held = {slip.serial: slip for slip in own.slips}
    old = _asked(request, "old")
    posted = dict(request.POST.lists())
    filled = posted if "item" in posted or "serial" in posted else as_sent(paper, held.get(old))
    context: dict[str, object] = {
        "one": shown,
        "paper": paper,
        "batch": batch,
        "own": own,
        "old": old if old in held else "",
        "serial": _asked(request, "serial")
        if "serial" in posted
        else old or next_serial(own.slips),
        "is_void": "void" in posted or (old in held and held[old].items is None),
        "groups": groups_of(paper, filled),
        "rows": [
            (slip.serial, told(paper, slip), f"{here}&{urlencode({'old': slip.serial})}")
            for slip in sorted(own.slips, key=lambda one: number_of(one.serial), reverse=True)
        ],
        "here": here,
    }
    do = request.POST.get("do", "")
    if request.method != "POST" or do not in ("sheet", "drop", "done"):
        return page(request, "budgeting/desk_type.html", context)
    if do == "sheet":
        fault = _take(request, paper, held, old, posted)
        if fault is not None:
            form = Form(sent(request), dict([fault]), status=422)
            return page(request, "budgeting/desk_type.html", {**context, "form": form}, status=422)
    elif do == "drop":
        held.pop(old, None)
    body: dict[str, object] = {
        "call_id": str(call_id),
        "batch": batch,
        "papers": tuple(body_of_slip(slip) for slip in held.values()),
        "done": do == "done",
    }
    if own.part:
        body["part"] = own.part
    if do == "done":
        body["counted"] = number(request.POST.get("counted", "").strip())
    done = act(
        request,
        "budgeting.paper.enter",
        body,
        success_url=reverse("web:budget_papers", args=[call_id]) if do == "done" else here,
        again="budgeting/desk_type.html",
        context=context,
        labels=LABELS,
        done=FINISHED if do == "done" else None,
    )
    assert isinstance(done, HttpResponse)
    return done


def _take(
    request: HttpRequest,
    paper: Paper,
    held: dict[str, Slip],
    old: str,
    posted: dict[str, list[str]],
) -> tuple[str, str] | None:
    """Put the sheet that was sent among those held; what is wrong with it, by field."""
    serial = request.POST.get("serial", "").strip()
    if not serial:
        return "serial", str(T("일련번호를 적어 주세요.", "Please type the serial."))
    if serial != old and serial in held:
        return "serial", str(TYPED)
    choice = choice_of(paper, posted)
    if "void" in posted:
        slip = Slip(serial, None)
    elif choice.fault is not None:
        return "papers", str(choice.fault)
    else:
        slip = Slip(serial, choice.items, choice.points)
    held.pop(old, None)
    held[serial] = slip
    return None


def settling(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Both readings of each paper on which two typings differ; a third person says which holds."""
    shown, batch = _counting(request, call_id), _asked(request, "batch")
    actor = known_actor(request)
    found = batches.sides(call_id, batch, actor)
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    part, sides = found
    paper = sheet(call_id, actor, part)
    assert paper is not None, "whoever keeps the call sees its paper"
    chosen = next((one for one in sides if one.serial == _asked(request, "serial")), None)
    context: dict[str, object] = {
        "one": shown,
        "paper": paper,
        "batch": batch,
        "cards": [_card(paper, one) for one in sides],
        "left": sum(not one.is_settled for one in sides),
        "chosen": chosen,
        "groups": groups_of(paper, dict(request.POST.lists())),
        "is_void": "void" in request.POST,
    }
    if request.method != "POST" or chosen is None:
        return page(request, "budgeting/desk_settle.html", context)
    choice = choice_of(paper, dict(request.POST.lists()))
    is_typed = request.POST.get("which") == "typed" and "void" not in request.POST
    if choice.fault is not None and is_typed:
        context["form"] = Form(sent(request), sentence=str(choice.fault), status=422)
        return page(request, "budgeting/desk_settle.html", context, status=422)
    reading = _reading(request, chosen, Slip(chosen.serial, choice.items, choice.points))
    body = {"call_id": str(call_id), "batch": batch, **reading}
    done = act(
        request,
        "budgeting.paper.settle",
        body,
        success_url=_here("web:budget_papers_settle", call_id, batch=batch),
        again="budgeting/desk_settle.html",
        context=context,
        labels=LABELS,
        done=T(f"{chosen.serial}번 종이를 정했습니다.", f"Paper {chosen.serial} is settled."),
    )
    assert isinstance(done, HttpResponse)
    return done


def _reading(request: HttpRequest, side: Side, marks: Slip) -> dict[str, object]:
    """What the third person says of a paper: one of the two, that there is none, or its marks."""
    which = request.POST.get("which", "")
    slip = {"first": side.first, "second": side.second}.get(which, marks)
    if slip is None:
        return {"serial": side.serial, "missing": True}
    if which == "typed" and request.POST.get("void"):
        return {"serial": side.serial, "items": None}
    return body_of_slip(slip)


def _card(paper: Paper, side: Side) -> dict[str, object]:
    """One differing paper as a table: projects that either chose, and the number given."""
    read = [_marks(slip) for slip in (side.first, side.second)]
    rows = [
        {"row": row, "cells": cells, "differs": cells[0] != cells[1]}
        for _, projects in paper.groups
        for row in projects
        if any(cells := [marks.get(row.code, "") for marks in read])
    ]
    return {
        "side": side,
        "rows": rows,
        "told": [told(paper, slip) for slip in (side.first, side.second)],
        "settled": told(paper, side.settled)
        if side.settled is not None
        else str(T("그런 종이가 없음", "there is no such paper")),
    }


def _marks(slip: Slip | None) -> dict[str, str]:
    """What stands beside each project on a paper."""
    if slip is None or slip.items is None:
        return {}
    numbers = slip.points or range(1, len(slip.items) + 1)
    return {code: str(n) for code, n in zip(slip.items, numbers, strict=True)}


HERE = "desk/budget/<uuid:call_id>/papers/"
urlpatterns = [
    path(f"{HERE}type/", typing, name="budget_papers_type"),
    path(f"{HERE}settle/", settling, name="budget_papers_settle"),
]
