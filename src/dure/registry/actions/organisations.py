"""Registering, renaming, moving and closing organisations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from django.db.backends.postgresql.psycopg_any import DateRange
from pydantic import Field

from dure.core import clock
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.types import District as DistrictCode
from dure.core.types import IsoDate, Line, Name, UuidText
from dure.registry import numbers, policies, stating
from dure.registry.errors import RegistryCode
from dure.registry.models import (
    District,
    Organisation,
    OrgContact,
    OrgName,
    OrgState,
    OrgStatus,
    Site,
)
from dure.registry.naming import search_columns
from dure.registry.queries import subjects
from dure.registry.vault import Entry, store

KEEPERS = {Role.STAFF: "d", Role.OFFICIAL: "d2"}
VAULT_PURPOSE = "register"

FormCode = Literal["corporation", "association", "sole_trader", "public_body"]
StateCode = Literal["preparing", "operating", "paused"]
StatusCode = Literal[
    "coop.consumer",
    "coop.producer",
    "coop.worker",
    "coop.multi",
    "coop.social",
    "se.certified",
    "se.preliminary",
    "venture.social",
    "village",
    "selfsupport",
    "land_trust",
    "platform_coop",
    "data_coop",
    "federation",
    "anchor",
    "buyer",
    "school",
    "support_centre",
]
NumberText = Annotated[str, Field(min_length=10, max_length=14, pattern=r"^[0-9-]+$")]


@dataclass(frozen=True, slots=True)
class OrganisationRef:
    """An organisation by its id."""

    id: str


def refuse_future(day: date | None, field: str) -> None:
    """Refuse a day that is still to come."""
    if day is not None and day > clock.today():
        raise Refusal(RegistryCode.DATE_FUTURE, field=field)


@action(
    "registry.organisation.register",
    ko="조직을 새로 등록합니다.",
    en="Register an organisation.",
    policy=policies.may_keep_organisation,
    second_person=policies.needs_second,
    letters=KEEPERS,
    subject=subjects.district,
    idempotent=True,
    reason=Reason.OPTIONAL,
    writes=(
        "registry_organisation",
        "registry_orgname",
        "registry_orgnumber",
        "registry_orgstate",
        "registry_orgstatus",
        "registry_site",
        "registry_orgcontact",
    ),
    labels=("org.active",),
    refusals=(RegistryCode.NUMBER_TAKEN, RegistryCode.NUMBER_WRONG, RegistryCode.DATE_FUTURE),
    constraints={
        "orgnumber_belongs_to_one_organisation_a_day": RegistryCode.CROSSED,
        "orgnumber_belongs_to_one_organisation_a_day_by_end": RegistryCode.CROSSED,
    },
)
def register_organisation(
    name: Name,
    form: FormCode,
    district: DistrictCode,
    status: StatusCode | None = None,
    status_from: IsoDate | None = None,
    state: StateCode = "operating",
    founded_on: IsoDate | None = None,
    name_en: Name | None = None,
    biz_number: NumberText | None = None,
    corp_number: NumberText | None = None,
    address: Line | None = None,
    phone: Line | None = None,
    mail: Line | None = None,
    web: Line | None = None,
    *,
    actor: Actor,
) -> OrganisationRef:
    """Register an organisation with its name, head office, state, numbers and first status.

    A sole trader's number, address and contact go to the vault; the register keeps the district.
    Source: mission row O1; one legal entity once.
    """
    place = subject(District)
    refuse_future(founded_on, "founded_on")
    refuse_future(status_from, "status_from")
    found = {
        scheme: numbers.digits_of(scheme, text)
        for scheme, text in (("biz", biz_number), ("corp", corp_number))
        if text
    }
    audit = line().id
    made = Organisation.rows.create(
        **search_columns(name),
        name_en=name_en or "",
        form=form,
        founded_on=founded_on,
        district=place,
        created_at=clock.now(),
        audit=audit,
    )
    line().object("registry.organisation", made.pk)
    line().organisation(made.pk)
    line().changed("name", None, name)
    line().changed("form", None, form)
    line().changed("district", None, place.pk)
    days = DateRange(founded_on, None)
    OrgName.rows.create(
        organisation=made, name=name, search_key=made.name_key, valid=days, audit=audit
    )
    OrgState.rows.create(organisation=made, state=state, valid=days, audit=audit)
    _place_head(made, place, address, days)
    _keep_contacts(made, {"phone": phone, "mail": mail, "web": web})
    if form == "sole_trader":
        _hide(made, {"address": address, "phone": phone, "mail": mail}, found.get("biz"), actor)
    for scheme, digits in found.items():
        numbers.claim(made, scheme, digits, founded_on)
    if status is not None:
        first = OrgStatus.rows.create(
            organisation=made,
            code=status,
            valid=DateRange(status_from or founded_on or clock.today(), None),
            audit=audit,
        )
        line().changed("status", None, status)
        stating.note_began(first)
    return OrganisationRef(str(made.pk))


def _place_head(
    organisation: Organisation, place: District, address: str | None, days: DateRange
) -> None:
    hidden = organisation.form == Organisation.Form.SOLE_TRADER
    Site.rows.create(
        organisation=organisation,
        district=place,
        address="" if hidden else address or "",
        is_head=True,
        valid=days,
        audit=line().id,
    )


def _keep_contacts(organisation: Organisation, values: dict[str, str | None]) -> None:
    hidden = organisation.form == Organisation.Form.SOLE_TRADER
    OrgContact.rows.bulk_create(
        OrgContact(organisation=organisation, kind=kind, value=value, audit=line().id)
        for kind, value in values.items()
        if value and (kind == "web" or not hidden)
    )


def _hide(
    organisation: Organisation, cells: dict[str, str | None], number: str | None, actor: Actor
) -> None:
    kept = {name: text for name, text in cells.items() if text}
    if number:
        kept["business_number"] = number
    if not kept:
        return
    entry = Entry(organisation.pk, kept)
    store(entry, actor=actor, purpose=VAULT_PURPOSE, kind="organisation")
    for name in kept:
        line().hidden(name)


@action(
    "registry.organisation.rename",
    ko="조직 이름을 바꿉니다.",
    en="Rename an organisation.",
    policy=policies.may_keep_organisation,
    second_person=policies.needs_second,
    letters=KEEPERS,
    subject=subjects.organisation,
    lock=subjects.lock_organisation,
    idempotent=True,
    reason=Reason.OPTIONAL,
    writes=("registry_orgname", "registry_organisation"),
    refusals=(RegistryCode.NOTHING_CHANGED, RegistryCode.DATE_FUTURE, RegistryCode.OVERLAP),
)
def rename_organisation(
    organisation_id: UuidText, name: Name, since: IsoDate | None = None, *, actor: Actor
) -> OrganisationRef:
    """Give an organisation a new name from a day on; the former one stays and is searched."""
    organisation = subject(Organisation)
    if name == organisation.name:
        raise Refusal(RegistryCode.NOTHING_CHANGED, field="name")
    refuse_future(since, "since")
    rename(organisation, name, since or clock.today())
    return OrganisationRef(str(organisation.pk))


def rename(organisation: Organisation, name: str, since: date) -> None:
    """End the present name and begin another, inside a running action."""
    audit = line().id
    present = organisation.names.filter(valid__endswith__isnull=True).first()
    if present is not None:
        if present.valid.lower is not None and present.valid.lower >= since:
            present.name, present.search_key = name, search_columns(name)["name_key"]
            present.audit = audit
            present.save(update_fields=["name", "search_key", "audit"])
        else:
            present.valid = DateRange(present.valid.lower, since)
            present.audit = audit
            present.save(update_fields=["valid", "audit"])
            present = None
    if present is None:
        key = search_columns(name)["name_key"]
        OrgName.rows.create(
            organisation=organisation,
            name=name,
            search_key=key,
            valid=DateRange(since, None),
            audit=audit,
        )
    line().object("registry.organisation", organisation.pk)
    line().organisation(organisation.pk)
    line().changed("name", organisation.name, name)
    organisation.name = name
    refresh_search(organisation)


def refresh_search(organisation: Organisation) -> None:
    """Compute the search columns again from every name, former ones and merged entries' too."""
    names = OrgName.rows.filter(organisation=organisation) | OrgName.rows.filter(
        organisation__merged_into=organisation
    )
    former = names.exclude(name=organisation.name).order_by("-valid").values_list("name", flat=True)
    columns = search_columns(organisation.name, list(dict.fromkeys(former)))
    for column, value in columns.items():
        setattr(organisation, column, value)
    organisation.audit = line().id
    organisation.save(update_fields=[*columns, "audit"])


