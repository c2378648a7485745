"""Acting for a person without a phone: a witness, a mandate, a stretch, and its limits."""

from __future__ import annotations

from uuid import UUID

import pytest

from dure.core import clock as core_clock
from dure.core import door
from dure.core.actions import CATALOGUE, Who, run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models import AuditLine
from dure.registry.models import Acting, Consent, Mandate, Membership
from dure.registry.queries import acting as queries
from tests.harness import people
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.probe import probing

pytestmark = pytest.mark.django_db


def staff(district: str = people.MAPO) -> Actor:
    return people.person_with(Role.STAFF, district=district)


def neighbour() -> UUID:
    return UUID(str(people.person(people.MAPO).id))


def allow(witness: Actor, helper: Actor, person: UUID, days: int = 30) -> str:
    body = {"person_id": str(person), "staff_id": str(helper.id), "how": "spoken", "days": days}
    return str(run("registry.acting.allow", body, witness).result.id)


def begin(helper: Actor, person: UUID) -> Actor:
    """Begin a stretch; gives the actor as the pages then make it."""
    run("registry.acting.begin", {"person_id": str(person)}, helper)
    return acting(helper, person)


def acting(helper: Actor, person: UUID) -> Actor:
    assert helper.id is not None
    return Actor.person(helper.id, acting_for=person)


def apply(actor: Actor) -> str:
    body = {"organisation_id": str(people.organisation().id)}
    return str(run("registry.membership.apply", body, actor).result.id)


def test_witness_allows_colleague_acts_and_the_line_carries_both() -> None:
    witness, helper, person = staff(), staff(), neighbour()
    mandate = Mandate.rows.get(pk=allow(witness, helper, person))
    assert (mandate.person_id, mandate.given_by, mandate.scope_id) == (
        helper.id, witness.id, str(person),
    )  # fmt: skip
    consent = Consent.rows.get(person_id=person)
    assert (consent.act, consent.how, consent.witness) == ("given", "spoken", witness.id)
    made = apply(begin(helper, person))
    assert Membership.rows.get(pk=made).person_id == person
    line = AuditLine.rows.get(action="registry.membership.apply")
    assert (line.actor, line.acting_for) == (helper.id, person)
    stretch = queries.stretches_of(person)[0]
    assert [one.action for one in queries.done_in(stretch)] == ["registry.membership.apply"]


def test_nobody_allows_oneself_and_only_staff_of_the_place_help() -> None:
    witness, helper, person = staff(), staff(), neighbour()
    with pytest.raises(Refusal, match=r"registry\.mandate_self"):
        allow(witness, witness, person)
    with pytest.raises(Refusal, match=r"core\.not_found"):
        allow(witness, staff(people.JONGNO), person)
    with pytest.raises(Refusal, match=r"core\.not_found"):
        allow(staff(people.JONGNO), helper, person)
    with pytest.raises(Refusal, match=r"registry\.mandate_too_long"):
        allow(witness, helper, person, days=366)
    with pytest.raises(Refusal, match=r"core\.not_found"):
        begin(helper, person)
    assert Mandate.rows.filter(role="acts_for").count() == Acting.rows.count() == 0


def test_without_a_stretch_no_face_can_claim_to_act() -> None:
    witness, helper, person = staff(), staff(), neighbour()
    with pytest.raises(Refusal, match=r"registry\.acting_over"):
        apply(acting(helper, person))
    allow(witness, helper, person)
    with pytest.raises(Refusal, match=r"registry\.acting_over"):
        apply(acting(helper, person))
    begin(helper, person)
    with pytest.raises(Refusal, match=r"registry\.acting_over"):
        apply(acting(helper, neighbour()))
    with pytest.raises(Refusal, match=r"registry\.acting_over"):
        apply(acting(witness, person))
    assert Membership.rows.count() == 0


def test_a_stretch_ends_by_itself_to_the_second(clock: Clock) -> None:
    clock.at("2026-07-01T10:00:00+09:00")
    witness, helper, person = staff(), staff(), neighbour()
    allow(witness, helper, person)
    actor = begin(helper, person)
    clock.at("2026-07-01T10:59:59+09:00")
    apply(actor)
    clock.at("2026-07-01T11:00:00+09:00")
    with pytest.raises(Refusal, match=r"registry\.acting_over"):
        apply(actor)
    run("registry.acting.begin", {"person_id": str(person)}, helper)
    clock.at("2026-07-31T10:00:00+09:00")
    with pytest.raises(Refusal, match=r"core\.not_found"):
        begin(helper, person)


