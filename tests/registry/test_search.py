"""Finding organisations as people type them."""

from __future__ import annotations

from datetime import date

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.registry import models as registry
from dure.registry.queries import search as searching
from dure.registry.queries.search import Filters, search
from tests.harness import people
from tests.harness.given import given

pytestmark = pytest.mark.django_db
NAMES = (
    "  두레  샘랩 ", "한별나루연합회", "꿈꾸는 쌀집", "DURE 2호점", "㈜까치", "가시버시랩",
    "한별", "두레에너지", "새한별밭", "닭살림",
)  # fmt: skip


@pytest.fixture
def register() -> dict[str, registry.Organisation]:
    return {name.strip(): people.organisation(name.strip()) for name in NAMES}


def names(text: str, **filters: object) -> list[str]:
    return [row.name for row in search(Filters(text=text, **filters)).rows]  # type: ignore[arg-type]  # filters pass through


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("두레", ["두레  샘랩", "두레에너지"]),
        ("두레샘", ["두레  샘랩"]),
        ("레샘", ["두레  샘랩"]),
        ("한벼", ["한별", "한별나루연합회", "새한별밭"]),
        ("한ㅂ", ["한별", "한별나루연합회", "새한별밭"]),
        ("한별", ["한별", "한별나루연합회", "새한별밭"]),
        ("두렝", ["두레에너지"]),
        ("닭", []),
        ("달ㄱ", []),
        ("닭사", ["닭살림"]),
        ("ㄷㄹㅅ", ["두레  샘랩"]),
        ("ㄲㄲㄴ", ["꿈꾸는 쌀집"]),
        ("ㄳ", ["가시버시랩"]),
        ("주까치", ["㈜까치"]),
        ("(주) 까치", ["㈜까치"]),
        ("dure", ["DURE 2호점"]),
        ("ＤＵＲＥ 2", ["DURE 2호점"]),
        ("re2", ["DURE 2호점"]),
        ("re", ["DURE 2호점"]),
        ("없는이름", []),
        ("%%", []),
        ("'; --", []),
        ("__", []),
    ],
)
def test_what_is_typed_finds(
    typed: str, found: list[str], register: dict[str, registry.Organisation]
) -> None:
    assert names(typed) == found


def test_one_letter_asks_for_a_second(register: dict[str, registry.Organisation]) -> None:
    assert Filters(text="한").too_short
    assert names("한") == []
    assert not Filters(text="").too_short


def test_an_empty_question_lists_all_by_name(register: dict[str, registry.Organisation]) -> None:
    result = search(Filters())
    assert [row.name for row in result.rows][:3] == ["DURE 2호점", "가시버시랩", "꿈꾸는 쌀집"]
    assert (result.count, result.is_more) == (len(NAMES), False)


@pytest.mark.parametrize("sort_max", [3000, 0])
@pytest.mark.parametrize("text", ["", "한별", "ㅎㅂ", "ab"])
def test_pages_join_without_gap_or_repeat(
    sort_max: int, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "SORT_MAX", sort_max)
    for number in range(23):
        people.organisation(f"{'새' if number % 3 else ''}한별 {number % 5} ab")
    whole = [row.id for row in search(Filters(text=text), size=100).rows]
    walked, after = [], None
    for _ in range(9):
        part = search(Filters(text=text), after=after, size=4)
        walked += [row.id for row in part.rows]
        after = part.after
        if after is None:
            break
    assert len(whole) == 23
    assert walked == whole


def test_a_former_name_is_found_and_shown(register: dict[str, registry.Organisation]) -> None:
    staff = people.person_with(Role.STAFF, district=people.MAPO)
    body = {"organisation_id": str(register["㈜까치"].pk), "name": "까마귀네"}
    run("registry.organisation.rename", body, staff)
    (row,) = search(Filters(text="㈜까치")).rows
    assert (row.name, row.former) == ("까마귀네", "㈜까치")


def test_filters_hold_on_their_day(register: dict[str, registry.Organisation]) -> None:
    away = people.organisation("한별 종로", district_sig=people.JONGNO, status="village")
    with given() as audit:
        registry.OrgStatus.rows.filter(organisation=away).update(
            valid=(date(2020, 1, 1), date(2024, 1, 1)), audit=audit
        )
    assert names("한별", district=people.JONGNO) == ["한별 종로"]
    assert names("", status="village") == []
    assert names("", status="village", on=date(2023, 12, 31)) == ["한별 종로"]
    assert names("", state="closed") == []
    assert names("한별", on=date(2019, 12, 31)) == []


def test_merged_and_annulled_entries_are_not_listed(
    register: dict[str, registry.Organisation],
) -> None:
    with given() as audit:
        registry.Organisation.rows.filter(name="한별").update(annulled=True, audit=audit)
        registry.Organisation.rows.filter(name="새한별밭").update(
            merged_into=register["한별나루연합회"], audit=audit
        )
    assert names("한별") == ["한별나루연합회"]


@pytest.mark.parametrize("cursor", ["x", "☃", "W10", "A" * 3000, "WzIsImEiLCJ6Il0"])
def test_a_made_up_cursor_starts_at_the_beginning(
    cursor: str, register: dict[str, registry.Organisation]
) -> None:
    assert search(Filters(), after=cursor) == search(Filters())


def test_organisations_seen_by_anybody_are_the_public_ones() -> None:
    one = people.organisation("보이는 조직")
    with given() as audit:
        registry.Organisation.rows.create(
            name="무효",
            form="corporation",
            district=one.district,
            annulled=True,
            created_at=one.created_at,
            audit=audit,
        )
    seen = registry.Organisation.objects.within(Actor.anonymous())
    assert [row.name for row in seen] == ["보이는 조직"]
