"""The demo's neighbours who share: invented offers, wishes, a library and cases under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from dure.core import actions, clock
from dure.core.actions import Who, action, line
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.running import current
from dure.core.text import T
from dure.exchange import policies
from dure.exchange.counter import opens_on
from dure.exchange.models import Agreement, Asset, Match, Spec
from dure.ledger.models import Account
from dure.registry.models import Login, Mandate

MAPO = "11440"
MINUTES = 30
TOLD = "시연용으로 지어낸 글입니다."
# who, side, kind, title, neighbourhood, what is given back, minutes
LISTINGS: tuple[tuple[str, str, str, str, str, str, int], ...] = (
    ("demo_board", "offer", "garden", "화분 흙갈이 도와드려요", "합정동", "hours", 120),
    ("demo_board2", "offer", "mending", "바짓단 줄이기, 단추 달기", "망원동", "hours", 60),
    ("demo_analyst", "offer", "phone", "휴대전화 글자 키우기부터 차근차근", "서교동", "hours", 90),
    ("demo_auditor", "offer", "paper", "관공서 서류 함께 읽어요", "연남동", "hours", 60),
    ("demo_treasurer", "offer", "cooking", "반찬 만드는 법 나눠요", "성산동", "gift", 120),
    ("demo_keeper", "offer", "house", "수도꼭지·문손잡이 손보기", "망원동", "hours", 90),
    ("demo_vault", "offer", "toys", "그림책 한 상자 나눔", "합정동", "gift", 0),
    ("demo_resident", "request", "moving", "책장 옮기는 것 도와주세요", "서교동", "hours", 60),
    ("demo_official", "request", "pets", "주말에 강아지 산책 부탁해요", "연남동", "hours", 60),
    ("demo_board2", "request", "language", "영어 편지 읽어 주실 분", "성산동", "hours", 30),
)
# title, kind, how many, days, what to look at
THINGS: tuple[tuple[str, str, int, str, str], ...] = (
    ("전동 드릴", "tool", 3, "TU,TH,SA", "충전기와 드릴 날 열 개가 다 있는지"),
    ("접는 사다리 2미터", "tool", 1, "TU,TH,SA", "발 고무가 온전한지"),
    ("손수레", "cart", 2, "", "바퀴가 잘 도는지"),
    ("접는 의자 열두 개 묶음", "event", 2, "FR,SA", "의자가 열두 개인지"),
)
OPENING = {"opens": "10:00", "closes": "18:00"}
# who gives, kind, title, neighbourhood, how many; who asks and why; what happens then
Asks = tuple[tuple[str, str], ...]
GIVINGS: tuple[tuple[str, str, str, str, int, Asks, tuple[str, ...]], ...] = (
    ("demo_board", "toys", "어린이 자전거 16인치", "합정동", 1,
     (("demo_resident", "조카가 탈 거예요"), ("demo_official", "저녁에 갈 수 있어요")), ()),
    ("demo_board2", "kitchen", "6인용 밥솥", "망원동", 1,
     (("demo_resident", "동네 부엌에서 쓸 거예요"), ("demo_auditor", "")), ("choose",)),
    ("demo_treasurer", "kitchen", "접시 여섯 장", "성산동", 6,
     (("demo_analyst", ""),), ("choose", "hand_over", "accept")),
    ("demo_analyst", "aid", "보행기", "서교동", 1, (), ()),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoSharing:
    """How many listings, things and cases were invented."""

    listings: int
    things: int
    cases: int


@action(
    "exchange.demo.share",
    ko="지어낸 나눔과 물건 공유소를 채웁니다.",
    en="Fill in invented sharing and a library of things.",
    policy=policies.may_install,
    letters={},
    who=Who.OPERATOR,
    faces=("cli",),
    idempotent=True,
    long=True,
    refusals=(CoreCode.NOT_ALLOWED, CoreCode.NOT_FOUND),
)
def load_sharing(*, actor: Actor) -> DemoSharing:
    """Let the demo's people offer, ask, lend and agree, through the same actions as anybody.

    Everything is synthetic; the texts say so.
    """
    if not settings.DEMO:
        raise Refusal(CoreCode.NOT_ALLOWED, role=T("시연 설정", "demo setting"))
    found = Login.objects.filter(handle__startswith="demo_", person__isnull=False)
    people: dict[str, Actor] = {
        handle: Actor.person(person, origin="demo", assured=True)
        for handle, person in found.values_list("handle", "person_id")
    }
    if "demo_resident" not in people:
        raise Refusal(CoreCode.NOT_FOUND)
    listings = _listings(people)
    things = _things(people)
    cases = _exchanges(people, listings) + _loans(people, things)
    given, asked = _givings(people)
    do("exchange.match.run", {"district": MAPO}, Actor.operator(origin="demo"))
    line().changed("cases", None, cases + asked)
    return DemoSharing(len(listings) + given, len(things) + given, cases + asked)


def _listings(people: Mapping[str, Actor]) -> dict[str, str]:
    """Put up the listings; gives the id of each by its title."""
    specs = dict(Spec.rows.filter(scheme="dure").values_list("code", "id"))
    made = {}
    for who, side, kind, title, place, back, minutes in LISTINGS:
        if who not in people:
            continue
        body: dict[str, object] = {
            "side": side,
            "title": title,
            "text": TOLD,
            "reciprocity": back,
            "spec_id": specs[kind],
            "district": MAPO,
            "place": place,
        }
        if minutes:
            body |= {"qty_max": minutes, "unit": "MIN"}
        made[title] = str(do("exchange.listing.publish", body, people[who]).id)
    return made


def _things(people: Mapping[str, Actor]) -> dict[str, str]:
    """Fill the library of the keeper's organisation, and let a neighbour lend a tent."""
    specs = dict(Spec.rows.filter(scheme="dure").values_list("code", "id"))
    keeper = people.get("demo_keeper")
    host = _organisation(keeper)
    made = {}
    for title, kind, lanes, days, check in THINGS:
        if keeper is None or host is None:
            break
        body: dict[str, object] = {
            "title": title,
            "text": TOLD,
            "organisation_id": host,
            "spec_id": specs[kind],
            "lanes": lanes,
            "buffer_min": 30,
            "place": "시연 물건 공유소",
            "latitude_e5": 3_755_600,
            "longitude_e5": 12_691_000,
            "terms": answers(**(OPENING if days else {}), max_days="7", check_out=check),
        }
        if days:
            body["hours"] = f"FREQ=WEEKLY;BYDAY={days}"
        made[title] = str(do("exchange.asset.add", body, keeper).id)
    if "demo_board" in people:
        tent = {
            "title": "4인용 텐트",
            "text": TOLD,
            "district": MAPO,
            "spec_id": specs["camping"],
            "place": "합정동",
            "terms": answers(fee="60", fee_unit="minutes", max_days="3"),
        }
        made["4인용 텐트"] = str(do("exchange.asset.add", tent, people["demo_board"]).id)
    return made


