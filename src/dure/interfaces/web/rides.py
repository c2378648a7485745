"""Shared rides: find one, ask for a seat, offer one, look for one; taps on the day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core import clock, rulebook, rulebook_reading
from dure.core.actors import Actor
from dure.core.text import T
from dure.exchange.meeting_points import meeting_points
from dure.exchange.queries import agreements, rides
from dure.exchange.queries.rides import Found, Safety, TripView
from dure.exchange.riding import stop_at
from dure.interfaces.web import exchange_words as words
from dure.interfaces.web import formats
from dure.interfaces.web.agreements import deadline_of, href_of, opens_of, state_kind
from dure.interfaces.web.base import act, body_of, known_actor, page, see
from dure.interfaces.web.exchange_forms import WORDS
from dure.interfaces.web.listings import answer
from dure.interfaces.web.money_frame import date_or_none, signed_in

SESSION = "ride_safety"
WISHES: Mapping[str, T] = {
    "woman": T("여성", "A woman"),
    "no_smoking": T("차에서 담배를 피우지 않음", "No smoking in the car"),
    "guardian": T("보호자에게 알림", "A guardian knows"),
}
LABELS = {
    **words.LABELS,
    **WORDS,
    "stops": T("타고 내리는 곳", "Stops"),
    "board": T("타는 곳", "Get in at"),
    "alight": T("내리는 곳", "Get out at"),
    "at": T("시각", "Time"),
    "seats": T("빈자리", "Free seats"),
    "rrule": T("되풀이하는 요일", "Days on which it repeats"),
    "won_per_km": T("1킬로미터에 나눌 돈", "Shared a kilometre"),
    "detour_percent": T("돌아갈 수 있는 만큼", "How much of a detour"),
    "meet": T("만나는 자리", "Where exactly"),
}
DAY = {
    "skip": (
        "exchange.ride.skip",
        T("그날은 쉽니다. 함께 타려던 이웃에게 알렸습니다.", "It rests that day; riders are told."),
    ),
    "shift": (
        "exchange.ride.shift",
        T(
            "시각을 바꾸었습니다. 함께 타는 이웃에게 알렸습니다.",
            "The time is changed; riders are told.",
        ),
    ),
}
CAPS = ("won_per_km_max", "share_won_max", "paid_hours")
LARGE = ("accept", "board", "alight", "confirm")


def choices() -> list[tuple[str, str]]:
    """The public meeting points to choose from."""
    return [(code, str(one.text)) for code, one in meeting_points().items()]


def safety_of(request: HttpRequest, actor: Actor) -> Safety:
    """What the reader asks of others and says of herself, as this session keeps it."""
    kept = request.session.get(SESSION)
    if actor.behalf is None or not kept or kept.get("of") != str(actor.behalf):
        return Safety()
    return Safety(
        tuple(one for one in kept.get("wants", ()) if one in WISHES),
        tuple(one for one in kept.get("says", ()) if one in WISHES),
        str(kept.get("stamp", "")),
    )


def find(request: HttpRequest) -> HttpResponse:
    """Which cars go my way about that time; of the others, why not."""
    actor = known_actor(request)
    board, alight = request.GET.get("board", ""), request.GET.get("alight", "")
    on = date_or_none(request.GET.get("on", ""))
    wanted = rides.way(board, alight, _moment(on, request.GET.get("at", "")))
    safety = safety_of(request, actor)
    fit, others = rides.search(wanted, safety, actor) if wanted is not None else ([], [])
    query = urlencode({"board": board, "alight": alight})
    context = {
        "points": choices(),
        "board": board,
        "alight": alight,
        "on": on or clock.today() + timedelta(days=1),
        "at": request.GET.get("at", "") or "08:00",
        "asked": any(request.GET.get(name) for name in ("board", "alight", "on")),
        "wanted": wanted,
        "found": [card_of(one, query) for one in fit],
        "others": [card_of(one, query) for one in others],
        "wish": f"{reverse('web:ride_wish')}?{request.GET.urlencode()}",
        "signed_in": actor.id is not None,
        "is_filtered": safety != Safety(),
    }
    return page(request, "exchange/rides/find.html", context)


def _moment(on: Any, at: str) -> datetime | None:  # Any: a date or none
    if on is None:
        return None
    try:
        return datetime.combine(on, time.fromisoformat(at.strip() or "08:00"), clock.SEOUL)
    except ValueError:
        return None


def card_of(one: Found, query: str) -> dict[str, object]:
    """A trip as a list shows it."""
    return {
        "ride": one,
        "href": f"{reverse('web:ride', args=[one.id])}?{query}",
        "when": f"{formats.local(one.board_at):%H:%M} → {formats.local(one.alight_at):%H:%M}",
        "leaves": f"{formats.local(one.departs):%H:%M}",
        "back": back(one.back, one.share_won),
        "wait": abs(one.wait_min),
        "is_later": one.wait_min > 0,
    }


def back(kind: str, won: int) -> str:
    """What a rider gives back, in words."""
    if kind == "gift":
        return str(T("그냥 태워 드려요", "Free of charge"))
    amount = formats.won(won)
    text = T("비용 나눔 %(n)s까지", "Up to %(n)s of the cost") % {"n": amount}
    return f"{text} ({T('지역상품권', 'voucher')})" if kind == "voucher" else text


# --- one trip


def trip_or_404(request: HttpRequest, asset_id: UUID, actor: Actor) -> TripView:
    """A trip that the reader may see; one that does not suit is not there."""
    found = rides.trip(asset_id, safety_of(request, actor), actor)
    if found is None:
        raise Http404
    return found


def ride(request: HttpRequest, asset_id: UUID) -> HttpResponse:
    """One trip: its stops, the seats of each leg, who rides along, and what I may do now."""
    actor = known_actor(request)
    view = trip_or_404(request, asset_id, actor)
    context = context_of(request, view, actor)
    if request.method != "POST":
        return page(request, "exchange/rides/ride.html", context)
    signed_in(request)
    here = reverse("web:ride", args=[view.id])
    if request.POST.get("do") == "ask":
        safety = safety_of(request, actor)
        body = {
            "trip_id": str(view.id),
            **body_of(request, "board", "alight", "note"),
            "wants": safety.wants,
            "says": safety.says,
            **({"stamp": safety.stamp} if safety.stamp else {}),
        }
        name, done = "exchange.ride.ask", T("자리를 부탁했습니다.", "You have asked for a seat.")
    elif request.POST.get("do") in DAY:
        name, done = DAY[request.POST["do"]]
        body = {"trip_id": str(view.id), **body_of(request, "at")}
    else:
        body = {
            **body_of(request, "transition", "state"),
            "agreement_id": request.POST.get("case", ""),
        }
        name, done = "exchange.agreement.step", T("저장했습니다.", "Saved.")
    return answer(
        act(
            request,
            name,
            body,
            success_url=reverse("web:ride_mine") if name == "exchange.ride.skip" else here,
            again="exchange/rides/ride.html",
            context=context,
            labels=LABELS,
            done=done,
        )
    )


def context_of(request: HttpRequest, view: TripView, actor: Actor) -> dict[str, object]:
    """What the page of a trip shows."""
    board, alight = request.GET.get("board", ""), request.GET.get("alight", "")
    halts = [(one.key, f"{one.text} {formats.local(one.at):%H:%M}") for one in view.halts]
    known = {key for key, _ in halts}
    others = [(key, text) for key, text in choices() if key not in known]
    board = board if stop_at(board) else halts[0][0]
    alight = alight if stop_at(alight) else halts[-1][0]
    begin, end = stop_at(board), stop_at(alight)
    share = rides.share_of(view, begin, end) if begin and end else view.share_won_max
    return {
        "view": view,
        "when": words.moment(view.departs),
        "title": " → ".join(str(one.text) for one in (view.halts[0], view.halts[-1])),
        "back": back(view.back, share),
        "legs": [{"leg": one, "when": f"{formats.local(one.begins):%H:%M}"} for one in view.legs],
        "last_at": f"{formats.local(view.halts[-1].at):%H:%M}",
        "boards": halts[:-1] + others,
        "alights": halts[1:] + others,
        "board": board,
        "alight": alight,
        "cases": cards_of(view, actor) if actor.id is not None else [],
        "can_ask": actor.id is not None
        and not (view.is_mine or view.is_over or view.is_retired or view.my_case),
        "can_change": view.is_mine and not view.is_retired and view.departs > clock.now(),
        "leaves_at": f"{formats.local(view.departs):%H:%M}",
        "signed_in": actor.id is not None,
        "caps": caps(),
    }


def caps() -> list[dict[str, object]]:
    """The rules that cap a share, with their sources."""
    found = [rulebook_reading.rule(f"exchange.ride.{key}") for key in CAPS]
    return [
        {
            "name": one.text,
            "source": one.now.source if one.now else "",
            "href": reverse("web:rule", args=[one.key]),
        }
        for one in found
    ]


def cards_of(view: TripView, actor: Actor) -> list[dict[str, object]]:
    """Who rides along, or asks to, with the steps that the reader may take now."""
    found = rides.cases(view.id, actor)
    told = agreements.told(found, actor)
    cards: list[dict[str, object]] = []
    for case, one in zip(found, told, strict=True):
        board, alight = rides.halts_of(case)
        now = [s for s in one.steps if s.opens is None and (s.name in LARGE or s.asks is None)]
        rider = next((s for s in agreements.sides(case, actor) if not s.is_me), None)
        cards.append(
            {
                "told": one,
                "who": rider.name if rider is not None else "",
                "board": board,
                "alight": alight,
                "note": case.terms.get("note", ""),
                "kind": state_kind(one),
                "deadline": deadline_of(one),
                "href": href_of(one),
                "id": str(one.id),
                "opens": opens_of(one),
                "next": one.steps[0] if one.opens else None,
                "large": [s for s in now if s.name in LARGE],
                "small": [s for s in now if s.name not in LARGE and not s.is_way_out],
                "out": [s for s in now if s.is_way_out],
            }
        )
    return cards


# --- safety: what one asks of others, never shown


def safety(request: HttpRequest) -> HttpResponse:
    """What I ask of those I ride with, and say of myself: kept in this session, shown to nobody;
    changed seldom, so that nobody finds out by trying what others ask."""
    actor = signed_in(request)
    held = safety_of(request, actor)
    context = {
        "wishes": words.options(WISHES),
        "wants": list(held.wants),
        "says": list(held.says),
        **rulebook.value("exchange.ride.words").value,
    }
    if request.method != "POST":
        return page(request, "exchange/rides/safety.html", context)
    given = body_of(request, lists=("wants", "says"))
    wants = tuple(str(one) for one in given["wants"])  # type: ignore[attr-defined]  # texts
    says = tuple(str(one) for one in given["says"])  # type: ignore[attr-defined]  # texts
    if (wants, says) == (held.wants, held.says):
        return see(reverse("web:rides"))
    stamp = ""
    if wants or says:
        done = act(
            request,
            "exchange.ride.declare",
            {"wants": wants, "says": says},
            again="exchange/rides/safety.html",
            context=context,
        )
        if isinstance(done, HttpResponse):
            return done
        stamp = done.result.stamp
    kept = {"stamp": stamp, "wants": wants, "says": says}
    request.session[SESSION] = {"of": str(actor.behalf), **kept}
    return see(reverse("web:rides"))


HERE = "exchange/rides/"
urlpatterns = [
    path(HERE, find, name="rides"),
    path(f"{HERE}safety/", safety, name="ride_safety"),
    path(f"{HERE}<uuid:asset_id>/", ride, name="ride"),
]