@action(
    "registry.organisation.move",
    ko="조직의 본점을 옮깁니다.",
    en="Move an organisation's head office.",
    policy=policies.may_keep_organisation,
    second_person=policies.needs_second,
    letters=KEEPERS,
    subject=subjects.organisation,
    lock=subjects.lock_organisation,
    idempotent=True,
    reason=Reason.OPTIONAL,
    writes=("registry_site", "registry_organisation"),
    labels=("org.active",),
    refusals=(RegistryCode.NOTHING_CHANGED, RegistryCode.DATE_FUTURE, RegistryCode.HIDDEN_FIELD),
)
def move_organisation(
    organisation_id: UuidText,
    district: DistrictCode,
    address: Line | None = None,
    since: IsoDate | None = None,
    *,
    actor: Actor,
) -> OrganisationRef:
    """End the head site and begin another; an active organisation counts in its new district."""
    organisation = subject(Organisation)
    place = District.objects.within(actor).filter(pk=district).first()
    if place is None:
        raise Refusal(RegistryCode.DISTRICT_UNKNOWN, field="district")
    if address and organisation.form == Organisation.Form.SOLE_TRADER:
        raise Refusal(RegistryCode.HIDDEN_FIELD, field="address")
    day = since or clock.today()
    refuse_future(since, "since")
    head = organisation.sites.filter(is_head=True, valid__endswith__isnull=True).first()
    if head and head.district_id == place.pk and head.address == (address or ""):
        raise Refusal(RegistryCode.NOTHING_CHANGED, field="district")
    if head is not None:
        if head.valid.lower is not None and head.valid.lower >= day:
            raise Refusal(RegistryCode.DATE_ORDER, field="since")
        head.valid, head.audit = DateRange(head.valid.lower, day), line().id
        head.save(update_fields=["valid", "audit"])
    _place_head(organisation, place, address, DateRange(day, None))
    old = organisation.district_id
    line().object("registry.organisation", organisation.pk)
    line().organisation(organisation.pk)
    line().changed("district", old, place.pk)
    line().changed("address", head.address if head else None, address or "")
    organisation.district, organisation.audit = place, line().id
    organisation.save(update_fields=["district", "audit"])
    if old != place.pk:
        living = organisation.statuses.filter(valid__contains=day)
        stating.note_moved(organisation, living, old, day, line().id)
    return OrganisationRef(str(organisation.pk))


