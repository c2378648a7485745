"""Yearly values of organisations and residents of districts: stated once, then corrected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import Field

from dure.core import clock, facts
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.types import Count, IsoDate, Line, UuidText
from dure.core.types import District as DistrictCode
from dure.registry import policies, stating
from dure.registry.errors import RegistryCode
from dure.registry.models import District, Organisation, OrgYear, Population
from dure.registry.queries import subjects

STATERS = {Role.STAFF: "d", Role.BOARD: "m", Role.TREASURER: "m"}
Year = Annotated[int, Field(ge=1900, le=2200)]
YearKind = Literal["sales", "heads", "fte_minutes", "members", "capital"]
YearValue = Annotated[int, Field(ge=0, le=10**15)]


@dataclass(frozen=True, slots=True)
class YearRef:
    """A yearly value by its id."""

    id: str


@action(
    "registry.year.state",
    ko="조직의 한 해 값을 적습니다.",
    en="State a yearly value of an organisation.",
    policy=policies.may_state_year,
    letters=STATERS,
    subject=subjects.organisation,
    lock=subjects.lock_organisation,
    idempotent=True,
    writes=("registry_orgyear",),
    labels=("org.sales", "job.heads", "job.fte"),
    refusals=(RegistryCode.STATED_ALREADY, RegistryCode.DATE_FUTURE),
    constraints={"orgyear_is_stated_once_and_then_corrected": RegistryCode.CROSSED},
)
def state_year(
    organisation_id: UuidText,
    year: Year,
    kind: YearKind,
    value: YearValue,
    source: Line,
    *,
    actor: Actor,
) -> YearRef:
    """State sales, jobs, members or capital of a year that is over, with where it was read."""
    organisation = subject(Organisation)
    if stating.year_end(year) > clock.today():
        raise Refusal(RegistryCode.DATE_FUTURE, field="year")
    standing = organisation.years.filter(year=year, kind=kind, orgyear__isnull=True).first()
    if standing is not None:
        raise Refusal(
            RegistryCode.STATED_ALREADY, field="value", year=year, value=f"{standing.value:,}"
        )
    made = OrgYear.rows.create(
        organisation=organisation,
        year=year,
        kind=kind,
        value=value,
        source=source,
        stated_at=clock.now(),
        audit=line().id,
    )
    line().object("registry.organisation", organisation.pk)
    line().organisation(organisation.pk)
    line().changed(f"{kind}.{year}", None, value)
    _state(made)
    return YearRef(str(made.pk))


def _state(value: OrgYear) -> None:
    stated = stating.yearly(value)
    if stated is not None:
        label, row = stated
        facts.note(label, rows=[row])


def _restate(old: OrgYear, new: OrgYear) -> None:
    """Take the old fact back and state the new one, where the kind states facts at all."""
    before, after = stating.yearly(old), stating.yearly(new)
    if before is None or after is None:
        return
    label, row = before
    reversal = replace(
        row,
        source=f"registry.year:{new.pk}:reversal",
        corrects=facts.event_id(row.source),
        correction="reversal",
        reason="source_restated",
    )
    facts.note(label, rows=[reversal, after[1]])


@action(
    "registry.year.correct",
    ko="조직의 한 해 값을 바로잡습니다.",
    en="Correct a yearly value of an organisation.",
    policy=policies.may_state_year,
    letters=STATERS,
    subject=subjects.yearly_value,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=("registry_orgyear",),
    labels=("org.sales", "job.heads", "job.fte"),
    refusals=(RegistryCode.CORRECTED_ALREADY, RegistryCode.NOTHING_CHANGED),
    constraints={"registry_orgyear_corrects_id_key": RegistryCode.CORRECTED_ALREADY},
)
def correct_year(value_id: UuidText, value: YearValue, source: Line, *, actor: Actor) -> YearRef:
    """Put a new value beside the old one; the old stays and names what was believed before."""
    old = subject(OrgYear)
    if OrgYear.rows.filter(corrects=old).exists():
        raise Refusal(RegistryCode.CORRECTED_ALREADY)
    if old.value == value:
        raise Refusal(RegistryCode.NOTHING_CHANGED, field="value")
    made = OrgYear.rows.create(
        organisation=old.organisation,
        year=old.year,
        kind=old.kind,
        value=value,
        source=source,
        corrects=old,
        stated_at=clock.now(),
        audit=line().id,
    )
    line().object("registry.organisation", old.organisation_id)
    line().organisation(old.organisation_id)
    line().changed(f"{old.kind}.{old.year}", old.value, value)
    _restate(old, made)
    return YearRef(str(made.pk))


@dataclass(frozen=True, slots=True)
class PopulationRef:
    """A stated number of residents by its id."""

    id: str


@action(
    "registry.population.state",
    ko="자치구의 인구를 적습니다.",
    en="State the residents of a district.",
    policy=policies.is_centre_staff | policies.is_official,
    letters={Role.STAFF: "d", Role.OFFICIAL: "d"},
    subject=subjects.district,
    idempotent=True,
    writes=("registry_population",),
    labels=("population.stated",),
    refusals=(RegistryCode.STATED_ALREADY, RegistryCode.DATE_FUTURE),
    constraints={"population_is_stated_once_and_then_corrected": RegistryCode.CROSSED},
)
def state_population(
    district: DistrictCode, on: IsoDate, heads: Count, source: Line, *, actor: Actor
) -> PopulationRef:
    """State how many people live in a district on a day, as a source says."""
    place = subject(District)
    if on > clock.today():
        raise Refusal(RegistryCode.DATE_FUTURE, field="on")
    rows = Population.rows.filter(district=place, on=on, age_band="all", sex="all")
    standing = rows.filter(population__isnull=True).first()
    if standing is not None:
        raise Refusal(
            RegistryCode.STATED_ALREADY, field="heads", year=on.year, value=f"{standing.heads:,}"
        )
    made = Population.rows.create(
        district=place, on=on, heads=heads, source=source, audit=line().id
    )
    line().object("registry.district", place.pk)
    line().changed(f"population.{on}", None, heads)
    row = facts.Row(
        source=f"registry.population:{made.pk}",
        qty=heads,
        district=place.pk,
        ended=stating.moment(on),
        evidence="C",
        proof=made.pk,
    )
    facts.note("population.stated", rows=[row])
    return PopulationRef(str(made.pk))
