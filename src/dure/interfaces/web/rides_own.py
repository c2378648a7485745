"""My side of shared rides: seats that I offer, a ride that I look for, who looks for one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core import clock, rulebook
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.incoming import NEEDED
from dure.core.text import T
from dure.exchange.queries import rides_own as rides
from dure.interfaces.web import exchange_words as words
from dure.interfaces.web import formats
from dure.interfaces.web.base import act, body_of, known_actor, page, refused
from dure.interfaces.web.listings import answer
from dure.interfaces.web.money_frame import signed_in
from dure.interfaces.web.rides import LABELS, WISHES, choices

PAID_RULE = "exchange.ride.paid_hours"
STOPS = ("from", "via1", "via2", "via3", "to")
BACKS = {
    "gift": T("그냥 태워 드려요", "Free of charge"),
    "won": T("차 비용을 나눔(원)", "Share the cost (won)"),
    "voucher": T("차 비용을 나눔(지역상품권)", "Share the cost (voucher)"),
}
OFFER_LABELS = {
    **LABELS,
    "from": T("떠나는 곳", "Leaves from"),
    "to": T("가는 곳", "Goes to"),
    "reciprocity": T("무엇으로 주고받나요?", "What is given in return?"),
}


def offer(request: HttpRequest) -> HttpResponse:
    """Offer seats: the way, the time, once or on some days, and what is shared."""
    signed_in(request)
    most = rulebook.value("exchange.ride.won_per_km_max").integer
    context = {
        "points": choices(),
        "days": [(code, str(text)) for code, text in words.WEEKDAYS.items()],
        "seats": [(str(n), str(n)) for n in range(1, 5)],
        "backs": words.options(BACKS),
        "wishes": words.options(WISHES),
        "most": formats.won(most),
        "hours": ", ".join(f"{a}–{b}" for a, b in rulebook.value(PAID_RULE).value),
        "tomorrow": words.day_after(clock.today().isoformat()),
        "detours": [(str(n), f"{n} %") for n in (0, 10, 25, 50)],
    }
    if request.method != "POST":
        return page(request, "exchange/rides/offer.html", context)
    again = "exchange/rides/offer.html"
    blank = [name for name in ("from", "to") if not request.POST.get(name, "").strip()]
    if blank:
        refusal = Refusal(
            CoreCode.BAD_FIELD, field=blank[0], details=tuple((name, NEEDED) for name in blank)
        )
        return refused(request, refusal, again=again, context=context, labels=OFFER_LABELS)
    return answer(
        act(
            request,
            "exchange.ride.offer",
            body_of_offer(request),
            success_url=reverse("web:ride_mine"),
            again=again,
            context=context,
            labels=OFFER_LABELS,
            done=T("함께 탈 자리를 내놓았습니다.", "Your seats are offered."),
        )
    )


def body_of_offer(request: HttpRequest) -> dict[str, object]:
    """The body of an offer as its form gives it."""
    given = body_of(request, *STOPS, "on", "at", "reciprocity", "meet", "text")
    lists = body_of(request, lists=("days", "wants", "says", "holidays"))
    halts = [str(given.pop(name)) for name in STOPS if name in given]
    numbers = body_of(request, "seats", "won_per_km", "detour_percent")
    days = [code for code in words.WEEKDAYS if code in set(lists["days"])]  # type: ignore[call-overload]  # a tuple
    return {
        **given,
        **{name: words.number(str(value)) for name, value in numbers.items()},
        "stops": tuple({"point": one} for one in halts),
        "wants": lists["wants"],
        "says": lists["says"],
        "holidays": bool(lists["holidays"]),
        **({"rrule": f"FREQ=WEEKLY;BYDAY={','.join(days)}"} if days else {}),
    }


def mine(request: HttpRequest) -> HttpResponse:
    """The rides that I offer and their next trips: who asks, who comes along."""
    actor = signed_in(request)
    context: dict[str, object] = {"rides": _cards(actor)}
    if request.method != "POST":
        return page(request, "exchange/rides/mine.html", context)
    return answer(
        act(
            request,
            "exchange.ride.stop",
            body_of(request, "listing_id", "last_on"),
            success_url=reverse("web:ride_mine"),
            again="exchange/rides/mine.html",
            context=context,
            labels=LABELS,
            done=T("저장했습니다.", "Saved."),
        )
    )


def _cards(actor: Actor) -> list[dict[str, object]]:
    names = words.WEEKDAYS
    return [
        {
            "ride": one,
            "last": one.last,
            "rhythm": " ".join(
                str(names[code])
                for code in one.rrule.partition("BYDAY=")[2].split(";")[0].split(",")
                if code in names
            ),
            "trips": [{"trip": trip, "when": words.moment(trip.departs)} for trip in one.trips],
        }
        for one in rides.mine(actor)
    ]


def wish(request: HttpRequest) -> HttpResponse:
    """Say from where to where and when I would ride along."""
    signed_in(request)
    given = {name: request.GET.get(name, "") for name in ("board", "alight", "on", "at")}
    given["on"] = given["on"] or words.day_after(clock.today().isoformat())
    context: dict[str, object] = {"points": choices(), "given": given}
    if request.method != "POST":
        return page(request, "exchange/rides/wish.html", context)
    body = body_of(request, "board", "alight", "on", "at", "text")
    for name in ("board", "alight"):
        body[name] = {"point": body[name]} if name in body else {}
    return answer(
        act(
            request,
            "exchange.ride.wish",
            body,
            success_url=reverse("web:ride_wishes"),
            again="exchange/rides/wish.html",
            context=context,
            labels=LABELS,
            done=T(
                "올렸습니다. 그 길을 가는 이웃이 알려 올 거예요.",
                "It is up; neighbours who drive that way can propose their car.",
            ),
        )
    )


def wishes(request: HttpRequest) -> HttpResponse:
    """Who looks for a ride; where my own trip would do, I can propose it."""
    actor = known_actor(request)
    context: dict[str, object] = {
        "wishes": [
            {
                "wish": one,
                "when": words.moment(one.at),
                "trips": [
                    {"id": pk, "title": title, "when": words.moment(at)}
                    for pk, title, at in one.trips
                    if pk not in one.proposed
                ],
            }
            for one in rides.wishes(actor)
        ],
        "signed_in": actor.id is not None,
    }
    if request.method != "POST":
        return page(request, "exchange/rides/wishes.html", context)
    signed_in(request)
    return answer(
        act(
            request,
            "exchange.ride.propose",
            body_of(request, "listing_id", "trip_id"),
            success_url=reverse("web:ride_wishes"),
            again="exchange/rides/wishes.html",
            context=context,
            labels=LABELS,
            done=T("내 차를 알렸습니다.", "They are told of your car."),
        )
    )


HERE = "exchange/rides/"
urlpatterns = [
    path(f"{HERE}new/", offer, name="ride_new"),
    path(f"{HERE}mine/", mine, name="ride_mine"),
    path(f"{HERE}wish/", wish, name="ride_wish"),
    path(f"{HERE}wishes/", wishes, name="ride_wishes"),
]
