"""Registering, renaming, moving and closing: who may, what happens, what is refused."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models import AuditLine
from dure.registry import models as registry
from tests.harness import people
from tests.harness.clock import Clock

pytestmark = pytest.mark.django_db

BODY = {
    "name": "두레 샘랩",
    "form": "corporation",
    "district": people.MAPO,
    "status": "coop.worker",
    "status_from": "2025-03-02",
    "founded_on": "2025-03-02",
    "biz_number": "999-00-10004",
    "corp_number": "991231-3999999",
    "address": "서울특별시 마포구 없는길 1",
    "phone": "+82 2 000 0000",
    "mail": "office@example.test",
}


@pytest.fixture
def staff() -> Actor:
    return people.person_with(Role.STAFF, district=people.MAPO)


def register(actor: Actor, key: str | None = None, **changed: object) -> str:
    body = {name: value for name, value in (BODY | changed).items() if value is not None}
    return run("registry.organisation.register", body, actor, key=key).result.id


def rows_of_registry() -> tuple[int, ...]:
    return (
        registry.Organisation.rows.count(),
        registry.OrgName.rows.count(),
        registry.OrgNumber.rows.count(),
        registry.Site.rows.count(),
        AuditLine.rows.filter(action__startswith="registry.organisation").count(),
    )


def refused_code(name: str, body: dict[str, object], actor: Actor) -> str:
    before = rows_of_registry()
    with pytest.raises(Refusal) as no:
        run(name, body, actor)
    assert rows_of_registry() == before
    assert no.value.sentence("ko") and no.value.sentence("en")
    return no.value.name


def test_staff_register_an_organisation_with_one_audit_line(staff: Actor) -> None:
    made = registry.Organisation.rows.get(pk=register(staff))
    assert (made.name, made.name_key, made.district_id, made.form) == (
        "두레 샘랩", "두레샘랩", people.MAPO, "corporation",
    )  # fmt: skip
    assert {n.scheme: n.digits for n in made.numbers.all()} == {
        "biz": "9990010004", "corp": "9912313999999",
    }  # fmt: skip
    assert made.statuses.get().code == "coop.worker"
    assert made.sites.get().address == "서울특별시 마포구 없는길 1"
    line = AuditLine.rows.get(object=f"registry.organisation:{made.pk}")
    assert (line.actor, line.organisation, line.outcome) == (staff.id, made.pk, "done")
    assert line.changes["name"] == [None, "두레 샘랩"]
    assert made.audit == line.id


def test_the_same_key_gives_the_first_answer_again(staff: Actor) -> None:
    key = str(uuid4())
    first = register(staff, key)
    assert register(staff, key) == first
    assert registry.Organisation.rows.count() == 1
    with pytest.raises(Refusal, match=r"core\.key_reused"):
        register(staff, key, name="다른 이름")


@pytest.mark.parametrize(
    ("role", "scope", "code"),
    [
        (Role.VISITOR, {}, "core.not_allowed"),
        (Role.RESIDENT, {"district": people.MAPO}, "core.not_allowed"),
        (Role.STAFF, {"district": people.JONGNO}, "core.not_allowed"),
        (Role.ANALYST, {"purpose": "indicators"}, "core.not_allowed"),
        (Role.OFFICIAL, {"district": people.JONGNO}, "core.not_allowed"),
    ],
)
def test_who_may_not_register(role: Role, scope: dict[str, str], code: str) -> None:
    actor = people.person_with(role, **scope)
    assert refused_code("registry.organisation.register", BODY, actor) == code


def test_the_term_of_staff_ends_on_the_instant(staff: Actor, clock: Clock) -> None:
    end = clock.at("2026-07-01T00:00:00+09:00")
    actor = people.person_with(Role.STAFF, district=people.MAPO, until=end)
    clock.at("2026-06-30T23:59:59.999+09:00")
    register(actor)
    clock.at("2026-07-01T00:00:00+09:00")
    assert refused_code("registry.organisation.register", BODY, actor) == "core.term_ended"


def test_an_official_asks_a_second_person(staff: Actor) -> None:
    official = people.person_with(Role.OFFICIAL, district=people.MAPO)
    assert refused_code("registry.organisation.register", BODY, official) == "core.second_person"
    approval = registry.Approval.rows.get()
    assert (approval.requester, approval.state) == (official.id, "asked")
    decision = {"approval_id": str(approval.pk), "outcome": "approve"}
    assert refused_code("registry.approval.decide", decision, official) == "core.not_allowed"
    stranger = people.person_with(Role.OFFICIAL, district=people.JONGNO)
    assert refused_code("registry.approval.decide", decision, stranger) == "core.not_found"
    run("registry.approval.decide", decision, staff)
    approval.refresh_from_db()
    assert approval.state == "used"
    made = registry.Organisation.rows.get()
    inner = AuditLine.rows.get(object=f"registry.organisation:{made.pk}")
    outer = AuditLine.rows.get(
        object=f"registry.approval:{approval.pk}", action="registry.approval.decide"
    )
    assert (inner.actor, inner.cause, outer.actor) == (official.id, outer.id, staff.id)


def test_a_second_registration_of_a_number_names_its_holder(staff: Actor) -> None:
    register(staff)
    with pytest.raises(Refusal) as no:
        register(staff, name="다른 조직", corp_number=None)
    assert no.value.name == "registry.number_taken"
    assert "두레 샘랩" in no.value.sentence("ko")
    assert registry.Organisation.rows.count() == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"biz_number": "999-00-17406"}, "registry.number_wrong"),
        ({"biz_number": "９９９-00-10004"}, "core.bad_field"),
        ({"founded_on": "2131-01-01"}, "registry.date_future"),
        ({"name": "\u3164\u3164"}, "core.bad_field"),
        ({"name": "991231-3999999"}, "core.rrn"),
        ({"district": "99999"}, "core.not_found"),
        ({"form": "company"}, "core.bad_field"),
        ({"merged_into": str(uuid4())}, "core.bad_field"),
    ],
)
def test_bad_bodies_change_nothing(staff: Actor, changed: dict[str, object], code: str) -> None:
    assert refused_code("registry.organisation.register", BODY | changed, staff) == code


def test_a_sole_traders_number_and_address_stay_out_of_the_register(staff: Actor) -> None:
    made = registry.Organisation.rows.get(
        pk=register(staff, form="sole_trader", name="홍길동 수선", corp_number=None)
    )
    assert [n.digits for n in made.numbers.all()] == [None]
    assert made.sites.get().address == ""
    assert made.contacts.count() == 0
    line = AuditLine.rows.get(object=f"registry.organisation:{made.pk}")
    assert line.changes["biz_number"] == ["•", "•"]
    with pytest.raises(Refusal) as no:
        register(staff, corp_number=None)
    assert "홍****선" in no.value.sentence("ko")


def test_a_new_name_keeps_the_former_one_searched(staff: Actor) -> None:
    made = register(staff)
    run("registry.organisation.rename", {"organisation_id": made, "name": "한별랩"}, staff)
    row = registry.Organisation.rows.get(pk=made)
    assert (row.name, row.name_key) == ("한별랩", "한별랩")
    assert row.initials_keys == "ㅎㅎㅂㅂㄹㄹ ㄷㄷㄹㄹㅅㅅㄹㄹ"
    names = registry.OrgName.rows.filter(organisation=made).order_by("valid")
    assert [n.name for n in names] == ["두레 샘랩", "한별랩"]
    assert names[0].valid.upper == names[1].valid.lower
    same = {"organisation_id": made, "name": "한별랩"}
    assert refused_code("registry.organisation.rename", same, staff) == "registry.nothing_changed"


def test_staff_of_another_district_find_nothing(staff: Actor) -> None:
    made = register(staff)
    stranger = people.person_with(Role.STAFF, district=people.JONGNO)
    for name, body in (
        ("registry.organisation.rename", {"organisation_id": made, "name": "뺏은 이름"}),
        ("registry.organisation.move", {"organisation_id": made, "district": people.JONGNO}),
        ("registry.organisation.rename", {"organisation_id": str(uuid4()), "name": "없는 이름"}),
    ):
        assert refused_code(name, body, stranger) == "core.not_found"


def test_moving_ends_the_head_site_and_counts_in_the_new_district(staff: Actor) -> None:
    made = register(staff)
    run(
        "registry.organisation.move",
        {
            "organisation_id": made,
            "district": people.JONGNO,
            "address": "없는길 9",
            "since": "2026-01-05",
        },
        staff,
    )
    sites = registry.Site.rows.filter(organisation=made, is_head=True).order_by("valid")
    assert [(s.district_id, s.valid.lower, s.valid.upper) for s in sites] == [
        (people.MAPO, date(2025, 3, 2), date(2026, 1, 5)),
        (people.JONGNO, date(2026, 1, 5), None),
    ]
    assert registry.Organisation.rows.get(pk=made).district_id == people.JONGNO


def test_closing_ends_state_and_statuses(staff: Actor) -> None:
    made = register(staff)
    body = {"organisation_id": made, "on": "2026-02-01"}
    with pytest.raises(Refusal, match=r"core\.reason_required"):
        run("registry.organisation.close", body, staff)
    run("registry.organisation.close", body, staff, reason="총회에서 해산하기로 함")
    row = registry.Organisation.rows.get(pk=made)
    assert row.ended_on == date(2026, 2, 1)
    assert [(s.state, s.valid.lower) for s in row.states.order_by("valid")] == [
        ("operating", date(2025, 3, 2)), ("closed", date(2026, 2, 1)),
    ]  # fmt: skip
    assert row.statuses.get().valid.upper == date(2026, 2, 1)
    with pytest.raises(Refusal, match=r"registry\.organisation_closed"):
        run("registry.organisation.close", body, staff, reason="다시 한 번 닫아 봄")
