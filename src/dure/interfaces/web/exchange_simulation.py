"""A process tried with invented people: which ways its declaration has, and how long they take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from dure.core import rulebook
from dure.core.text import T
from dure.exchange.declaration import Due
from dure.exchange.processes import newest
from dure.exchange.simulating import RUNS_MAX, simulate
from dure.interfaces.web.base import page

PACES = {"1": 1, "6": 6, "24": 24, "72": 72, "168": 168}
PACE_WORDS = (
    ("1", T("한 시간", "an hour")),
    ("6", T("여섯 시간", "six hours")),
    ("24", T("하루", "a day")),
    ("72", T("사흘", "three days")),
    ("168", T("일주일", "a week")),
)
RUNS, SEED_MAX = 1_000, 999_999


def spans() -> Callable[[Due], timedelta]:
    """How long each timer waits, by the city's rules as they stand now; each is read once."""
    known: dict[Due, timedelta] = {}

    def span(due: Due) -> timedelta:
        if due not in known:
            known[due] = _span(due)
        return known[due]

    return span


def _span(due: Due) -> timedelta:
    if not due.rule:
        return due.offset
    return timedelta(**{due.rule.rpartition("_")[2]: rulebook.value(due.rule).integer})


def _number(request: HttpRequest, name: str, otherwise: int, most: int) -> tuple[int, str]:
    """A whole number of the address, or a sentence on what is wrong with it."""
    text = request.GET.get(name, "").strip() or str(otherwise)
    if text.isascii() and text.isdigit() and len(text) <= 7 and 1 <= int(text) <= most:
        return int(text), ""
    wrong = T("1부터 %(n)s까지의 수를 적어 주세요.", "Please write a number from 1 to %(n)s.")
    return otherwise, wrong % {"n": f"{most:,}"}


def simulation(request: HttpRequest, key: str) -> HttpResponse:
    """Try a process; the address holds all that is needed to see the same again."""
    process = newest(key)
    if process is None:
        raise Http404
    runs, runs_wrong = _number(request, "runs", RUNS, RUNS_MAX)
    seed, seed_wrong = _number(request, "seed", 1, SEED_MAX)
    asked = request.GET.get("pace", "24")
    pace = PACES.get(asked, 24)
    wrong = {name: text for name, text in (("runs", runs_wrong), ("seed", seed_wrong)) if text}
    found = None
    if not wrong:
        found = simulate(process, spans(), runs=runs, pace_h=float(pace), seed=seed)
    context = {
        "process": process,
        "found": found,
        "rows": [
            (state.text, found.passed.get(state.key, 0), found.ended.get(state.key, 0))
            for state in process.states
        ]
        if found is not None
        else (),
        "half": round(found.half_h * 60) if found and found.half_h is not None else None,
        "most": round(found.most_h * 60) if found and found.most_h is not None else None,
        "runs": request.GET.get("runs", str(runs)),
        "seed": request.GET.get("seed", str(seed)),
        "pace": str(pace),
        "paces": PACE_WORDS,
        "wrong": wrong,
        "runs_max": RUNS_MAX,
    }
    return page(request, "exchange/simulation.html", context, status=422 if wrong else 200)


urlpatterns = [
    path("exchange/processes/<slug:key>/simulation/", simulation, name="exchange_simulation")
]
