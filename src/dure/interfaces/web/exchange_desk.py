"""The coordinator's desk: every row says why it is here, and leads to the one next step."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.text import T
from dure.exchange.processes import PROCESSES
from dure.exchange.queries import agreements, browsing, points
from dure.exchange.queries import desk as reads
from dure.interfaces.web import sitemap
from dure.interfaces.web.agreements import card_of_case
from dure.interfaces.web.base import act, known_actor, page, picked
from dure.interfaces.web.listings import answer, card_of
from dure.interfaces.web.money_frame import signed_in

KINDS: Mapping[str, T] = {
    "review": T("다툼·살펴봄", "Disputed or looked at"),
    "overdue": T("늦음", "Late"),
    "displaced": T("밀려남", "Displaced"),
    "damaged": T("망가짐", "Damaged"),
    "lost": T("잃어버림", "Lost"),
}


def desk(request: HttpRequest) -> HttpResponse:
    """What is disputed, late, stuck or unanswered where I coordinate."""
    signed_in(request)
    actor = known_actor(request)
    if not reads.coordinates(actor):
        raise Http404
    processes = {one.key: str(one.text) for one in PROCESSES}
    process = picked(request, "process", processes)
    counted = reads.kinds(actor, process)
    kind = picked(request, "kind", KINDS)
    troubled = agreements.told(list(reads.troubled(actor, process, kind)), actor)
    stuck = [] if kind else agreements.told(list(reads.stuck(actor, process)), actor)
    done = agreements.told(list(reads.done_today(actor, process)), actor)
    faults = [] if kind else reads.faults(actor, process)
    to_check = [] if process or kind else list(reads.to_check(actor))
    unanswered = [] if process or kind else list(reads.unanswered(actor))
    shown = (faults, troubled, stuck, to_check, unanswered)
    told = agreements.told([one.agreement for one in faults], actor)
    context = {
        "faults": [
            {**card_of_case(card), "why": one.why} for card, one in zip(told, faults, strict=True)
        ],
        "troubled": [card_of_case(told) for told in troubled],
        "stuck": [card_of_case(told) for told in stuck],
        "done": [card_of_case(told) for told in done],
        "to_check": [card_of(row) for row in browsing.rows_of(to_check)],
        "unanswered": [card_of(row) for row in browsing.rows_of(unanswered)],
        "process": process,
        "kind": kind,
        "kinds": [(key, f"{KINDS[key]} ({counted.get(key, 0)})") for key in KINDS],
        "processes": list(processes.items()),
        "counts": (len(faults) + len(troubled) + len(to_check), len(stuck) + len(unanswered)),
        "most": reads.SHOWN_MAX if any(len(one) >= reads.SHOWN_MAX for one in shown) else 0,
        "stuck_days": reads.STUCK_DAYS,
        "unanswered_days": reads.UNANSWERED_DAYS,
        "keeps_points": bool(points.districts(actor)),
        "acting": sitemap.address_of("web:acting"),
    }
    if request.method != "POST":
        return page(request, "exchange/desk.html", context)
    return answer(
        act(
            request,
            "exchange.listing.release",
            {"listing_id": request.POST.get("listing_id", "")},
            success_url=reverse("web:exchange_desk"),
            again="exchange/desk.html",
            context=context,
            done=T("글을 내보였습니다.", "The listing can be seen now."),
        )
    )


urlpatterns = [path("exchange/desk/", desk, name="exchange_desk")]
