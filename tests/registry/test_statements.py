"""Statuses, yearly values, corrections and merges: allowed, refused, in the journal."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models import AuditLine
from dure.journal.models import Event
from dure.registry import models as registry
from tests.harness import people
from tests.harness.clock import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> registry.Organisation:
    return people.organisation("두레 샘랩", status=None)


@pytest.fixture
def staff() -> Actor:
    return people.person_with(Role.STAFF, district=people.MAPO)


def refused(name: str, body: dict[str, object], actor: Actor, reason: str | None = None) -> str:
    before = (AuditLine.rows.filter(outcome="done").count(), Event.rows.count())
    with pytest.raises(Refusal) as no:
        run(name, body, actor, reason=reason)
    assert (AuditLine.rows.filter(outcome="done").count(), Event.rows.count()) == before
    assert no.value.sentence("ko") and no.value.sentence("en")
    return no.value.name


def facts_of(house: registry.Organisation, label: str) -> list[tuple[str, int, int]]:
    rows = Event.rows.filter(org=house, label__code=label).order_by("seq")
    return [(str(row.on_date), row.sign, row.qty) for row in rows]


def status_body(house: registry.Organisation, **more: object) -> dict[str, object]:
    return {"organisation_id": str(house.pk), "status": "village", "begins": "2025-03-01", **more}


def test_a_status_is_stated_confirmed_and_ended(house: registry.Organisation, staff: Actor) -> None:
    made = run("registry.status.set", status_body(house), staff).result.id
    row = registry.OrgStatus.rows.get(pk=made)
    assert (row.evidence_class, row.valid.lower) == ("A", date(2025, 3, 1))
    paper = {"status_id": made, "issuer": "행정안전부", "certificate": "제1호"}
    run("registry.status.confirm", paper, staff)
    row.refresh_from_db()
    assert (row.evidence_class, row.issuer) == ("C", "행정안전부")
    run("registry.status.end", {"status_id": made, "on": "2026-01-01"}, staff, reason="지정이 끝남")
    row.refresh_from_db()
    assert row.valid.upper == date(2026, 1, 1)
    days = facts_of(house, "org.active")
    assert days[0] == ("2025-03-01", 1, 1)
    assert days[-1] == ("2026-01-01", 1, 0)


@pytest.mark.parametrize(
    ("role", "own", "code"),
    [
        (Role.BOARD, True, None),
        (Role.STAFF, True, None),
        (Role.BOARD, False, "core.not_found"),
        (Role.MEMBER, True, "core.not_allowed"),
        (Role.RESIDENT, True, "core.not_allowed"),
        (Role.VISITOR, True, "core.not_allowed"),
        (Role.AUDITOR, True, "core.not_allowed"),
    ],
)
def test_who_states_a_status(
    role: Role, own: bool, code: str | None, house: registry.Organisation
) -> None:
    held = house if own else people.organisation("다른 조직")
    scope = {} if role in (Role.RESIDENT, Role.VISITOR) else {"organisation": held}
    actor = people.person_with(role, **scope)
    if code is None:
        run("registry.status.set", status_body(house), actor)
        assert registry.OrgStatus.rows.filter(organisation=house).count() == 1
    else:
        assert refused("registry.status.set", status_body(house), actor) == code


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"ends": "2025-03-01"}, "registry.date_order"),
        ({"status": "bank"}, "core.bad_field"),
        ({"begins": "2025-02-30"}, "core.bad_field"),
    ],
)
def test_bad_statuses(
    more: dict[str, object], code: str, house: registry.Organisation, staff: Actor
) -> None:
    assert refused("registry.status.set", status_body(house, **more), staff) == code


def test_an_overlapping_status_names_the_row(house: registry.Organisation, staff: Actor) -> None:
    run("registry.status.set", status_body(house), staff)
    with pytest.raises(Refusal) as no:
        run("registry.status.set", status_body(house, begins="2026-01-01"), staff)
    assert no.value.name == "registry.overlap"
    assert "2025-03-01" in no.value.sentence("ko")


def test_the_calendar_ends_a_status_by_itself(
    house: registry.Organisation, staff: Actor, clock: Clock
) -> None:
    clock.at("2026-06-01T09:00:00+09:00")
    run("registry.status.set", status_body(house, ends="2026-07-01"), staff)
    clock.at("2026-07-01T09:00:00+09:00")
    assert run("registry.status.expire", {}, Actor.timer("statuses")).result == 1
    run("registry.status.expire", {}, Actor.timer("statuses"))
    assert facts_of(house, "org.active") == [("2025-03-01", 1, 1), ("2026-07-01", 1, 0)]


def year_body(house: registry.Organisation, **more: object) -> dict[str, object]:
    body = {"year": 2024, "kind": "sales", "value": 1_000_000, "source": "결산서"}
    return {"organisation_id": str(house.pk), **body, **more}


def test_a_yearly_value_is_stated_once_then_corrected(
    house: registry.Organisation, staff: Actor
) -> None:
    first = run("registry.year.state", year_body(house), staff).result.id
    assert refused("registry.year.state", year_body(house), staff) == "registry.stated_already"
    fixed = {"value_id": first, "value": 1_200_000, "source": "고친 결산서"}
    assert refused("registry.year.correct", fixed, staff) == "core.reason_required"
    run("registry.year.correct", fixed, staff, reason="자리를 잘못 적음")
    again = refused("registry.year.correct", fixed, staff, reason="다시 한 번 고침")
    assert again == "registry.corrected_already"
    living = registry.OrgYear.rows.get(organisation=house, orgyear__isnull=True)
    assert (living.value, living.corrects_id) == (1_200_000, registry.OrgYear.rows.get(pk=first).pk)
    facts = facts_of(house, "org.sales")
    assert facts == [
        ("2024-12-31", 1, 1_000_000), ("2024-12-31", -1, 1_000_000), ("2024-12-31", 1, 1_200_000),
    ]  # fmt: skip
    assert sum(sign * qty for _, sign, qty in facts) == 1_200_000


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"value": -1}, "core.bad_field"),
        ({"value": 1.5}, "core.bad_field"),
        ({"value": "1000"}, "core.bad_field"),
        ({"value": 10**16}, "core.bad_field"),
        ({"year": 2199}, "registry.date_future"),
        ({"kind": "profit"}, "core.bad_field"),
        ({"source": "991231-3999999"}, "core.rrn"),
    ],
)
def test_bad_yearly_values(
    more: dict[str, object], code: str, house: registry.Organisation, staff: Actor
) -> None:
    assert refused("registry.year.state", year_body(house, **more), staff) == code


def test_jobs_go_to_the_journal(house: registry.Organisation, staff: Actor) -> None:
    run("registry.year.state", year_body(house, kind="heads", value=12), staff)
    run("registry.year.state", year_body(house, kind="fte_minutes", value=90_000), staff)
    run("registry.year.state", year_body(house, kind="capital", value=5), staff)
    assert facts_of(house, "job.heads") == [("2024-12-31", 1, 12)]
    assert facts_of(house, "job.fte") == [("2024-12-31", 1, 90_000)]
    assert Event.rows.filter(org=house).count() == 2


def test_population_is_stated_with_its_source(staff: Actor) -> None:
    body = {
        "district": people.MAPO,
        "on": "2026-01-01",
        "heads": 360_000,
        "source": "주민등록 인구",
    }
    run("registry.population.state", body, staff)
    assert refused("registry.population.state", body, staff) == "registry.stated_already"
    other = {**body, "district": people.JONGNO}
    assert refused("registry.population.state", other, staff) == "core.not_allowed"


# -- corrections ----------------------------------------------------------------------------------


def propose(house: registry.Organisation, actor: Actor, **more: object) -> str:
    body = {"organisation_id": str(house.pk), "field": "name", "value": "한별랩", **more}
    return run("registry.organisation.propose", body, actor).result.id


def test_an_edit_is_accepted_by_somebody_else(house: registry.Organisation, staff: Actor) -> None:
    resident = people.person_with(Role.RESIDENT, district=people.MAPO)
    edit = propose(house, resident)
    done = run("registry.organisation.review", {"edit_id": edit, "decision": "accept"}, staff)
    assert done.result.state == "accepted"
    house.refresh_from_db()
    assert house.name == "한별랩"
    again = {"edit_id": edit, "decision": "accept"}
    assert refused("registry.organisation.review", again, staff) == "registry.answered"


def test_nobody_reviews_an_own_proposal(house: registry.Organisation, staff: Actor) -> None:
    edit = propose(house, staff)
    body = {"edit_id": edit, "decision": "accept"}
    assert refused("registry.organisation.review", body, staff) == "registry.own_proposal"
    run("registry.organisation.withdraw", {"edit_id": edit}, staff)
    other = people.person_with(Role.STAFF, district=people.MAPO)
    assert refused("registry.organisation.review", body, other) == "registry.answered"


def test_a_stale_edit_changes_nothing(house: registry.Organisation, staff: Actor) -> None:
    resident = people.person_with(Role.RESIDENT, district=people.MAPO)
    edit = propose(house, resident)
    new = {"organisation_id": str(house.pk), "name": "그사이 이름"}
    run("registry.organisation.rename", new, staff)
    done = run("registry.organisation.review", {"edit_id": edit, "decision": "accept"}, staff)
    assert done.result.state == "stale"
    house.refresh_from_db()
    assert house.name == "그사이 이름"


@pytest.mark.parametrize("role", [Role.RESIDENT, Role.VISITOR, Role.MEMBER])
def test_who_may_not_review(role: Role, house: registry.Organisation, staff: Actor) -> None:
    edit = propose(house, staff)
    scope = {"organisation": house} if role is Role.MEMBER else {}
    actor = people.person_with(role, **scope)
    body = {"edit_id": edit, "decision": "accept"}
    assert refused("registry.organisation.review", body, actor) == "core.not_found"


def test_a_visitor_proposes_nothing(house: registry.Organisation) -> None:
    body = {"organisation_id": str(house.pk), "field": "name", "value": "한별랩"}
    assert refused("registry.organisation.propose", body, Actor.anonymous()) == "core.not_allowed"


# -- merges ---------------------------------------------------------------------------------------


def test_a_merge_points_and_its_undo_points_back(staff: Actor) -> None:
    kept, other = people.organisation("두레"), people.organisation("두레 옛집")
    body = {
        "kept_id": str(kept.pk), "other_id": str(other.pk), "evidence": "번호가 같음",
        "name_from": "other",
    }  # fmt: skip
    merge = run("registry.merge.propose", body, staff).result.id
    assert refused("registry.merge.approve", {"merge_id": merge}, staff) == "core.not_allowed"
    colleague = people.person_with(Role.STAFF, district=people.MAPO)
    run("registry.merge.approve", {"merge_id": merge}, colleague)
    kept.refresh_from_db()
    other.refresh_from_db()
    assert (kept.name, other.merged_into_id) == ("두레 옛집", kept.pk)
    assert "ㄷㄷㄹㄹ" in kept.initials_keys
    assert registry.OrgName.rows.filter(organisation=other).count() == 1
    run("registry.merge.undo", {"merge_id": merge}, colleague, reason="다른 조직이었음")
    kept.refresh_from_db()
    other.refresh_from_db()
    assert (kept.name, other.merged_into_id) == ("두레", None)


def test_a_merged_entry_is_no_target(staff: Actor) -> None:
    a, b, c = (people.organisation(f"두레 {letter}") for letter in "가나다")
    colleague = people.person_with(Role.STAFF, district=people.MAPO)
    body = {"kept_id": str(a.pk), "other_id": str(b.pk), "evidence": "번호가 같음"}
    merge = run("registry.merge.propose", body, staff).result.id
    run("registry.merge.approve", {"merge_id": merge}, colleague)
    into = {"kept_id": str(b.pk), "other_id": str(c.pk), "evidence": "번호가 같음"}
    assert refused("registry.merge.propose", into, staff) == "registry.merge_target"
    chain = {"kept_id": str(c.pk), "other_id": str(a.pk), "evidence": "번호가 같음"}
    second = run("registry.merge.propose", chain, staff).result.id
    run("registry.merge.approve", {"merge_id": second}, colleague)
    b.refresh_from_db()
    assert b.merged_into_id == c.pk


def test_an_organisation_of_another_district_is_not_merged(staff: Actor) -> None:
    here, away = (
        people.organisation("두레"),
        people.organisation("두레", district_sig=people.JONGNO),
    )
    for kept, other in ((here, away), (away, here)):
        body = {"kept_id": str(kept.pk), "other_id": str(other.pk), "evidence": "이름이 같음"}
        assert refused("registry.merge.propose", body, staff) == "core.not_found"
    body = {"kept_id": str(here.pk), "other_id": str(uuid4()), "evidence": "이름이 같음"}
    assert refused("registry.merge.propose", body, staff) == "core.not_found"