@pytest.mark.parametrize("how", ["ended", "withdrawn", "consent", "job", "erased"])
def test_a_stretch_stops_with_what_it_stands_on(how: str, clock: Clock) -> None:
    clock.at("2026-07-01T10:00:00+09:00")
    witness, helper, person = staff(), staff(), neighbour()
    allow(witness, helper, person)
    actor = begin(helper, person)
    clock.at("2026-07-01T10:01:00+09:00")
    own = Actor.person(person)
    if how == "ended":
        run("registry.acting.end", {}, helper)
    elif how == "withdrawn":
        run("registry.acting.withdraw", {"person_id": str(person)}, witness)
        last = Consent.rows.filter(person_id=person).latest("at")
        assert (last.act, last.how, last.witness) == ("withdrawn", "spoken", witness.id)
    elif how == "consent":
        run("registry.consent.withdraw", {"purpose": "acting_for"}, own)
    elif how == "job":
        people.after_term(helper, seconds=0)
    else:
        with given() as audit:
            row = people.registry.Person.rows.get(pk=person)
            row.state, row.audit = "erased", audit
            row.save()
    with pytest.raises(Refusal, match=r"registry\.acting_over"):
        apply(actor)


def test_the_person_withdraws_by_herself(clock: Clock) -> None:
    clock.at("2026-07-01T10:00:00+09:00")
    witness, helper, person = staff(), staff(), neighbour()
    allow(witness, helper, person)
    actor = begin(helper, person)
    clock.at("2026-07-01T10:01:00+09:00")
    done = run("registry.acting.withdraw", {"person_id": str(person)}, Actor.person(person))
    assert done.result.ended_count == 1
    assert Consent.rows.filter(person_id=person).latest("at").how == "screen"
    with pytest.raises(Refusal, match=r"registry\.acting_over"):
        apply(actor)
    with pytest.raises(Refusal, match=r"registry\.consent_none"):
        run("registry.acting.withdraw", {"person_id": str(person)}, Actor.person(person))


def test_no_mandate_of_either_is_carried() -> None:
    witness, helper, person = staff(), staff(), neighbour()
    people.mandate(person, Role.BOARD, organisation=people.organisation())
    allow(witness, helper, person)
    known = door.load_grants(begin(helper, person), core_clock.now())
    assert {grant.role for grant in known.grants} == {Role.RESIDENT}
    assert {grant.scope_id for grant in known.grants} == {people.MAPO, str(person)}


def test_one_step_never_acts_for_another() -> None:
    witness, helper, person = staff(), staff(), neighbour()
    weak = Actor.person(helper.id or "", assured=False)
    body = {"person_id": str(person), "staff_id": str(witness.id), "how": "paper", "days": 3}
    with pytest.raises(Refusal, match=r"core\.second_step"):
        run("registry.acting.allow", body, weak)
    allow(witness, helper, person)
    begin(helper, person)
    with pytest.raises(Refusal, match=r"core\.second_step"):
        apply(Actor.person(helper.id or "", acting_for=person, assured=False))


NEVER = (
    "registry.consent.", "registry.login.", "registry.person.", "registry.approval.",
    "registry.mandate.", "registry.recovery.", "registry.acting.", "core.token.",
)  # fmt: skip


def test_what_is_never_done_for_another_is_marked_so() -> None:
    """Voting, approving, consenting, ways to sign in and the vault: no entry of theirs is open."""
    opened = sorted(entry.name for entry in CATALOGUE.values() if entry.for_another)
    assert [name for name in opened if name.startswith(NEVER)] == []
    assert {"registry.membership.apply", "registry.membership.leave"} <= set(opened)


def test_every_other_action_refuses_an_actor_for_another() -> None:
    witness, helper, person = staff(), staff(), neighbour()
    allow(witness, helper, person)
    actor = begin(helper, person)
    with pytest.raises(Refusal, match=r"registry\.not_for_another"):
        run("registry.consent.give", {"purpose": "notices"}, actor)
    with probing(), pytest.raises(Refusal, match=r"registry\.not_for_another"):
        run("test.rule.write", {"key": "test.one", "words": "두레"}, actor)
    with probing(for_another=True):  # negative control: the mark is what opens it
        run("test.rule.write", {"key": "test.one", "words": "두레"}, actor)
    assert Who.PERSON in CATALOGUE["registry.consent.give"].who
