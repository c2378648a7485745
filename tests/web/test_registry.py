"""The register's pages: found, read, corrected, reviewed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.test import Client

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.registry import models as registry
from tests.harness import people
from tests.web.walk import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> registry.Organisation:
    return people.organisation("두레 샘랩")


@pytest.fixture
def staff() -> Actor:
    return people.person_with(Role.STAFF, district=people.MAPO)


def text_of(client: Client, path: str, status: int = 200, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == status, path
    return answer.content.decode()


def post(client: Client, path: str, body: Mapping[str, str], status: int = 303) -> str:
    answer = client.post(path, body)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return str(answer.headers.get("Location", answer.content.decode()))


def test_a_visitor_finds_an_organisation_by_its_initials(house: registry.Organisation) -> None:
    people.organisation("한별")
    page = text_of(Client(), "/organisations/", q="ㄷㄹㅅ")
    assert "두레 샘랩" in page
    assert "한별" not in page
    assert "1곳" in page
    assert 'href="/organisations.csv?q=' in page
    assert "One more letter" in text_of(Client(), "/en/organisations/", q="두")
    assert "찾는 조직이 없습니다" in text_of(Client(), "/organisations/", q="없는이름")


def test_the_list_pages_by_key(house: registry.Organisation) -> None:
    for number in range(25):
        people.organisation(f"가나다 {number:02}")
    first = text_of(Client(), "/organisations/", q="가나다")
    assert "가나다 19" in first
    assert "가나다 20" not in first
    after = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = Client().get("/organisations/" + after.replace("&amp;", "&")).content.decode()
    assert "가나다 20" in second
    assert "가나다 19" not in second


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_public_page_answers(language: str, house: registry.Organisation) -> None:
    for path in ("/organisations/", "/organisations/map/", f"/organisations/{house.pk}/"):
        assert "<h1" in text_of(Client(), language + path)
    text_of(Client(), f"{language}/organisations/{people.uuid4()}/", status=404)


def test_the_map_counts_and_links(house: registry.Organisation) -> None:
    page = text_of(Client(), "/organisations/map/")
    assert f"?district={people.MAPO}" in page
    assert "1곳" in page


def test_the_open_list_neutralises_formulas(house: registry.Organisation) -> None:
    people.organisation("=1+1 협동조합")
    answer = Client().get("/organisations.csv")
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # a streaming answer
    assert text.startswith("\ufeffid,name")
    assert ",'=1+1 협동조합," in text
    assert len(text.strip().splitlines()) == 3


def test_staff_register_and_see_the_history(staff: Actor) -> None:
    client = client_of(staff)
    assert "조직 등록하기" in text_of(client, "/organisations/")
    body = {
        "name": "한별나루", "form": "corporation", "district": people.MAPO, "state": "operating",
        "status": "village", "founded_on": "2024-05-01", "biz_number": "999-00-10004",
    }  # fmt: skip
    place = post(client, "/organisations/new/", body)
    page = text_of(client, place)
    assert "한별나루" in page
    assert "999-00-10004" in page
    assert "등록했습니다" in page
    assert "실무자" in page
    again = post(client, "/organisations/new/", body | {"name": "다른 이름"}, 409)
    assert "한별나루" in again
    assert 'value="다른 이름"' in again
    assert registry.Organisation.rows.count() == 1


def test_every_form_of_staff_opens_and_works(staff: Actor, house: registry.Organisation) -> None:
    client, here = client_of(staff), f"/organisations/{house.pk}/"
    forms = {
        "propose": {"field": "web", "value": "https://a.test"},
        "status": {"status": "village", "begins": "2025-01-01"},
        "year": {"year": "2024", "kind": "sales", "value": "1,000,000", "source": "결산서"},
        "rename": {"name": "두레 새랩"},
        "move": {"district": people.JONGNO, "since": "2025-02-01"},
    }
    people.district(people.JONGNO)
    for name, body in forms.items():
        for language in ("", "/en"):
            assert "<h1" in text_of(client, f"{language}{here}{name}/")
        post(client, f"{here}{name}/", body)
    assert registry.OrgEdit.rows.get().new == "https://a.test"
    assert registry.OrgYear.rows.get().value == 1_000_000
    house.refresh_from_db()
    assert (house.name, house.district_id) == ("두레 새랩", people.JONGNO)


def test_a_value_is_corrected_and_a_status_ended(
    staff: Actor, house: registry.Organisation
) -> None:
    client, here = client_of(staff), f"/organisations/{house.pk}/"
    stated = {"year": "2024", "kind": "heads", "value": "12", "source": "결산서"}
    post(client, f"{here}year/", stated)
    value, status = registry.OrgYear.rows.get(), registry.OrgStatus.rows.get()
    assert "지금 값 12" in text_of(client, f"{here}year/{value.pk}/")
    fixed = {"value": "13", "source": "고친 결산서", "reason": "잘못 옮겨 적음"}
    post(client, f"{here}year/{value.pk}/", fixed)
    page = text_of(client, here)
    assert "13명" in page
    assert "전에는 12명" in page
    paper = {"issuer": "구청", "certificate": "제1호"}
    post(client, f"{here}status/{status.pk}/confirm/", paper)
    assert "<h1" in text_of(client, f"/en{here}status/{status.pk}/end/")
    post(client, f"{here}status/{status.pk}/end/", {"on": "2026-01-01", "reason": "지정이 끝남"})
    status.refresh_from_db()
    assert (status.evidence_class, str(status.valid.upper)) == ("C", "2026-01-01")


def test_a_correction_goes_from_a_resident_over_the_desk(
    staff: Actor, house: registry.Organisation
) -> None:
    resident = people.person_with(Role.RESIDENT, district=people.MAPO)
    body = {"field": "phone", "value": "02-000-0000", "why": "바뀐 번호입니다"}
    post(client_of(resident), f"/organisations/{house.pk}/propose/", body)
    edit = registry.OrgEdit.rows.get()
    own = text_of(client_of(resident), f"/desk/edits/{edit.pk}/")
    assert "제안 거두기" in own
    client = client_of(staff)
    assert "두레 샘랩: 전화" in text_of(client, "/desk/")
    assert "02-000-0000" in text_of(client, f"/desk/edits/{edit.pk}/")
    post(client, f"/desk/edits/{edit.pk}/", {"decision": "accept", "answer": "고맙습니다"})
    assert registry.OrgContact.rows.get(organisation=house).value == "02-000-0000"
    stranger = client_of(people.person_with(Role.STAFF, district=people.JONGNO))
    text_of(stranger, f"/desk/edits/{edit.pk}/", status=404)


def test_duplicates_are_proposed_merged_and_undone(staff: Actor) -> None:
    kept, other = (
        people.organisation("두레샘랩 수리조합"),
        people.organisation("두레샘랩 수리조합2"),
    )
    colleague = client_of(people.person_with(Role.STAFF, district=people.MAPO))
    client = client_of(staff)
    assert "두레샘랩 수리조합2" in text_of(client, "/desk/duplicates/")
    body = {"kept_id": str(kept.pk), "other_id": str(other.pk), "evidence": "주소가 같음"}
    post(client, "/desk/merges/", body)
    merge = registry.Merge.rows.get()
    text_of(client, f"/desk/merges/{merge.pk}/")
    post(colleague, f"/desk/merges/{merge.pk}/", {"decision": "approve"})
    assert Client().get(f"/organisations/{other.pk}/").headers["Location"].endswith(f"{kept.pk}/")
    post(client, f"/desk/merges/{merge.pk}/", {"decision": "undo", "reason": "다른 조직이었음"})
    assert text_of(Client(), f"/organisations/{other.pk}/")


def test_joining_and_the_peoples_page(staff: Actor, house: registry.Organisation) -> None:
    board = people.person_with(Role.BOARD, organisation=house)
    joiner = people.person_with(Role.RESIDENT, district=people.MAPO)
    text_of(client_of(joiner), f"/organisations/{house.pk}/join/")
    post(client_of(joiner), f"/organisations/{house.pk}/join/", {"member_class": "consumer"})
    text_of(client_of(joiner), f"/organisations/{house.pk}/people/", status=404)
    membership = registry.Membership.rows.get()
    client = client_of(board)
    for language in ("", "/en"):
        assert str(joiner.id).replace("-", "")[:8] in text_of(
            client, f"{language}/organisations/{house.pk}/people/"
        )
    answer = {"decision": "admit", "back": str(house.pk)}
    post(client, f"/memberships/{membership.pk}/answer/", answer)
    membership.refresh_from_db()
    assert membership.state == "admitted"


def test_a_mandate_waits_for_the_second_person(house: registry.Organisation) -> None:
    one, two = (people.person_with(Role.BOARD, organisation=house) for _ in range(2))
    chosen = people.person()
    people.membership(chosen.pk, house)
    page = text_of(client_of(one), f"/organisations/{house.pk}/people/")
    assert f'<option value="{chosen.pk}"' in page
    body = {"person_id": str(chosen.pk), "role": "treasurer", "origin": "elected"}
    post(client_of(one), f"/organisations/{house.pk}/people/mandate/", body, 202)
    approval = registry.Approval.rows.get()
    assert "요청 거두기" in text_of(client_of(one), f"/desk/approvals/{approval.pk}/")
    assert "승인하기" in text_of(client_of(two), f"/desk/approvals/{approval.pk}/")
    post(client_of(two), f"/desk/approvals/{approval.pk}/", {"outcome": "approve"})
    held = registry.Mandate.rows.get(person=chosen)
    assert (held.role, held.given_by) == ("treasurer", one.id)
    end = {"reason": "임기를 마쳤습니다", "back": str(house.pk)}
    post(client_of(two), f"/mandates/{held.pk}/end/", end)


def test_the_desk_asks_a_visitor_to_sign_in() -> None:
    answer = Client().get("/desk/")
    assert answer.status_code == 303
    assert "next=/desk/" in answer.headers["Location"]


def test_a_sole_traders_page_shows_the_gu_only(staff: Actor) -> None:
    body = {
        "name": "홍길동 수선", "form": "sole_trader", "district": people.MAPO,
        "biz_number": "999-00-10004", "address": "없는길 7",
    }  # fmt: skip
    made = run("registry.organisation.register", body, staff).result.id
    page = text_of(Client(), f"/organisations/{made}/")
    assert "9990010004" not in page.replace("-", "")
    assert "없는길" not in page
    assert "마포구" in page


def test_one_sees_and_ends_what_one_is_tied_to(house: registry.Organisation) -> None:
    board = people.person_with(Role.BOARD, organisation=house)
    held = people.membership(board.id, house)
    client = client_of(board)
    post(client, f"/organisations/{house.pk}/tie/", {"kind": "family"})
    for language in ("", "/en"):
        page = text_of(client, f"{language}/me/ties/")
        assert page.count("두레 샘랩") >= 3
        assert f"/organisations/{house.pk}/people/" in text_of(client, f"{language}/co-op/")
    assert "<h1" in text_of(client, f"/en/organisations/{house.pk}/tie/")
    post(client, "/me/ties/", {"deed": "give", "id": "statistics"})
    assert registry.Consent.rows.get().act == "given"
    tie, mandate = registry.Tie.rows.get(), registry.Mandate.rows.get(person=board.id)
    post(client, "/me/ties/", {"deed": "untie", "id": str(tie.pk), "reason": "끝난 관계입니다"})
    post(
        client, "/me/ties/", {"deed": "resign", "id": str(mandate.pk), "reason": "물러납니다 이제"}
    )
    post(client, "/me/ties/", {"deed": "leave", "id": str(held.pk)})
    held.refresh_from_db()
    assert held.state == "left"
    stranger = client_of(people.person_with(Role.RESIDENT, district=people.MAPO))
    post(stranger, "/me/ties/", {"deed": "leave", "id": str(held.pk)}, 404)
    assert Client().get("/me/ties/").status_code == 303
