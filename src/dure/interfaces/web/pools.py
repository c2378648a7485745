"""Pools: the rule and its vote, who asked and who got what, every other rule beside, the inputs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actors import Actor
from dure.core.text import T
from dure.exchange.queries import browsing, hours
from dure.exchange.queries import pools as reads
from dure.exchange.queries.pools import Told
from dure.interfaces.web import exchange_words as words
from dure.interfaces.web.base import act, body_of, known_actor, page, paged, picked, see
from dure.interfaces.web.listings import answer
from dure.interfaces.web.money_frame import signed_in

KINDS = {
    "order_cycle": T(
        "먹거리를 함께 주문하고, 모자라면 규칙으로 나눕니다.",
        "Food that is ordered together; what is short is divided by the rule.",
    ),
    "fund_call": T(
        "이웃이 내놓은 시간을 필요한 사람에게 나눕니다.",
        "Hours that neighbours gave, for those who need them.",
    ),
    "clearing_round": T(
        "여럿이 서로 해 줄 일을 한꺼번에 짝지어, 주는 시간과 받는 시간을 맞춥니다.",
        "Many exchanges at once, so that what each gives and takes comes out even.",
    ),
}
STATES = {
    "open": ("now", T("받는 중", "Open")),
    "closed": ("wait", T("마감", "Closed")),
    "awarded": ("ok", T("나눔", "Divided")),
    "settled": ("ok", T("끝남", "Settled")),
    "replaced": ("draft", T("다시 셈함", "Computed again")),
}
RECIPE = """\
import csv
from dure.engines.allotment import allot
from dure.engines.rationing import Rule, tie_ranks

with open("inputs.csv", newline="", encoding="utf-8") as file:
    rows = list(csv.DictReader(file))
first = rows[0]
rule, salt = Rule(first["rule"]), bytes.fromhex(first["salt"])
column = {name: [int(row[name]) for row in rows] for name in
          ("asked", "firm", "tolerance", "weight", "protected")}
ties = None
if salt and rule is not Rule.FIRST_COME:
    ties = tie_ranks(salt, [row["claim"] for row in rows])
found = allot(rule, int(first["estate"]), column["asked"],
              firm=column["firm"] if any(column["firm"]) else None,
              tolerance=column["tolerance"], weights=column["weight"],
              protected=[bool(one) for one in column["protected"]],
              ties=ties, lot=int(first["lot"]))
for row, award in zip(rows, found.awards):
    print(row["claim"], award)
