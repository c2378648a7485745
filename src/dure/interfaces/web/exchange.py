"""What neighbours can do together: the door to listings, things, agreements, repairs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from dure.core.text import T
from dure.exchange import queries
from dure.exchange.queries import desk
from dure.interfaces.web import sitemap
from dure.interfaces.web.base import known_actor, page

DOORS = (
    (
        "web:exchange_mine",
        T("내 약속", "My agreements"),
        T(
            "지금 할 일, 맡겨 둔 것, 기다리는 것.",
            "What to do now, what is held, and whom you wait for.",
        ),
    ),
    (
        "web:listings",
        T("나눔과 요청", "Offers and requests"),
        T("이웃이 나누는 것, 부탁하는 것을 찾습니다.", "Find what neighbours offer and ask."),
    ),
    (
        "web:library",
        T("물건 빌리기", "Borrow things"),
        T("공구와 살림을 날을 골라 빌립니다.", "Choose a day and borrow tools and things."),
    ),
    (
        "web:giving",
        T("물건 물려주기", "Giving things away"),
        T(
            "쓰지 않는 물건을 물려주고, 필요한 것을 물려받습니다.",
            "Pass on what you no longer use, and find what you need.",
        ),
    ),
    (
        "web:food",
        T("먹거리 함께 사기", "Food hub"),
        T(
            "가까운 농가의 먹거리를 함께 주문하고 나눕니다.",
            "Order from nearby farms together and share.",
        ),
    ),
    (
        "web:rides",
        T("함께 타기", "Shared rides"),
        T("같은 길을 가는 이웃의 차에 함께 탑니다.", "Ride along in a neighbour's car."),
    ),
    (
        "web:pools",
        T("함께 나누는 모음", "Pools"),
        T(
            "모자란 것과 모인 시간을 규칙으로 나눕니다.",
            "What is scarce, and hours that neighbours gave, divided by a rule.",
        ),
    ),
    (
        "web:repair",
        T("수리 모임", "Repair events"),
        T("고장 난 물건을 이웃과 함께 고칩니다.", "Bring what is broken; mend it together."),
    ),
)
MORE = (
    ("web:repair_numbers", T("수리 통계", "Repair numbers")),
    ("web:exchange_processes", T("약속은 어떻게 흘러가나요?", "How does an agreement run?")),
)


def exchange(request: HttpRequest) -> HttpResponse:
    """What neighbours can do together here; a page that does not stand yet has no door."""
    rows = queries.event_rows(list(queries.events(upcoming=True)[:3]))
    actor = known_actor(request)
    doors = [
        {"href": href, "title": str(title), "text": str(text)}
        for name, title, text in DOORS
        if (href := sitemap.address_of(name)) is not None
        and (name != "web:exchange_mine" or actor.id is not None)
    ]
    more = [
        {"href": href, "title": str(title)}
        for name, title in MORE
        if (href := sitemap.address_of(name)) is not None
    ]
    coordinates = desk.coordinates(actor)
    context = {"events": rows, "doors": doors, "more": more, "coordinates": coordinates}
    return page(request, "exchange/home.html", context)


urlpatterns = [path("exchange/", exchange, name="exchange")]
