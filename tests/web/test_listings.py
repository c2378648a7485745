"""Offers and requests as pages: found, filtered, mapped, written, changed, closed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.test import Client

from dure.core.actors import Actor, Role
from dure.engines.sphere import Point, distance_km
from dure.exchange.models import Listing, Spec
from dure.exchange.searching import key_of
from dure.interfaces.web import exchange_words as words
from tests.harness.given import given
from tests.harness.people import JONGNO, MAPO, district, person_with
from tests.web.walk import client_of

pytestmark = pytest.mark.usefixtures("db")
HERE = "/exchange/listings/"
AT = datetime(2026, 5, 10, 5, tzinfo=UTC)


def listing(title: str, actor: Actor, **more: object) -> Listing:
    """An open listing of a person."""
    values: dict[str, object] = {
        "side": "offer",
        "reciprocity": "gift",
        "audience": "public",
        "district": district(MAPO),
        "created_at": AT,
        **more,
    }
    with given() as audit:
        return Listing.rows.create(
            id=uuid4(),
            person=actor.id,
            title=title,
            search_key=key_of(title, most=400),
            audit=audit,
            **values,
        )


def text_of(client: Client, path: str, status: int = 200) -> str:
    """The text of a page with this status."""
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def test_empty_list_says_so_in_both_languages() -> None:
    assert "아직 글이 없습니다" in text_of(Client(), HERE)
    assert "No listing yet" in text_of(Client(), f"/en{HERE}")


def test_half_a_word_finds_and_another_does_not() -> None:
    me = person_with(Role.RESIDENT, district=MAPO)
    listing("전동 드릴 빌려드려요", me)
    for typed in ("드릴", "전동드", "드리"):
        assert "전동 드릴" in text_of(Client(), f"{HERE}?q={typed}")
    assert "찾는 글이 없습니다" in text_of(Client(), f"{HERE}?q=사다리")


def test_initials_find_a_title_and_not_the_letters_of_a_text() -> None:
    me = person_with(Role.RESIDENT, district=MAPO)
    listing("전동 드릴 빌려드려요", me)
    for typed in ("ㅈㄷㄷㄹ", "ㄷㄹ", "ㄷㄹ ㅂㄹ"):
        assert "전동 드릴" in text_of(Client(), f"{HERE}?q={typed}"), typed
    for typed in ("ㅅㄷㄹ", "ㄷㅈ"):
        assert "찾는 글이 없습니다" in text_of(Client(), f"{HERE}?q={typed}"), typed


def test_near_a_point_by_the_ruler_of_the_sphere() -> None:
    me = person_with(Role.RESIDENT, district=MAPO)
    here = Point(37.5496, 126.9139)  # the point mapo-hapjeong of the list
    places = {"가까운 것": (3_755_000, 12_692_000), "먼 것": (3_756_500, 12_695_000)}
    for title, (latitude, longitude) in places.items():
        listing(title, me, latitude_e5=latitude, longitude_e5=longitude)
    listing("곳을 모르는 것", me)
    far = {
        title: distance_km(here, Point(latitude / 1e5, longitude / 1e5))
        for title, (latitude, longitude) in places.items()
    }
    assert far["가까운 것"] < 1 < 2 < far["먼 것"] < 5
    for km, seen in ((1, ["가까운 것"]), (2, ["가까운 것"]), (5, ["가까운 것", "먼 것"])):
        page = text_of(Client(), f"{HERE}?near=mapo-hapjeong&km={km}")
        assert [title for title in (*places, "곳을 모르는 것") if title in page] == seen
    for query in ("near=mapo-hapjeong", "km=1", "near=nowhere&km=1", "near=mapo-hapjeong&km=3"):
        assert "곳을 모르는 것" in text_of(Client(), f"{HERE}?{query}"), query


def test_filters_narrow_by_side_kind_district_return_and_day() -> None:
    me = person_with(Role.RESIDENT, district=MAPO)
    spec = Spec.rows.get(scheme="dure", code="garden")
    days = DateTimeTZRange(AT, AT + timedelta(days=2))
    listing("텃밭 돕기", me, spec=spec, window=days, reciprocity="hours", rate=1, unit="MIN")
    listing("의자 구해요", me, side="request", district=district(JONGNO))
    for query, seen, unseen in (
        ("side=request", "의자", "텃밭"),
        ("kind=skill", "텃밭", "의자"),
        (f"district={JONGNO}", "의자", "텃밭"),
        ("back=hours", "텃밭", "의자"),
        ("on=2026-05-20", "의자", "텃밭"),
    ):
        page = text_of(Client(), f"{HERE}?{query}")
        assert seen in page, query
        assert unseen not in page, query
    assert "텃밭" in text_of(Client(), f"{HERE}?on=2026-05-11")


def test_neighbourhood_narrows_within_a_district() -> None:
    me = person_with(Role.RESIDENT, district=MAPO)
    listing("사다리", me, place="합정동")
    listing("망치", me, place="서교동")
    assert "동네로 좁히기" in text_of(Client(), f"{HERE}?district={MAPO}")
    page = text_of(Client(), f"{HERE}?district={MAPO}&place=합정동")
    assert "사다리" in page
    assert "망치" not in page


def test_what_is_for_the_district_is_hidden_from_a_visitor() -> None:
    me = person_with(Role.RESIDENT, district=MAPO)
    hidden = listing("이웃만 보는 글", me, audience="district")
    assert "이웃만" not in text_of(Client(), HERE)
    text_of(Client(), f"{HERE}{hidden.id}/", 404)
    neighbour = client_of(person_with(Role.RESIDENT, district=MAPO))
    assert "이웃만" in text_of(neighbour, HERE)
    assert "이웃만" in text_of(neighbour, f"{HERE}{hidden.id}/")


def test_long_list_comes_in_pages() -> None:
    me = person_with(Role.RESIDENT, district=MAPO)
    for number in range(23):
        listing(f"글 {number}", me, created_at=AT + timedelta(minutes=number))
    assert "23건" in text_of(Client(), HERE)
    assert "글 2</a>" in text_of(Client(), f"{HERE}?page=2")


def test_map_counts_by_district_and_leads_to_the_list() -> None:
    listing("사다리", person_with(Role.RESIDENT, district=MAPO))
    page = text_of(Client(), f"{HERE}map/")
    assert "1건" in page
    assert f"district={MAPO}" in page


def test_visitor_who_wants_to_write_is_led_to_sign_in() -> None:
    assert Client().get(f"{HERE}new/").status_code in (302, 303, 403)


@pytest.mark.parametrize("bad", ["nowhere", str(UUID(int=0))])
def test_unknown_listing_is_not_found(bad: str) -> None:
    assert Client().get(f"{HERE}{bad}/").status_code == 404


def test_day_after_the_last_day_stays_as_typed() -> None:
    assert words.day_after("9999-12-31") == "9999-12-31"
