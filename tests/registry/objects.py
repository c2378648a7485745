"""Objects of the registry for the matrix: each stands in an organisation, or is a person's own."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from dure.core import clock
from dure.core.actors import Actor, Role
from dure.registry import models as registry
from dure.registry import vault
from tests.harness import people
from tests.harness.given import given
from tests.harness.matrix import Place, apart, slot, value


@slot("organisation_id")
def organisation(place: Place, actor: Actor) -> str:
    return str(place.organisation.id)


slot("registry.organisation.propose:organisation_id", placed=False)(organisation)
slot("registry.membership.apply:organisation_id", placed=False)(organisation)
slot("registry.approval.ask:organisation_id", placed=False)(organisation)


@slot("district", "registry.organisation.register:district")
def district(place: Place, actor: Actor) -> str:
    return place.district


slot("registry.organisation.move:district", placed=False)(district)


@slot("kept_id")
def kept(place: Place, actor: Actor) -> str:
    return str(place.organisation.id)


@slot("other_id")
def other(place: Place, actor: Actor) -> str:
    return str(people.organisation("겹침협동조합", district_sig=place.district).id)


@slot("merge_id")
def merge(place: Place, actor: Actor) -> str:
    second = other(place, actor)
    with given() as audit:
        row = registry.Merge.rows.create(
            kept=place.organisation,
            other_id=second,
            evidence="같은 조직",
            proposer=uuid4(),
            proposed_at=clock.now(),
            audit=audit,
        )
    return str(row.id)


@slot("registry.organisation.review:edit_id")
def edit(place: Place, actor: Actor) -> str:
    return _edit(place, uuid4())


@slot("registry.organisation.withdraw:edit_id", owned=True, placed=False)
def own_edit(place: Place, actor: Actor) -> str:
    return _edit(place, place.owner)


def _edit(place: Place, proposer: object) -> str:
    with given() as audit:
        row = registry.OrgEdit.rows.create(
            organisation=place.organisation,
            field="web",
            old="",
            new="https://a.test",
            proposer=proposer,
            proposed_at=clock.now(),
            audit=audit,
        )
    return str(row.id)


@slot("status_id")
def status(place: Place, actor: Actor) -> str:
    with given() as audit:
        row = registry.OrgStatus.rows.create(
            organisation=place.organisation,
            code="village",
            valid=(people.LONG_AGO.date(), None),
            audit=audit,
        )
    return str(row.id)


@slot("value_id")
def yearly(place: Place, actor: Actor) -> str:
    with given() as audit:
        row = registry.OrgYear.rows.create(
            organisation=place.organisation,
            year=2024,
            kind="capital",
            value=3,
            source="시험",
            stated_at=clock.now(),
            audit=audit,
        )
    return str(row.id)


@slot("registry.membership.admit:membership_id")
def application(place: Place, actor: Actor) -> str:
    with given() as audit:
        row = registry.Membership.rows.create(
            organisation=place.organisation,
            person=people.person(),
            member_class="consumer",
            state="applied",
            applied_at=clock.now(),
            audit=audit,
        )
    return str(row.id)


@slot("registry.membership.leave:membership_id", owned=True)
def membership(place: Place, actor: Actor) -> str:
    found = registry.Membership.rows.filter(
        organisation=place.organisation, person_id=place.owner
    ).first()
    return str((found or people.membership(place.owner, place.organisation)).id)


@slot("registry.mandate.end:mandate_id", owned=True)
def mandate(place: Place, actor: Actor) -> str:
    held = registry.Mandate.rows.filter(person_id=actor.id, role="official").exists()
    if held:  # an official answers for the mandates of the district
        return str(people.mandate(place.owner, "contact", district=place.district).id)
    return str(people.mandate(place.owner, "contact", organisation=place.organisation).id)


@slot("registry.mandate.give:person_id", placed=False)
def somebody(place: Place, actor: Actor) -> str:
    return str(people.person().id)


@slot("registry.mandate.give:scope_id")
def scope(place: Place, actor: Actor) -> str:
    return str(place.organisation.id)


value("registry.mandate.give:scope_kind", "organisation")
value("registry.mandate.give:role", "staff")


@slot("registry.recovery.ask:person_id")
def somebody_at_home(place: Place, actor: Actor) -> str:
    made = people.person(place.district)
    with given() as audit:
        registry.Login.objects.create(
            person=made, handle=f"h{uuid4().hex[:14]}", skeleton=uuid4().hex,
            created_at=clock.now(), audit=audit,
        )  # fmt: skip
    return str(made.id)


@slot("registry.recovery.decide:recovery_id")
def recovery(place: Place, actor: Actor) -> str:
    return _recovery(people.person(place.district).id)


@slot("registry.recovery.stop:recovery_id", owned=True)
def own_recovery(place: Place, actor: Actor) -> str:
    own = place.owner if place.owner == actor.id else people.person(place.district).id
    return _recovery(own)


def _recovery(person: object) -> str:
    with given() as audit:
        row = registry.Recovery.rows.create(
            person_id=person, asked_by=uuid4(), asked_at=clock.now(),
            ends_at=clock.now() + timedelta(days=7), audit=audit,
        )  # fmt: skip
    return str(row.id)


@slot("registry.breakglass.ask:person_id", placed=False)
def anybody(place: Place, actor: Actor) -> str:
    return str(people.person().id)


@slot("breakglass_id", placed=False)
def breakglass(place: Place, actor: Actor) -> str:
    return _breakglass(uuid4())


@slot("registry.breakglass.read:breakglass_id", owned=True, placed=False)
def own_breakglass(place: Place, actor: Actor) -> str:
    return _breakglass(place.owner)


def _breakglass(asker: object) -> str:
    with given() as audit:
        row = registry.BreakGlass.rows.create(
            person=people.person(), asked_by=asker, asked_at=clock.now(), why="매트릭스 시험",
            audit=audit,
        )  # fmt: skip
    return str(row.id)


value("registry.breakglass.read:fields", ["name"])


@slot("registry.acting.allow:person_id")
def somebody_near(place: Place, actor: Actor) -> str:
    return str(people.person(place.district).id)


@slot("staff_id", placed=False)
def colleague(place: Place, actor: Actor) -> str:
    return str(people.person_with(Role.STAFF, district=place.district).id)


@slot("registry.acting.withdraw:person_id", owned=True)
def helped(place: Place, actor: Actor) -> str:
    own = place.owner == actor.id
    return str(place.owner if own else people.person(place.district).id)


@slot("registry.acting.begin:person_id", owned=True, placed=False)
def acted_for(place: Place, actor: Actor) -> str:
    made = people.person(place.district).id
    staff = actor.id if place.owner == actor.id and actor.id else people.person().id
    purpose = registry.Purpose.rows.filter(code="acting_for").first()
    with given() as audit:
        registry.Consent.rows.create(
            person_id=made, purpose=purpose, act="given", fields=[], how="spoken",
            witness=uuid4(), receipt="0" * 64, at=clock.now(), audit=audit,
        )  # fmt: skip
        registry.Mandate.rows.create(
            person_id=staff, role="acts_for", scope_kind="person", scope_id=str(made),
            valid=(people.LONG_AGO, None), given_by=uuid4(), given_at=people.LONG_AGO, audit=audit,
        )  # fmt: skip
    return str(made)


value("registry.acting.allow:days", 30)


@slot("person_id", owned=True)
def person(place: Place, actor: Actor) -> str:
    return str(place.owner)


@slot("tie_id", owned=True, placed=False)
def tie(place: Place, actor: Actor) -> str:
    with given() as audit:
        row = registry.Tie.rows.create(
            person_id=place.owner,
            organisation=place.organisation,
            kind="owner",
            declared_at=clock.now(),
            source="declared",
            audit=audit,
        )
    return str(row.id)


value("party_id", lambda place, actor: str(place.organisation.id))


@slot("registry.approval.decide:approval_id")
def question(place: Place, actor: Actor) -> str:
    return _approval(place, uuid4())


@slot(
    "registry.approval.withdraw:approval_id",
    "registry.approval.run:approval_id",
    owned=True,
    placed=False,
)
def own_question(place: Place, actor: Actor) -> str:
    return _approval(place, place.owner)


def _approval(place: Place, requester: object) -> str:
    with given() as audit:
        row = registry.Approval.rows.create(
            action="registry.organisation.rename",
            body={"organisation_id": str(place.organisation.id), "name": "새이름"},
            body_hash="a" * 64,
            requester=requester,
            scope_kind="organisation",
            scope_id=str(place.organisation.id),
            organisation=place.organisation.id,
            asked_at=clock.now(),
            expires_at=clock.now() + timedelta(days=7),
            audit=audit,
        )
    return str(row.id)


@slot("invitation_id")
def invitation(place: Place, actor: Actor) -> str:
    with given() as audit:
        row = registry.Invitation.rows.create(
            organisation=place.organisation,
            member_class="consumer",
            person=people.person(None),
            sent_by=uuid4(),
            sent_at=clock.now(),
            expires_at=clock.now() + timedelta(days=7),
            audit=audit,
        )
    return str(row.id)


value("year", 2023)
value("registry.year.state:kind", "heads")
value("registry.organisation.register:name", "새봄협동조합")
value("registry.organisation.rename:name", "새이름협동조합")
value("registry.status.set:status", "village")
value("registry.organisation.propose:field", "web")
value("registry.organisation.propose:value", "https://b.test")
value("registry.person.read:purpose", "own_data")
value("registry.person.read:fields", ["name"])
SEALED = "its values are sealed by the sign-in form; run in the tests of sign-in"
for name in (
    "invitation.accept",
    "invitation.send",
    "login.ask_reset",
    "login.confirm_address",
    "login.propose_address",
    "login.renew_hash",
    "login.reset_password",
    "login.set_password",
    "login.sign_up",
):
    apart(f"registry.{name}", SEALED)


@slot("import_id")
def imported(place: Place, actor: Actor) -> str:
    with given() as audit:
        row = registry.Import.rows.create(
            district_id=place.district,
            year=2026,
            file_name="list.csv",
            sha256=uuid4().hex * 2,
            size=10,
            kind="csv",
            header_line=1,
            opener=uuid4(),
            opened_at=clock.now(),
            audit=audit,
        )
    return str(row.id)


value("registry.import.map:columns", [])
apart("registry.import.open", "its file is a spooled upload; run in the tests of imports")
apart("registry.import.map", "its columns are those of a read file; run in the tests of imports")
apart("registry.approval.ask", "has no face: the door alone asks it, with a whole body")
apart(
    "registry.approval.decide",
    "who may decide follows the action approved; run in the door's tests",
)
apart("registry.login.end_session", "its sessions are browsers'; run in the tests of sign-in")
apart("registry.device.add", "a browser seals its address; run in the tests of devices")


@slot("device_id", owned=True, placed=False)
def push_device(place: Place, actor: Actor) -> str:
    with given() as audit:
        if not registry.Person.rows.filter(pk=place.owner).exists():
            registry.Person.rows.create(id=place.owner, audit=audit)
        row = registry.Device.rows.create(
            person_id=place.owner,
            slot=1,
            name="Android · Chrome",
            mark=uuid4().hex * 2,
            added_at=clock.now(),
            audit=audit,
        )
        entry = vault.Entry(place.owner, {"push_1": "{}"})
        vault.store(entry, actor=Actor.operator(), purpose="notice")
    return str(row.id)


for name in ("print", "stop_by_link", "use"):
    apart(f"registry.recovery.{name}", SEALED)
for name in ("write_confirmation", "remove_address", "confirm_phone", "connect"):
    apart(f"registry.login.{name}", SEALED)
value("registry.consent.give:purpose", "notices")
value("registry.consent.give:fields", ["mail"])
value("registry.consent.narrow:purpose", "notices")
value("registry.consent.narrow:fields", ["mail"])
