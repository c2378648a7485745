"""The registry's last line: what the database itself refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from django.db import DatabaseError, transaction

from dure.core.actors import Role
from dure.registry import models as registry
from tests.harness import people
from tests.harness.given import given

pytestmark = pytest.mark.django_db


@contextmanager
def refused(rule: str) -> Iterator[None]:
    with pytest.raises(DatabaseError, match=rule), transaction.atomic():
        yield


def edge(
    member: registry.Organisation,
    whole: registry.Organisation,
    since: str,
    until: str | None,
) -> None:
    with given() as audit:
        registry.Membership.rows.create(
            organisation=whole,
            member=member,
            member_class="federated",
            state="admitted",
            applied_at=datetime(2024, 1, 1, tzinfo=UTC),
            audit=audit,
            valid=(
                date.fromisoformat(since),
                date.fromisoformat(until) if until else None,
            ),
        )


def test_a_table_takes_no_write_outside_an_action() -> None:
    with refused("dure.no_action"):
        registry.Person.rows.create(created_at=datetime.now(UTC), audit=people.uuid4())


def test_federation_edges_that_share_no_day_are_no_cycle() -> None:
    a, b, c = (people.organisation(f"연합 {letter}") for letter in "abc")
    edge(a, b, "2024-01-01", None)
    edge(b, c, "2024-01-01", "2025-01-01")
    edge(c, a, "2025-01-01", None)
    assert registry.Membership.rows.filter(member__isnull=False).count() == 3


def test_a_federation_cycle_on_one_day_is_refused() -> None:
    a, b, c = (people.organisation(f"연합 {letter}") for letter in "abc")
    edge(a, b, "2024-01-01", None)
    edge(b, c, "2024-01-01", "2025-01-01")
    with refused("registry.federation_cycle"):
        edge(c, a, "2024-12-31", None)
    with refused("membership_of_itself_is_none"):
        edge(a, a, "2024-01-01", None)


def test_a_federation_deeper_than_twelve_is_refused() -> None:
    chain = [people.organisation(f"층 {n}") for n in range(14)]
    for lower, upper in list(pairwise(chain))[:12][::-1]:
        edge(lower, upper, "2024-01-01", None)
    with refused("registry.federation_too_deep"):
        edge(people.organisation("바닥"), chain[0], "2024-01-01", None)


def test_treasurer_and_approver_of_one_organisation_follow_each_other_at_best() -> None:
    a, b = people.organisation("가"), people.organisation("나")
    who = people.person().id
    end = datetime.fromisoformat("2026-07-01T00:00:00+09:00")
    people.mandate(who, Role.TREASURER, organisation=a, until=end)
    with refused("mandatepair_roles_are_not_held_together"):
        people.mandate(
            who,
            Role.APPROVER,
            organisation=a,
            since=end.replace(day=30, month=6, hour=23, minute=59, second=59),
        )
    people.mandate(who, Role.APPROVER, organisation=a, since=end)
    people.mandate(who, Role.APPROVER, organisation=b)
    assert registry.MandatePair.rows.filter(person=who).count() == 7


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("treasurer", "auditor"),
        ("board", "auditor"),
        ("analyst", "vault"),
        ("operator", "staff"),
    ],
)
def test_incompatible_roles(one: str, other: str) -> None:
    a = people.organisation()
    who = people.person().id
    people.mandate(who, one, organisation=a)
    with refused("mandatepair_roles_are_not_held_together"):
        people.mandate(who, other, organisation=a)


def test_nobody_gives_a_mandate_to_themselves() -> None:
    who = people.person()
    with refused("mandate_is_given_by_somebody_else"), given() as audit:
        registry.Mandate.rows.create(
            person=who,
            role="staff",
            scope_kind="district",
            scope_id=people.MAPO,
            given_by=who.id,
            given_at=people.LONG_AGO,
            valid=(people.LONG_AGO, None),
            audit=audit,
        )


def test_a_number_belongs_to_one_organisation_a_day() -> None:
    a, b = people.organisation("가"), people.organisation("나")
    with given() as audit:
        registry.OrgNumber.rows.create(
            organisation=a,
            scheme="biz",
            token=b"1" * 32,
            digits="9990010004",
            valid=(date(2020, 1, 1), date(2024, 1, 1)),
            audit=audit,
        )
        registry.OrgNumber.rows.create(
            organisation=b,
            scheme="biz",
            token=b"1" * 32,
            digits="9990010004",
            valid=(date(2024, 1, 1), None),
            audit=audit,
        )
    with refused("orgnumber_belongs_to_one_organisation_a_day"), given() as audit:
        registry.OrgNumber.rows.create(
            organisation=a,
            scheme="biz",
            token=b"1" * 32,
            digits="9990010004",
            valid=(date(2025, 1, 1), None),
            audit=audit,
        )


@pytest.mark.parametrize(("form", "digits"), [("sole_trader", "9990010004"), ("corporation", None)])
def test_digits_are_null_just_for_sole_traders(form: str, digits: str | None) -> None:
    one = people.organisation(form=form)
    with refused("registry.number_of_a_sole_trader_is_hidden"), given() as audit:
        registry.OrgNumber.rows.create(
            organisation=one,
            scheme="biz",
            token=b"1" * 32,
            digits=digits,
            valid=(date(2020, 1, 1), None),
            audit=audit,
        )


def test_a_sole_traders_site_is_its_gu() -> None:
    one = people.organisation(form="sole_trader")
    with refused("registry.site_of_a_sole_trader_is_its_gu"), given() as audit:
        registry.Site.rows.filter(organisation=one).update(address="없는길 1", audit=audit)


def test_closed_is_the_last_state() -> None:
    one = people.organisation()
    with given() as audit:
        registry.OrgState.rows.filter(organisation=one).update(
            valid=(date(2020, 1, 1), date(2024, 1, 1)), audit=audit
        )
        registry.OrgState.rows.create(
            organisation=one,
            state="closed",
            valid=(date(2024, 1, 1), None),
            audit=audit,
        )
    with refused("orgstate_one_state_a_day"), given() as audit:
        registry.OrgState.rows.create(
            organisation=one,
            state="operating",
            valid=(date(2025, 1, 1), None),
            audit=audit,
        )
    with refused("orgstate_closed_is_the_last"), given() as audit:
        registry.OrgState.rows.filter(organisation=one, state="closed").update(
            valid=(date(2024, 1, 1), date(2025, 1, 1)), audit=audit
        )


def test_a_status_of_class_c_names_issuer_and_paper() -> None:
    one = people.organisation(status=None)
    with refused("orgstatus_of_class_c_names_issuer_and_paper"), given() as audit:
        registry.OrgStatus.rows.create(
            organisation=one,
            code="se.certified",
            evidence_class="C",
            issuer="고용노동부",
            valid=(date(2024, 1, 1), None),
            audit=audit,
        )


def test_a_correction_names_a_value_of_its_own_organisation_year_and_kind() -> None:
    one = people.organisation()
    with given() as audit:
        old = registry.OrgYear.rows.create(
            organisation=one,
            year=2024,
            kind="sales",
            value=1,
            source="x",
            stated_at=people.LONG_AGO,
            audit=audit,
        )
    with refused("registry.year_corrects_its_own"), given() as audit:
        registry.OrgYear.rows.create(
            organisation=one,
            year=2023,
            kind="sales",
            value=2,
            source="x",
            corrects=old,
            stated_at=people.LONG_AGO,
            audit=audit,
        )
    with refused("orgyear_is_stated_once_and_then_corrected"), given() as audit:
        registry.OrgYear.rows.create(
            organisation=one,
            year=2024,
            kind="sales",
            value=2,
            source="x",
            stated_at=people.LONG_AGO,
            audit=audit,
        )
    with refused("append_only|permission denied"), given():
        registry.OrgYear.rows.filter(pk=old.pk).update(value=2)


def test_a_merge_is_one_hop() -> None:
    a, b, c = (people.organisation(f"조직 {letter}") for letter in "abc")
    with given() as audit:
        registry.Organisation.rows.filter(pk=b.pk).update(merged_into=a, audit=audit)
    with refused("registry.merge_is_one_hop"), given() as audit:
        registry.Organisation.rows.filter(pk=c.pk).update(merged_into=b, audit=audit)
    with refused("registry.merge_is_one_hop"), given() as audit:
        registry.Organisation.rows.filter(pk=a.pk).update(merged_into=c, audit=audit)


def asked(requester: object, organisation: object = None) -> registry.Approval:
    now = people._now()
    with given() as audit:
        return registry.Approval.rows.create(
            action="registry.mandate.give",
            body={},
            body_hash="0" * 64,
            requester=requester,
            organisation=organisation,
            asked_at=now,
            expires_at=now.replace(year=now.year + 1),
            audit=audit,
        )


def decide(approval: registry.Approval, approver: object) -> None:
    with given() as audit:
        registry.ApprovalDecision.rows.create(
            approval=approval,
            approver=approver,
            outcome="approved",
            decided_at=people._now(),
            audit=audit,
        )


def test_the_second_person_is_another_without_a_tie() -> None:
    one, other = people.person(), people.person()
    house = people.organisation()
    with refused("registry.approval_by_requester"):
        decide(asked(one.id), one.id)
    with given() as audit:
        tie = registry.Tie.rows.create(
            person=other,
            organisation=house,
            kind="owner",
            declared_at=people._now(),
            audit=audit,
        )
    with refused("registry.approval_by_tied_person"):
        decide(asked(one.id, house.id), other.id)
    with given() as audit:
        registry.Tie.rows.create(
            person=other,
            organisation=house,
            kind="owner",
            declared_at=people._now(),
            ends=tie,
            audit=audit,
        )
    decide(asked(one.id, house.id), other.id)
    assert registry.ApprovalDecision.rows.count() == 1


def test_a_question_does_not_change_after_asking() -> None:
    approval = asked(people.person().id)
    with refused("registry.approval_keeps_its_question"), given() as audit:
        registry.Approval.rows.filter(pk=approval.pk).update(body={"amount": 1}, audit=audit)