@action(
    "registry.organisation.close",
    ko="조직의 폐업을 적습니다.",
    en="Record that an organisation closed.",
    policy=policies.may_keep_organisation,
    second_person=policies.needs_second,
    letters=KEEPERS,
    subject=subjects.organisation,
    lock=subjects.lock_organisation,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=("registry_orgstate", "registry_orgstatus", "registry_organisation"),
    labels=("org.active",),
    refusals=(RegistryCode.CLOSED, RegistryCode.DATE_ORDER, RegistryCode.DATE_FUTURE),
)
def close_organisation(organisation_id: UuidText, on: IsoDate, *, actor: Actor) -> OrganisationRef:
    """End an organisation on a day: its state becomes closed and its statuses end."""
    organisation = subject(Organisation)
    refuse_future(on, "on")
    if organisation.ended_on is not None:
        raise Refusal(RegistryCode.CLOSED, on=organisation.ended_on.isoformat())
    if organisation.founded_on is not None and on < organisation.founded_on:
        raise Refusal(RegistryCode.DATE_ORDER, field="on")
    audit = line().id
    for state in organisation.states.filter(valid__endswith__isnull=True):
        if state.valid.lower is not None and state.valid.lower >= on:
            state.delete()
        else:
            state.valid, state.audit = DateRange(state.valid.lower, on), audit
            state.save(update_fields=["valid", "audit"])
    OrgState.rows.create(
        organisation=organisation, state="closed", valid=DateRange(on, None), audit=audit
    )
    rows = []
    for status in organisation.statuses.filter(valid__overlap=DateRange(on, None)):
        began = status.valid.lower
        status.valid = DateRange(began, max(on, began) if began else on)
        if status.valid.isempty or began == status.valid.upper:
            status.valid = DateRange(empty=True)
        status.audit, status.organisation = audit, organisation
        status.save(update_fields=["valid", "audit"])
        rows.append(stating.active(status, "closed", count=0, day=max(on, began) if began else on))
    line().object("registry.organisation", organisation.pk)
    line().organisation(organisation.pk)
    line().changed("ended_on", organisation.ended_on, on)
    organisation.ended_on, organisation.audit = on, audit
    organisation.save(update_fields=["ended_on", "audit"])
    stating.note_active(rows)
    return OrganisationRef(str(organisation.pk))
