"""Break-glass on its page, and how it looks at 360 px."""

from __future__ import annotations

import pytest

from dure.core.actors import Role
from dure.registry.models import BreakGlass
from tests.harness import people
from tests.harness.clock import Clock
from tests.registry.test_breakglass import WHY, ethics, resident
from tests.web.conftest import Visit
from tests.web.walk import client_of

pytestmark = pytest.mark.usefixtures("plain_files")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_page_asks_grants_reads_and_reviews(prefix: str, db: None, clock: Clock) -> None:
    clock.at("2026-07-01T10:00:00+09:00")
    one, two, three, person = ethics(), ethics(), ethics(), resident()
    page = f"{prefix}/breakglass/"
    first, second = client_of(one), client_of(two)
    body = {"person_id": str(person.id), "reason": WHY}
    assert first.post(page, {**body, "reason": "네"}).status_code == 422
    assert first.post(page, body).status_code == 303
    row = BreakGlass.rows.get()
    at = f"{page}{row.pk}/"
    assert f"{at}decide/" not in first.get(page).content.decode()
    assert page in second.get(f"{prefix}/me/").content.decode()
    assert f"{at}decide/" in second.get(page).content.decode()
    assert second.post(f"{at}decide/", {"outcome": "grant"}).status_code == 303
    opened = first.post(f"{at}read/", {"fields": ["name"]})
    assert "홍길동" in opened.content.decode()
    assert opened["Cache-Control"] == "private, no-store"
    clock.at("2026-07-01T11:00:00+09:00")
    assert first.post(f"{at}read/", {"fields": ["name"]}).status_code == 409
    third = client_of(three)
    found = {"finding": "wrong", "reason": "급하지 않았습니다"}
    assert third.post(f"{at}review/", found).status_code == 303
    assert BreakGlass.rows.get().finding == "wrong"
    assert client_of(person).get(page).status_code == 404
    assert client_of(two, second_step=False).get(page).status_code == 200


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_is_sound_at_360_px(language: str, visit: Visit) -> None:
    one, two, person = ethics(), ethics(), resident()
    client_of(one).post("/breakglass/", {"person_id": str(person.id), "reason": WHY})
    client_of(two).post(f"/breakglass/{BreakGlass.rows.get().pk}/decide/", {"outcome": "grant"})
    window = visit(360, language)
    window.sign_in(one)
    assert window.go("/breakglass/") == 200
    assert (window.sound(), window.sideways(), window.small_targets()) == ([], [], [])
    window.picture("breakglass")
    officer = people.person_with(Role.STAFF, district=people.MAPO)
    assert client_of(officer).get("/breakglass/").status_code == 404