def _organisation(keeper: Actor | None) -> str | None:
    if keeper is None:
        return None
    held = Mandate.rows.filter(person=keeper.id, role="staff", scope_kind="organisation").first()
    return held.scope_id if held is not None else None


def _exchanges(people: Mapping[str, Actor], listings: Mapping[str, str]) -> int:
    """Exchanges of hours as they stand on an ordinary day; gives how many."""
    ways: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("demo_board", "화분 흙갈이 도와드려요", ("accept",)),
        ("demo_board2", "바짓단 줄이기, 단추 달기", ("accept", "claim")),
        ("demo_analyst", "휴대전화 글자 키우기부터 차근차근", ("accept", "claim", "confirm")),
        ("demo_auditor", "관공서 서류 함께 읽어요", ("accept", "claim", "dispute")),
        ("demo_keeper", "수도꼭지·문손잡이 손보기", ()),
    )
    given = {"claim": {"minutes": str(MINUTES)}, "dispute": {"why": "15분쯤 걸렸어요"}}
    count = 0
    for days, (who, title, steps) in enumerate(ways, start=1):
        if who not in people or title not in listings:
            continue
        asks = _requester(people, who)
        case = _ask(asks, listings[title], days)
        count += 1
        for name in steps:
            by = asks if name in ("confirm", "dispute") else people[who]
            _step(case, name, by, **given.get(name, {}))
    wish = listings.get("책장 옮기는 것 도와주세요")
    if wish and "demo_board2" in people:
        do("exchange.listing.answer", {"listing_id": wish}, people["demo_board2"])
        assert Match.rows.filter(request_id=UUID(wish)).exists()
    return count


def _requester(people: Mapping[str, Actor], provider: str) -> Actor:
    """The resident while she has minutes to spend, else whoever has most; never the provider."""
    rows = Account.rows.filter(unit__code="TIME", owner_person__in=[a.id for a in people.values()])
    left = {account.owner_person_id: account.spendable or 0 for account in rows}
    resident = people["demo_resident"]
    if left.get(resident.id, 0) >= MINUTES:
        return resident
    others = [actor for name, actor in sorted(people.items()) if name != provider]
    return max(others, key=lambda actor: left.get(actor.id, 0))


