"""Sign-in actions whose values are held, for every role and place: the matrix cannot fill them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from dure.core.actions import CATALOGUE, run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models.work import Progress
from dure.registry import vault
from dure.registry.models import Invitation, Organisation, Person
from tests.harness import people

pytestmark = pytest.mark.django_db

ROLES = [role for role in Role if role is not Role.OPERATOR]
OF_ORGANISATION = {Role.MEMBER, Role.STAFF, Role.TREASURER, Role.APPROVER, Role.BOARD, Role.AUDITOR}
HOSTS = {Role.STAFF, Role.BOARD}
OWN = (
    "propose_address", "write_confirmation", "read_pending", "confirm_address", "remove_address",
    "set_password", "record", "end_session", "connect",
)  # fmt: skip
BODIES: dict[str, dict[str, object]] = {
    "propose_address": {"scheme": "mail"},
    "write_confirmation": {"scheme": "mail"},
    "read_pending": {"scheme": "mail"},
    "confirm_address": {"scheme": "mail"},
    "remove_address": {"scheme": "mail"},
    "record": {"change": "totp_activated"},
    "end_session": {"session_ids": [1]},
}


def holder(role: Role, organisation: Organisation) -> Actor:
    """An actor with a role, in the organisation where the role belongs to one."""
    if role in OF_ORGANISATION:
        return people.person_with(role, organisation=organisation)
    if role in (Role.ANALYST, Role.VAULT):
        return people.person_with(role, purpose="care")
    return people.person_with(role, district=people.MAPO)


def invite(actor: Actor, organisation: Organisation) -> None:
    with vault.holding({"mail": "new@example.test"}) as tag:
        body = {"organisation_id": str(organisation.id), "member_class": "consumer", "values": tag}
        run("registry.invitation.send", body, actor, key=str(uuid4()))


@pytest.mark.parametrize("role", ROLES)
def test_invitations_are_sent_by_the_host_alone(role: Role) -> None:
    own, other = people.organisation("가람협동조합"), people.organisation("나래협동조합")
    actor = holder(role, own)
    if role in HOSTS:
        invite(actor, own)
    else:
        with pytest.raises(Refusal, match=r"core\.not_"):
            invite(actor, own)
    with pytest.raises(Refusal, match=r"core\.not_found"):
        invite(actor, other)
    assert Invitation.rows.count() == (1 if role in HOSTS else 0)


def test_host_whose_term_ended_invites_nobody() -> None:
    own = people.organisation()
    with pytest.raises(Refusal, match=r"core\.not_found"):
        invite(people.ended(Role.BOARD, organisation=own), own)
    assert Invitation.rows.count() == 0


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("role", [Role.VISITOR, Role.RESIDENT, Role.STAFF, Role.VAULT])
def test_own_login_actions_find_nothing_without_a_login(name: str, role: Role) -> None:
    actor = holder(role, people.organisation())
    body = dict(BODIES.get(name, {}))
    with vault.holding({"address": "a@example.test"}) as tag:
        if "values" in CATALOGUE[f"registry.login.{name}"].body.model_fields:
            body["values"] = tag
        with pytest.raises(Refusal, match=r"core\.not_found"):
            run(f"registry.login.{name}", body, actor)


@pytest.mark.parametrize("role", ROLES)
def test_phone_is_confirmed_by_staff_of_the_person_alone(role: Role) -> None:
    organisation = people.organisation()
    person = people.person(people.MAPO)
    people.membership(person.id, organisation)
    actor = holder(role, organisation)
    with vault.holding({"address": "010-0000-0000"}) as tag:
        body = {"person_id": str(person.id), "values": tag}
        if role is Role.STAFF:
            run("registry.login.confirm_phone", body, actor, reason="창구에서 확인함")
        else:
            with pytest.raises(Refusal, match=r"core\.not_found"):
                run("registry.login.confirm_phone", body, actor, reason="창구에서 확인함")
    assert vault.address_schemes(person.id) == (("phone",) if role is Role.STAFF else ())


def test_erasure_asks_for_a_change_of_keys() -> None:
    person = people.person(people.MAPO)
    me = Actor.person(person.id, origin="test")
    vault.store(vault.Entry(person.id, {"name": "홍길동"}), actor=me, purpose="account")
    body = {"person_id": str(person.id)}
    run("registry.person.erase", body, me, key=str(uuid4()), reason="이사를 갑니다")
    assert list(Progress.rows.values_list("action", flat=True)) == ["registry.vault.rotate"]
    assert Person.rows.get(pk=person.id).state == Person.State.ERASED


@pytest.mark.parametrize("role", ROLES)
def test_one_person_can_be_erased_by_herself_and_the_vault_officer_alone(role: Role) -> None:
    organisation = people.organisation()
    person = people.person(people.MAPO)
    people.membership(person.id, organisation)
    vault.store(
        vault.Entry(person.id, {"name": "홍길동"}),
        actor=holder(Role.STAFF, organisation),
        purpose="account",
    )
    actor = holder(role, organisation)
    body, why = {"person_id": str(person.id)}, "본인이 부탁함"
    if role is Role.VAULT:
        run("registry.person.erase", body, actor, key=str(uuid4()), reason=why)
        assert [row.kind for row in vault.accesses(person.id)] == ["erase", "store"]
        return
    with pytest.raises(Refusal, match=r"core\.not_"):
        run("registry.person.erase", body, actor, key=str(uuid4()), reason=why)
    assert [row.kind for row in vault.accesses(person.id)] == ["store"]
