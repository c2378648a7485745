"""Joining, mandates, consent, ties, approvals, places: who may, what is refused."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models import AuditLine
from dure.journal.models import Event
from dure.registry import models as registry
from dure.registry.ports import grants_of
from tests.harness import people
from tests.harness.clock import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> registry.Organisation:
    return people.organisation("두레 샘랩")


def refused(name: str, body: dict[str, object], actor: Actor, reason: str | None = None) -> str:
    done = AuditLine.rows.filter(outcome="done").exclude(action="registry.approval.ask")
    before = done.count()
    with pytest.raises(Refusal) as no:
        run(name, body, actor, reason=reason)
    assert done.all().count() == before
    assert no.value.sentence("ko") and no.value.sentence("en")
    return no.value.name


def apply(house: registry.Organisation, actor: Actor, **more: object) -> str:
    body = {"organisation_id": str(house.pk), **more}
    return run("registry.membership.apply", body, actor).result.id


# -- membership -----------------------------------------------------------------------------------


def test_a_person_joins_and_leaves(house: registry.Organisation, clock: Clock) -> None:
    clock.at("2026-06-01T10:00:00+09:00")
    joiner = people.person_with(Role.RESIDENT, district=people.MAPO)
    board = people.person_with(Role.BOARD, organisation=house)
    asked = apply(house, joiner)
    again = {"organisation_id": str(house.pk)}
    assert refused("registry.membership.apply", again, joiner) == "registry.member_already"
    assert (
        refused("registry.membership.admit", {"membership_id": asked}, joiner) == "core.not_allowed"
    )
    run("registry.membership.admit", {"membership_id": asked}, board)
    held = {grant.role for grant in grants_of(joiner.id, people._now())}
    assert Role.MEMBER in held
    assert refused("registry.membership.apply", again, joiner) == "registry.member_already"
    clock.at("2026-06-20T10:00:00+09:00")
    run("registry.membership.leave", {"membership_id": asked}, joiner)
    assert Role.MEMBER not in {grant.role for grant in grants_of(joiner.id, people._now())}
    rows = Event.rows.filter(label__code="member.active").order_by("seq")
    assert [(str(row.on_date), row.qty, row.giver_key) for row in rows] == [
        ("2026-06-01", 1, None), ("2026-06-20", 0, None),
    ]  # fmt: skip


def test_an_application_is_withdrawn(house: registry.Organisation) -> None:
    joiner = people.person_with(Role.RESIDENT, district=people.MAPO)
    asked = apply(house, joiner)
    done = run("registry.membership.leave", {"membership_id": asked}, joiner)
    assert done.result.state == "withdrawn"
    board = people.person_with(Role.BOARD, organisation=house)
    body = {"membership_id": asked}
    assert refused("registry.membership.admit", body, board) == "registry.answered"


@pytest.mark.parametrize(
    ("role", "own", "code"),
    [
        (Role.BOARD, False, "core.not_found"),
        (Role.RESIDENT, True, "core.not_found"),
        (Role.MEMBER, True, "core.not_found"),
        (Role.VISITOR, True, "core.not_found"),
        (Role.AUDITOR, True, "core.not_allowed"),
    ],
)
def test_who_does_not_admit(role: Role, own: bool, code: str, house: registry.Organisation) -> None:
    asked = apply(house, people.person_with(Role.RESIDENT, district=people.MAPO))
    held = house if own else people.organisation("다른 조직")
    scope = {} if role in (Role.RESIDENT, Role.VISITOR) else {"organisation": held}
    actor = people.person_with(role, **scope)
    assert refused("registry.membership.admit", {"membership_id": asked}, actor) == code


def test_a_federation_that_comes_back_is_refused_with_its_path() -> None:
    staff = people.person_with(Role.STAFF, district=people.MAPO)
    a, b, c = (people.organisation(f"연합 {letter}") for letter in "가나다")
    for member, whole in ((a, b), (b, c)):
        asked = apply(whole, staff, member_id=str(member.pk))
        run("registry.membership.admit", {"membership_id": asked}, staff)
    asked = apply(a, staff, member_id=str(c.pk))
    with pytest.raises(Refusal) as no:
        run("registry.membership.admit", {"membership_id": asked}, staff)
    assert no.value.name == "registry.federation_cycle"
    assert "연합 다 → 연합 가 → 연합 나 → 연합 다" in no.value.sentence("ko")
    assert registry.Membership.rows.get(pk=asked).state == "applied"


def test_nobody_applies_for_a_foreign_organisation(house: registry.Organisation) -> None:
    stranger = people.person_with(Role.RESIDENT, district=people.MAPO)
    other = people.organisation("다른 조직")
    body = {"organisation_id": str(house.pk), "member_id": str(other.pk)}
    assert refused("registry.membership.apply", body, stranger) == "core.not_found"


# -- mandates and the second person ---------------------------------------------------------------


def give(house: registry.Organisation, who: object, role: str, **more: object) -> dict[str, object]:
    return {
        "person_id": str(who), "role": role, "scope_kind": "organisation",
        "scope_id": str(house.pk), **more,
    }  # fmt: skip


def approved(body: dict[str, object], one: Actor, two: Actor) -> None:
    with pytest.raises(Refusal, match=r"core\.second_person"):
        run("registry.mandate.give", body, one)
    waiting = registry.Approval.rows.filter(state="asked").latest("asked_at")
    decision = {"approval_id": str(waiting.pk), "outcome": "approve"}
    run("registry.approval.decide", decision, two)


@pytest.fixture
def boards(house: registry.Organisation) -> tuple[Actor, Actor]:
    one, two = (people.person_with(Role.BOARD, organisation=house) for _ in range(2))
    return one, two


def test_a_mandate_is_given_by_two(
    house: registry.Organisation, boards: tuple[Actor, Actor]
) -> None:
    chosen = people.person()
    approved(give(house, chosen.pk, "treasurer"), *boards)
    held = registry.Mandate.rows.get(person=chosen)
    assert (held.role, held.given_by) == ("treasurer", boards[0].id)
    assert registry.Approval.rows.get().state == "used"
    assert Role.TREASURER in {grant.role for grant in grants_of(chosen.pk, people._now())}


def test_what_no_second_person_can_heal(
    house: registry.Organisation, boards: tuple[Actor, Actor]
) -> None:
    one, two = boards
    chosen = people.person()
    people.mandate(chosen.pk, Role.AUDITOR, organisation=house)
    cases = (
        (give(house, one.id, "treasurer"), "registry.mandate_self"),
        (give(house, chosen.pk, "board"), "registry.mandate_refused"),
        (give(house, chosen.pk, "auditor"), "registry.overlap"),
        (give(house, uuid4(), "treasurer"), "core.not_found"),
        (give(house, people.person().pk, "official"), "registry.mandate_scope"),
        (
            give(house, people.person().pk, "board", ends="2099-01-01T00:00:00+09:00"),
            "registry.mandate_too_long",
        ),
    )
    for body, code in cases:
        with pytest.raises(Refusal, match=r"core\.second_person"):
            run("registry.mandate.give", body, one)
        waiting = registry.Approval.rows.get(state="asked")
        decision = {"approval_id": str(waiting.pk), "outcome": "approve"}
        assert refused("registry.approval.decide", decision, two) == code
        run("registry.approval.decide", {**decision, "outcome": "refuse"}, two)


def test_the_same_open_question_is_asked_once(
    house: registry.Organisation, boards: tuple[Actor, Actor]
) -> None:
    body = give(house, people.person().pk, "treasurer")
    for _ in range(2):
        with pytest.raises(Refusal, match=r"core\.second_person"):
            run("registry.mandate.give", body, boards[0])
    assert registry.Approval.rows.count() == 1


def test_a_second_person_with_a_tie_is_refused(
    house: registry.Organisation, boards: tuple[Actor, Actor]
) -> None:
    one, two = boards
    run("registry.tie.declare", {"party_id": str(house.pk), "kind": "creditor"}, two)
    with pytest.raises(Refusal, match=r"core\.second_person"):
        run("registry.mandate.give", give(house, people.person().pk, "treasurer"), one)
    waiting = registry.Approval.rows.get()
    assert waiting.organisation == house.pk
    decision = {"approval_id": str(waiting.pk), "outcome": "approve"}
    assert refused("registry.approval.decide", decision, two) == "registry.approval_tied"


def test_an_approval_ends(
    house: registry.Organisation, boards: tuple[Actor, Actor], clock: Clock
) -> None:
    clock.at("2026-06-01T10:00:00+09:00")
    with pytest.raises(Refusal, match=r"core\.second_person"):
        run("registry.mandate.give", give(house, people.person().pk, "treasurer"), boards[0])
    waiting = registry.Approval.rows.get()
    assert waiting.expires_at - waiting.asked_at == timedelta(days=14)
    clock.at("2026-06-15T10:00:00+09:00")
    decision = {"approval_id": str(waiting.pk), "outcome": "approve"}
    assert refused("registry.approval.decide", decision, boards[1]) == "registry.approval_over"


@pytest.mark.parametrize("role", [Role.STAFF, Role.TREASURER, Role.MEMBER, Role.RESIDENT])
def test_who_gives_no_mandate(role: Role, house: registry.Organisation) -> None:
    scope = {} if role is Role.RESIDENT else {"organisation": house}
    actor = people.person_with(role, **scope)
    code = refused("registry.mandate.give", give(house, people.person().pk, "treasurer"), actor)
    assert code in ("core.not_allowed", "core.not_found")


def test_a_mandate_is_laid_down_with_a_reason(house: registry.Organisation, clock: Clock) -> None:
    clock.at("2026-06-01T10:00:00+09:00")
    board = people.person_with(Role.BOARD, organisation=house)
    held = registry.Mandate.rows.get(person=board.id)
    stranger = people.person_with(Role.BOARD, organisation=people.organisation("다른 조직"))
    body = {"mandate_id": str(held.pk)}
    why = "임기를 마쳤습니다"
    assert refused("registry.mandate.end", body, stranger, why) == "core.not_found"
    run("registry.mandate.end", body, board, reason=why)
    clock.at("2026-06-01T10:00:01+09:00")
    assert Role.BOARD not in {grant.role for grant in grants_of(board.id, people._now())}


def test_the_first_mandate_comes_from_the_operator(house: registry.Organisation) -> None:
    chosen = people.person()
    body = {
        "person_id": str(chosen.pk), "role": "official", "scope_kind": "district",
        "scope_id": people.MAPO,
    }  # fmt: skip
    resident = people.person_with(Role.RESIDENT, district=people.MAPO)
    assert refused("registry.mandate.seed", body, resident) == "core.not_allowed"
    run("registry.mandate.seed", body, Actor.operator())
    assert registry.Mandate.rows.get(person=chosen).given_by is None


# -- consent and ties -----------------------------------------------------------------------------


def test_consent_is_given_narrowed_and_withdrawn(clock: Clock) -> None:
    clock.at("2026-06-01T10:00:00+09:00")
    one = people.person_with(Role.RESIDENT, district=people.MAPO)
    given = run("registry.consent.give", {"purpose": "statistics"}, one).result
    assert len(given.receipt) == 64
    narrow = {"purpose": "statistics", "fields": ("sex",)}
    clock.move(seconds=1)
    run("registry.consent.narrow", narrow, one)
    assert refused("registry.consent.narrow", narrow, one) == "registry.consent_fields"
    clock.move(seconds=1)
    run("registry.consent.withdraw", {"purpose": "statistics"}, one)
    body = {"purpose": "statistics"}
    assert refused("registry.consent.withdraw", body, one) == "registry.consent_none"
    acts = registry.Consent.rows.filter(person=one.id).order_by("at", "pk")
    assert sorted((row.act, tuple(row.fields)) for row in acts) == [
        ("given", ("age_band", "sex")), ("narrowed", ("sex",)), ("withdrawn", ()),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"how": "paper"}, "registry.witness_needed"),
        ({"witness_id": str(uuid4())}, "registry.witness_needed"),
        ({"fields": ("income",)}, "registry.consent_fields"),
        ({"purpose": "advertising"}, "core.not_found"),
    ],
)
def test_consent_that_is_refused(more: dict[str, object], code: str) -> None:
    one = people.person_with(Role.RESIDENT, district=people.MAPO)
    body = {"purpose": "statistics", **more}
    assert refused("registry.consent.give", body, one) == code


def test_a_tie_is_declared_once_and_ended(house: registry.Organisation) -> None:
    one = people.person_with(Role.RESIDENT, district=people.MAPO)
    other = people.person_with(Role.RESIDENT, district=people.MAPO)
    body = {"party_id": str(house.pk), "kind": "owner"}
    tie = run("registry.tie.declare", body, one).result.id
    assert refused("registry.tie.declare", body, one) == "registry.overlap"
    assert refused("registry.tie.end", {"tie_id": tie}, other, "그만두었습니다") == "core.not_found"
    run("registry.tie.end", {"tie_id": tie}, one, reason="그만두었습니다")
    assert refused("registry.tie.end", {"tie_id": tie}, one, "다시 그만둠") == "registry.answered"
    assert registry.Tie.rows.count() == 2


# -- places ---------------------------------------------------------------------------------------


def test_the_25_districts_are_installed_once() -> None:
    assert registry.District.rows.count() == 25
    both = dict(registry.District.rows.values_list("sig", "kostat"))
    assert (both["11110"], both["11350"]) == ("11010", "11110")
    again = run("registry.place.install", {}, Actor.operator()).result
    assert (again.rows, again.changed) == (25, 0)


def test_a_centre_is_set_by_two_officials(house: registry.Organisation) -> None:
    one, two = (people.person_with(Role.OFFICIAL, district=people.MAPO) for _ in range(2))
    body = {"district": people.MAPO, "organisation_id": str(house.pk), "since": "2026-01-01"}
    assert refused("registry.centre.set", body, one) == "core.second_person"
    waiting = registry.Approval.rows.get()
    decision = {"approval_id": str(waiting.pk), "outcome": "approve"}
    run("registry.approval.decide", decision, two)
    assert registry.Centre.rows.get().organisation_id == house.pk
