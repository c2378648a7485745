"""How every kind of agreement runs: drawn from its declaration, with the table that says it."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import path

from dure.core import rulebook
from dure.core.text import T
from dure.exchange.declaration import Due, Transition
from dure.exchange.processes import PROCESSES
from dure.exchange.processes import newest as newest_of
from dure.interfaces.web.base import page
from dure.interfaces.web.process_drawing import draw

EFFECTS = {
    "hold_slot": T("자리를 맡음", "keeps the place"),
    "release_slot": T("자리를 놓음", "frees the place"),
    "hand_out": T("건네짐", "is handed out"),
    "extend_open": T("자리를 계속 맡음", "keeps the place until it is back"),
    "hold_stock": T("물량을 맡음", "keeps the stock"),
    "release_stock": T("물량을 놓음", "frees the stock"),
    "use_stock": T("물량을 씀", "uses the stock"),
    "hold_value": T("시간·돈을 맡아 둠", "holds hours or money"),
    "void_value": T("맡은 시간·돈을 돌려줌", "gives back what was held"),
    "settle": T("시간·돈이 건너감", "moves what was held"),
    "record": T("기록에 남음", "is recorded"),
    "correct": T("기록을 바로잡음", "corrects the record"),
    "claim": T("신청이 들어감", "puts a claim in"),
    "unclaim": T("신청을 거둠", "takes a claim back"),
    "enqueue": T("줄에 섬", "joins the queue"),
    "link": T("다른 약속이 이어짐", "begins another agreement"),
    "disclose": T("동의한 만큼 알림", "tells, with consent"),
    "dispute": T("다툼으로 넘김", "goes to dispute"),
}
ANCHORS = {
    "entered": T("이 상태가 되고", "after entering"),
    "start": T("시작하고", "after the start"),
    "end": T("끝나고", "after the end"),
    "due": T("돌려줄 때가 지나고", "after it is due"),
    "closes": T("모임이 끝나고", "after the event closes"),
    "pickup": T("찾는 때가 지나고", "after pick-up"),
}
UNITS = {
    "days": T("%(n)s일", "%(n)s days"),
    "hours": T("%(n)s시간", "%(n)s hours"),
    "minutes": T("%(n)s분", "%(n)s minutes"),
}


def processes(request: HttpRequest) -> HttpResponse:
    """Every process, newest version: states, who moves it, what is held, what time does."""
    newest = [one for one in PROCESSES if newest_of(one.key) is one]
    shown = [
        {
            "process": one,
            "drawing": draw(one),
            "rows": [_row(t) for t in one.transitions],
            "roles": [role.text for role in one.roles],
        }
        for one in newest
    ]
    return page(request, "exchange/processes.html", {"shown": shown})


def _row(transition: Transition) -> dict[str, str]:
    source = transition.source
    return {
        "from": str(source.text) if source is not None else str(T("시작", "Start")),
        "step": str(transition.text),
        "who": _who(transition),
        "to": str(transition.target.text),
        "does": ", ".join(str(EFFECTS[e.name]) for e in transition.do if e.name in EFFECTS),
    }


def _who(transition: Transition) -> str:
    if transition.due is not None:
        return _due(transition.due)
    if not transition.is_for_two:
        return " · ".join(str(role.text) for role in transition.by)
    sides: dict[str, list[str]] = {}
    for role in transition.by:
        sides.setdefault(role.part, []).append(str(role.text))
    return str(T(" 와(과) ", " and ")).join(" · ".join(one) for one in sides.values())


def _due(due: Due) -> str:
    """When time moves the case, in words; a rule of the rulebook by its value now."""
    if due.rule:
        unit = due.rule.rpartition("_")[2]
        length = UNITS[unit] % {"n": rulebook.value(due.rule).integer}
    else:
        length = _length(due.offset)
    anchor = str(ANCHORS.get(due.anchor, ANCHORS["entered"]))
    if not length:
        return T("저절로: %(a)s", "by itself: %(a)s") % {"a": anchor}
    both = {"a": anchor, "n": length}
    return T("저절로: %(a)s %(n)s", "by itself: %(n)s %(a)s") % both


def _length(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    if minutes == 0:
        return ""
    if minutes % 1440 == 0:
        return UNITS["days"] % {"n": minutes // 1440}
    if minutes % 60 == 0:
        return UNITS["hours"] % {"n": minutes // 60}
    return UNITS["minutes"] % {"n": minutes}


urlpatterns = [path("exchange/processes/", processes, name="exchange_processes")]
