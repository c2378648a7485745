"""Districts, dong and support centres."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from django.db.backends.postgresql.psycopg_any import DateRange

from dure.core.actions import Who, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import District as DistrictCode
from dure.core.types import IsoDate, UuidText
from dure.registry import policies
from dure.registry.errors import RegistryCode
from dure.registry.models import Centre, District, Organisation, Purpose
from dure.registry.purposes import PURPOSES
from dure.registry.queries import subjects

DISTRICTS = Path(__file__).parent.parent / "data" / "districts.csv"


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a file holds and how many were new or changed."""

    rows: int
    changed: int


@action(
    "registry.place.install",
    ko="25개 자치구와 이용 목적을 올립니다.",
    en="Bring the 25 districts and the purposes of consent up to date.",
    policy=policies.is_operator,
    letters={},
    who=Who.OPERATOR,
    faces=("cli",),
    writes=("registry_district", "registry_purpose"),
)
def install_places(*, actor: Actor) -> Loaded:
    """Load the room's data file of districts and its purposes; repeatable.

    Source: codes of the road-name address system (sig) and of the statistics office (kostat), two
    public boundary files matched by name.
    """
    with DISTRICTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 25, f"{len(rows)} districts"
    known = {place.pk: place for place in District.rows.all()}
    changed = 0
    for row in rows:
        found = known.get(row["sig"])
        values = (row["kostat"], row["name_ko"], row["name_en"])
        if found is not None and (found.kostat, found.name, found.name_en) == values:
            continue
        District(
            sig=row["sig"], kostat=values[0], name=values[1], name_en=values[2], audit=line().id
        ).save(force_insert=found is None)
        changed += 1
    changed += _install_purposes()
    line().changed("rows", None, changed)
    return Loaded(len(rows), changed)


def _install_purposes() -> int:
    known = set(Purpose.rows.values_list("code", "version"))
    fresh = [one for one in PURPOSES if (one.code, one.version) not in known]
    Purpose.rows.bulk_create(
        Purpose(
            code=one.code,
            version=one.version,
            name=one.name.ko,
            name_en=one.name.en,
            text=one.text.ko,
            text_en=one.text.en,
            fields=list(one.fields),
            ground=one.ground,
            keep_until=one.keep_until,
            audit=line().id,
        )
        for one in fresh
    )
    return len(fresh)


@dataclass(frozen=True, slots=True)
class CentreRef:
    """A centre by its id."""

    id: str


@action(
    "registry.centre.set",
    ko="자치구 지원센터를 정합니다.",
    en="Set the organisation that runs a district's support centre.",
    policy=policies.is_official | policies.is_operator,
    second_person=lambda body, actor: actor.id is not None,
    letters={Role.OFFICIAL: "d2", Role.OPERATOR: "o"},
    subject=subjects.district,
    idempotent=True,
    writes=("registry_centre",),
    refusals=(RegistryCode.DATE_ORDER,),
    constraints={"centre_one_per_district_and_day": RegistryCode.CROSSED},
)
def set_centre(
    district: DistrictCode, organisation_id: UuidText, since: IsoDate, *, actor: Actor
) -> CentreRef:
    """Let an organisation run the centre from a day on; the one before ends that day."""
    place = subject(District)
    found = Organisation.objects.within(actor).filter(pk=organisation_id).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    present = Centre.rows.filter(district=place, valid__endswith__isnull=True).first()
    if present is not None:
        if present.valid.lower >= since:
            raise Refusal(RegistryCode.DATE_ORDER, field="since")
        present.valid, present.audit = DateRange(present.valid.lower, since), line().id
        present.save(update_fields=["valid", "audit"])
    made = Centre.rows.create(
        district=place, organisation=found, valid=DateRange(since, None), audit=line().id
    )
    line().object("registry.centre", made.pk)
    line().organisation(found.pk)
    line().changed("centre", str(present.organisation_id) if present else None, str(found.pk))
    return CentreRef(str(made.pk))