def _ask(resident: Actor, listing: str, days: int) -> str:
    begins = _day(days, 10)
    body = {
        "process": "time_exchange",
        "start": "request",
        "listing_id": listing,
        "starts": begins.isoformat(),
        "ends": (begins + timedelta(minutes=MINUTES)).isoformat(),
        "terms": answers(minutes=str(MINUTES), place="시연 마을회관 앞"),
    }
    return str(do("exchange.agreement.open", body, resident).id)


def _loans(people: Mapping[str, Actor], things: Mapping[str, str]) -> int:
    """Two loans: one that is booked, one that is out."""
    keeper, resident = people.get("demo_keeper"), people.get("demo_resident")
    if keeper is None or resident is None or "전동 드릴" not in things:
        return 0
    drill = Asset.rows.get(id=things["전동 드릴"])
    first, back = [day for day in range(3, 17) if _opens_in(drill, day)][:2]
    booked = _hold(resident, things["전동 드릴"], _day(first, 10), back - first)
    _step(booked, "book", resident)
    out = _hold(resident, things["손수레"], clock.now() + timedelta(minutes=1), 2)
    _step(out, "book", resident)
    _step(out, "check_out", resident)
    _step(out, "check_out", keeper)
    return 2


def _givings(people: Mapping[str, Actor]) -> tuple[int, int]:
    """Things that are given away: asked for, promised, handed over; gives how many, and how many
    asked."""
    specs = dict(Spec.rows.filter(scheme="dure").values_list("code", "id"))
    count = asked = 0
    for who, kind, title, place, pieces, asks, steps in GIVINGS:
        if who not in people:
            continue
        body = {
            "title": title,
            "text": TOLD,
            "spec_id": specs[kind],
            "pieces": pieces,
            "condition": "fair",
            "district": MAPO,
            "place": place,
        }
        listing = str(do("exchange.giving.offer", body, people[who]).id)
        count += 1
        cases = [
            (people[by], _ask_for(people[by], listing, note)) for by, note in asks if by in people
        ]
        asked += len(cases)
        if cases:
            _give(people[who], *cases[0], steps)
    return count, asked


def _ask_for(who: Actor, listing: str, note: str) -> str:
    body = {
        "process": "give_away",
        "start": "ask",
        "listing_id": listing,
        "terms": answers(note=note) if note else (),
    }
    return str(do("exchange.agreement.open", body, who).id)


def _give(giver: Actor, receiver: Actor, case: str, steps: tuple[str, ...]) -> None:
    """Promise it for the day after tomorrow, and go on as far as these steps."""
    if "choose" in steps:
        meeting = {"place": "시연 마을회관 앞", "on": f"{_day(2, 18).date()}", "at": "18:00"}
        _step(case, "choose", giver, **meeting)
    if "hand_over" in steps:
        _step(case, "hand_over", giver)
        _step(case, "hand_over", receiver)
    if "accept" in steps:
        _step(case, "accept", receiver)


def _hold(borrower: Actor, asset: str, starts: datetime, days: int) -> str:
    body = {
        "process": "equipment_loan",
        "start": "hold",
        "asset_id": asset,
        "starts": starts.isoformat(),
        "ends": (starts + timedelta(days=days)).isoformat(),
    }
    return str(do("exchange.agreement.open", body, borrower).id)


def _step(case: str, name: str, by: Actor, **given: str) -> None:
    state = Agreement.rows.get(id=case).state
    body = {
        "agreement_id": case,
        "transition": name,
        "state": state,
        "answers": answers(**given),
    }
    do("exchange.agreement.step", body, by)


def do(name: str, body: Mapping[str, object], actor: Actor) -> Any:  # Any: what it answers
    """One action after another in one transaction; each begins the order of locks anew.

    Nobody waits for these rows: they were made here and nobody sees them before the end.
    """
    current().locked = (0, 0, 0)
    return actions.run(name, body, actor).result


def _opens_in(thing: Asset, days: int) -> bool:
    return opens_on(thing.hours, clock.today() + timedelta(days=days))


def _day(days: int, hour: int) -> datetime:
    day = clock.today() + timedelta(days=days)
    return datetime.combine(day, time(hour), clock.SEOUL)


def answers(**given: str) -> tuple[dict[str, str], ...]:
    return tuple({"name": name, "value": value} for name, value in given.items())