"""


def state_of(told: Told) -> tuple[str, T]:
    """The state of a pool as a mark and in words."""
    if told.is_cancelled:
        return "stop", T("취소됨", "Cancelled")
    if told.state == "open" and told.is_over:
        return STATES["closed"]
    return STATES[told.state]


def pool_or_404(pool_id: UUID, actor: Actor) -> Any:  # Any: a face names no model
    """A pool that was opened here."""
    found = reads.one(pool_id, actor)
    if found is None:
        raise Http404
    return found


def listing(request: HttpRequest) -> HttpResponse:
    """Every pool, those that are open first."""
    actor = known_actor(request)
    rows = paged(request, reads.listed())
    cards = []
    for one in rows.object_list:
        told = reads.told(one, actor, proves=False)
        cards.append(
            {
                "told": told,
                "href": reverse("web:pool", args=[one.id]),
                "state": state_of(told),
                "kind": KINDS[told.kind],
            }
        )
    hosts = actor.id is not None and bool(browsing.organisations_served(actor))
    context = {"rows": rows, "cards": cards, "hosts": hosts}
    return page(request, "exchange/pools/pools.html", context)


def context_of(found: Any, actor: Actor) -> dict[str, object]:  # Any: a row of the room
    """What the page of every pool shows."""
    told = reads.told(found, actor)
    return {
        "pool": told,
        "state": state_of(told),
        "kind": KINDS[told.kind],
        "beside": reads.rules_beside(found, actor) if found.estate is not None else None,
        "mine": reads.my_claims(found, actor),
        "parts": list(reads.parts(found)) if found.parent_id is None else [],
        "has_inputs": reads.may_read_inputs(found, actor),
        "recipe": RECIPE,
    }


def pool(request: HttpRequest, pool_id: UUID) -> HttpResponse:
    """One pool; at a pool or a round of hours what the reader may do there."""
    actor = known_actor(request)
    found = pool_or_404(pool_id, actor)
    if found.kind == "order_cycle":  # divided by whole cases and stock: its own page says how
        here = "web:food_shortage" if found.parent_id else "web:food_cycle"
        return see(reverse(here, args=[pool_id]))
    context = context_of(found, actor)
    context["gift"] = hours.gift(found, actor)
    context["round"] = hours.round_for(found, actor)
    context["signed_in"] = actor.id is not None
    template = "exchange/pools/round.html" if context["round"] else "exchange/pools/pool.html"
    if request.method != "POST":
        return page(request, template, context)
    signed_in(request)
    todo = DOINGS.get(request.POST.get("do", ""))
    if todo is None:
        raise Http404
    action, more, done = todo
    body: dict[str, object] = {"pool_id": str(pool_id), **more}
    if request.POST.get("minutes", "").strip():
        body["minutes"] = words.number(request.POST["minutes"])
    return answer(
        act(
            request,
            action,
            body,
            success_url=reverse("web:pool", args=[pool_id]),
            again=template,
            context=context,
            labels=LABELS,
            done=done,
        )
    )


LABELS = {
    "minutes": T("몇 분", "Minutes"),
    "title": T("이름", "Title"),
    "closes": T("마감", "Until"),
}
DOINGS: dict[str, tuple[str, dict[str, object], T]] = {
    "give": ("exchange.gift_pool.give", {}, T("시간을 내놓았습니다.", "Your hours are given.")),
    "ask": ("exchange.gift_pool.ask", {}, T("신청을 받았습니다.", "Your claim is noted.")),
    "unask": (
        "exchange.gift_pool.ask",
        {"minutes": 0},
        T("신청을 거두었습니다.", "Your claim is taken back."),
    ),
    "divide": ("exchange.gift_pool.divide", {}, T("나누었습니다.", "Divided.")),
    "agree": (
        "exchange.hours_round.consent",
        {"agreed": True},
        T(
            "동의했습니다. 마감까지 바꿀 수 있습니다.",
            "You agreed; you may change it until the end.",
        ),
    ),
    "leave": (
        "exchange.hours_round.consent",
        {"agreed": False},
        T(
            "빠지기로 했습니다. 마감까지 바꿀 수 있습니다.",
            "You stay out; you may change it until the end.",
        ),
    ),
    "run": ("exchange.hours_round.run", {}, T("약속을 열었습니다.", "The agreements are open.")),
}


def new(request: HttpRequest) -> HttpResponse:
    """Open a pool of hours, or propose a round, in the name of an organisation one hosts."""
    signed_in(request)
    places = browsing.organisations_served(known_actor(request))
    if not places:
        raise Http404
    kind = picked(request, "kind", NEW, "gift")
    old = request.GET.get("instead_of", "")
    context = {"kind": kind, "organisations": places}
    if request.method != "POST":
        return page(request, "exchange/pools/new.html", context)
    body: dict[str, object] = body_of(request, "organisation_id", "title")
    if kind == "gift":
        body["closes"] = words.instant_of(words.day_after(request.POST.get("closes", "")), "")
    elif old:
        body["instead_of"] = old
    return answer(
        act(
            request,
            NEW[kind],
            body,
            success_url=lambda made: reverse("web:pool", args=[made.result.id]),
            again="exchange/pools/new.html",
            context=context,
            labels=LABELS,
            done=T("열었습니다.", "It is open."),
        )
    )


NEW = {"gift": "exchange.gift_pool.open", "round": "exchange.hours_round.propose"}


def inputs(request: HttpRequest, pool_id: UUID) -> HttpResponse:
    """What the awards were computed from, without names."""
    actor = known_actor(request)
    found = pool_or_404(pool_id, actor)
    if found.kind == "order_cycle":
        return see(reverse("web:food_inputs", args=[pool_id]))
    if not reads.may_read_inputs(found, actor):
        raise Http404
    answer = HttpResponse(reads.inputs_of(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="inputs.csv"'
    return answer


HERE = "exchange/pools/"
urlpatterns = [
    path(HERE, listing, name="pools"),
    path(f"{HERE}new/", new, name="pool_new"),
    path(f"{HERE}<uuid:pool_id>/", pool, name="pool"),
    path(f"{HERE}<uuid:pool_id>/inputs.csv", inputs, name="pool_inputs"),
]
