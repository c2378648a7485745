"""The meeting points of a district, as its staff keep them: list, map, add, correct, retire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core.actors import Actor
from dure.core.text import T
from dure.exchange.queries import points
from dure.exchange.queries.points import Filters
from dure.interfaces.web import exchange_words as words
from dure.interfaces.web.base import act, body_of, page, paged, picked
from dure.interfaces.web.listings import answer
from dure.interfaces.web.money_frame import signed_in
from dure.interfaces.web.point_maps import PointMap, place_text, point_map, read_place

KINDS: Mapping[str, T] = {
    "station": T("역", "Station"),
    "bus_stop": T("버스 정류장", "Bus stop"),
    "parking": T("공영 주차장", "Public car park"),
    "office": T("주민센터·구청", "Public office"),
    "library": T("도서관", "Library"),
    "market": T("시장", "Market"),
    "park": T("공원", "Park"),
    "school": T("학교", "School"),
    "hospital": T("병원·보건소", "Hospital or clinic"),
    "square": T("광장·그 밖의 공공장소", "Square or other public place"),
}
STATES: Mapping[str, tuple[str, T]] = {
    "chosen": ("ok", T("쓰는 곳", "In use")),
    "closing": ("wait", T("더 고르지 않음", "Chosen no more")),
    "retired": ("off", T("내린 곳", "Retired")),
}
LABELS = {
    "district": T("자치구", "District"),
    "ko": T("이름", "Name"),
    "en": T("영문 이름", "English name"),
    "kind": T("어떤 곳", "Kind of place"),
    "point": T("지도의 자리", "Point on the map"),
    "latitude_e5": T("지도의 자리", "Point on the map"),
    "longitude_e5": T("지도의 자리", "Point on the map"),
}
STATE_NAMES = {key: text for key, (_, text) in STATES.items()}


def kept(request: HttpRequest) -> tuple[Actor, list[tuple[str, str]], str]:
    """Who reads, the districts that she keeps, and the one that is asked for."""
    actor = signed_in(request)
    districts = points.districts(actor)
    if not districts:
        raise Http404
    asked = request.GET.get("district", "")
    return actor, districts, asked if asked in dict(districts) else districts[0][0]


def listed(request: HttpRequest) -> HttpResponse:
    """The points of the district on a map and in a list, by name and state."""
    actor, districts, district = kept(request)
    filters = Filters(
        request.GET.get("q", "").strip()[: points.TEXT_MAX],
        picked(request, "state", STATE_NAMES),
        district,
    )
    rows = paged(request, points.found(filters, actor))
    cards = [card_of(points.told(row), n) for n, row in enumerate(rows, rows.start_index())]
    pins = [
        (card["number"], card["name"], card["href"], (one.latitude_e5, one.longitude_e5))
        for card in cards
        for one in (card["point"],)
    ]
    title = T("만나는 곳", "Meeting points")
    context = {
        "rows": rows,
        "cards": cards,
        "filters": filters,
        "districts": districts if len(districts) > 1 else [],
        "states": words.options(STATE_NAMES),
        "is_filtered": bool(filters.text or filters.state),
        "map": point_map(str(title), district, pins) if pins else None,
        "new": f"{reverse('web:ride_point_new')}?district={district}",
    }
    return page(request, "exchange/rides/points.html", context)


def card_of(one: points.Point, number: int = 0) -> dict[str, Any]:  # Any: for a template
    """A point as a list shows it."""
    mark, state = STATES[one.state]
    return {
        "point": one,
        "number": str(number),
        "name": str(one.text),
        "kind": KINDS[one.kind],
        "state": state,
        "mark": mark,
        "href": reverse("web:ride_point", args=[one.code]),
    }


def new(request: HttpRequest) -> HttpResponse:
    """Add a public place of a district."""
    _, districts, district = kept(request)
    context = form_of(district, None) | {"district": district, "name": dict(districts)[district]}
    if request.method != "POST":
        return page(request, "exchange/rides/point_form.html", context)
    return answer(
        act(
            request,
            "exchange.meeting_point.add",
            {**body_of_point(request), "district": district},
            success_url=lambda done: reverse("web:ride_point", args=[done.result.code]),
            again="exchange/rides/point_form.html",
            context=context,
            labels=LABELS,
            done=T("만나는 곳을 더했습니다.", "The meeting point is added."),
        )
    )


def form_of(district: str, one: points.Point | None) -> dict[str, object]:
    """What the form of a point offers and shows."""
    pins = [] if one is None else [("1", str(one.text), "", (one.latitude_e5, one.longitude_e5))]
    return {
        "one": one,
        "kinds": words.options(KINDS),
        "where": place_text((one.latitude_e5, one.longitude_e5)) if one else "",
        "map": _map(district, pins),
    }


def _map(district: str, pins: list[Any]) -> PointMap:  # Any: number, name, address and place
    return point_map(str(T("자치구 지도", "Map of the district")), district, pins)


def body_of_point(request: HttpRequest) -> dict[str, object]:
    """The typed form as a body; what is no place on a map is left to the action to refuse."""
    body = body_of(request, "kind", "ko", "en")
    typed = request.POST.get("point", "").strip()
    try:
        body["latitude_e5"], body["longitude_e5"] = read_place(typed)
    except ValueError:
        if typed:
            body["latitude_e5"] = body["longitude_e5"] = typed[:40]
    return body


DONE = {
    "change": T("저장했습니다.", "Saved."),
    "close": T(
        "새로 고를 수 없게 했습니다. 이미 한 약속은 그대로입니다.",
        "Nobody can choose it any more; what was agreed stands.",
    ),
    "open": T("다시 고를 수 있습니다.", "It can be chosen again."),
    "retire": T("목록에서 내렸습니다.", "It is off the list."),
}


def point(request: HttpRequest, code: str) -> HttpResponse:
    """One point: who counts on it, correct it, let nobody choose it any more, retire it."""
    actor, _, _ = kept(request)
    found = points.point(code, actor)
    if found is None:
        raise Http404
    one, use = found
    context = {**form_of(one.district, one), "card": card_of(one), "use": use}
    if request.method != "POST":
        return page(request, "exchange/rides/point.html", context)
    do = request.POST.get("do", "")
    bodies: dict[str, dict[str, object]] = {
        "close": {"closing": True},
        "open": {"closing": False},
        "retire": {},
    }
    body = bodies[do] if do in bodies else body_of_point(request)
    name = "retire" if do == "retire" else "change"
    back = reverse("web:ride_points") if do == "retire" else reverse("web:ride_point", args=[code])
    return answer(
        act(
            request,
            f"exchange.meeting_point.{name}",
            {**body, "code": code},
            success_url=back,
            again="exchange/rides/point.html",
            context=context,
            labels=LABELS,
            done=DONE.get(do, DONE["change"]),
        )
    )


HERE = "exchange/desk/points/"
urlpatterns = [
    path(HERE, listed, name="ride_points"),
    path(f"{HERE}new/", new, name="ride_point_new"),
    path(f"{HERE}<slug:code>/", point, name="ride_point"),
]
