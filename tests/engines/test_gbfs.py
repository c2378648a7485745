"""GBFS 3.1: fields and types against schemas of the published fields, windows, rotating names."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from dure.engines import gbfs
from dure.engines.gbfs import Plan, Station, System, Vehicle, VehicleType, Words

AT = datetime(2026, 7, 1, 0, 0, tzinfo=UTC)
NAME = Words("두레 도구방", "Dure tool library")

TEXT = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 0}
INSTANT = {
    "type": "string",
    "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})$",
}
LANGUAGE = {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Z]{2})?$"}


def record(required: dict[str, object], **optional: object) -> dict[str, object]:
    """Schema of an object: all of these, some of those, nothing else."""
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


def rows(item: dict[str, object]) -> dict[str, object]:
    return {"type": "array", "items": item}


WORDS = rows(record({"text": TEXT, "language": LANGUAGE}))
FORM = {
    "enum": [
        "bicycle",
        "cargo_bicycle",
        "car",
        "moped",
        "scooter_standing",
        "scooter_seated",
        "other",
    ]
}
DATA = {
    "gbfs": record(
        {"feeds": rows(record({"name": TEXT, "url": {"type": "string", "format": "uri"}}))}
    ),
    "system_information": record(
        {
            "system_id": TEXT,
            "languages": rows(LANGUAGE),
            "name": WORDS,
            "opening_hours": TEXT,
            "feed_contact_email": {"type": "string", "format": "email"},
            "timezone": {"const": "Asia/Seoul"},
        },
        operator=WORDS,
        start_date={"type": "string", "format": "date"},
        url={"type": "string", "format": "uri"},
    ),
    "station_information": record(
        {
            "stations": rows(
                record(
                    {
                        "station_id": TEXT,
                        "name": WORDS,
                        "lat": {"type": "number", "minimum": -90, "maximum": 90},
                        "lon": {"type": "number", "minimum": -180, "maximum": 180},
                    },
                    capacity=COUNT,
                    station_opening_hours=TEXT,
                )
            )
        }
    ),
    "vehicle_types": record(
        {
            "vehicle_types": rows(
                record(
                    {
                        "vehicle_type_id": TEXT,
                        "form_factor": FORM,
                        "propulsion_type": {"const": "human"},
                    },
                    name=WORDS,
                    return_constraint={
                        "enum": ["free_floating", "roundtrip_station", "any_station", "hybrid"]
                    },
                    default_pricing_plan_id=TEXT,
                    pricing_plan_ids=rows(TEXT),
                )
            )
        }
    ),
    "vehicle_availability": record(
        {
            "vehicles": rows(
                record(
                    {
                        "vehicle_id": TEXT,
                        "vehicle_type_id": TEXT,
                        "station_id": TEXT,
                        "availabilities": rows(record({"from": INSTANT}, until=INSTANT)),
                    },
                    pricing_plan_id=TEXT,
                )
            )
        }
    ),
    "system_pricing_plans": record(
        {
            "plans": rows(
                record(
                    {
                        "plan_id": TEXT,
                        "name": WORDS,
                        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
                        "price": {"type": "number", "minimum": 0},
                        "is_taxable": {"type": "boolean"},
                        "description": WORDS,
                    },
                    per_min_pricing=rows(
                        record(
                            {"start": COUNT, "rate": {"type": "number"}, "interval": COUNT},
                            end=COUNT,
                        )
                    ),
                )
            )
        }
    ),
}


def check(name: str, document: gbfs.Json) -> None:
    """Validate a document as it would be served."""
    served = json.loads(json.dumps(document))
    whole = record(
        {"last_updated": INSTANT, "ttl": COUNT, "version": {"const": "3.1"}, "data": DATA[name]}
    )
    Draft7Validator(whole, format_checker=FormatChecker()).validate(served)


def documents() -> dict[str, gbfs.Json]:
    windows = gbfs.free_windows([(AT, AT + timedelta(hours=2))], AT, AT + timedelta(days=2))
    token = gbfs.vehicle_token(bytes(range(16)), "asset-1", 0, 3)
    return {
        "gbfs": gbfs.discovery("https://dure.test/gbfs/3.1/", AT),
        "system_information": gbfs.system_information(
            System(
                "dure_mapo",
                NAME,
                "Tu-Sa 10:00-18:00",
                "office@dure.test",
                date(2026, 1, 2),
                "https://dure.test/",
            ),
            AT,
        ),
        "station_information": gbfs.station_information(
            [
                Station("s1", NAME, 3_755_012, 12_691_055, 40, "Tu-Sa 10:00-18:00"),
                Station("s2", NAME, 0, 0),
            ],
            AT,
        ),
        "vehicle_types": gbfs.vehicle_types(
            [
                VehicleType("drill", Words("드릴", "Drill"), plan="day"),
                VehicleType("bike", NAME, "cargo_bicycle"),
            ],
            AT,
        ),
        "vehicle_availability": gbfs.vehicle_availability(
            [
                Vehicle(token, "drill", "s1", windows, "day"),
                Vehicle("b", "bike", "s1", ((AT, None),)),
                Vehicle("c", "bike", "s2", ()),
            ],
            AT,
        ),
        "system_pricing_plans": gbfs.system_pricing_plans(
            [Plan("day", NAME, Words("하루 2,000원", "2,000 won a day"), 0, 1_440, 2_000, 60)], AT
        ),
    }


@pytest.mark.parametrize("name", DATA)
def test_documents_hold_the_published_fields(name: str) -> None:
    check(name, documents()[name])
    assert set(DATA) == {"gbfs", *gbfs.FEEDS}


@pytest.mark.parametrize("name", DATA)
def test_a_missing_or_foreign_field_is_caught(name: str) -> None:
    """Negative control of the schemas."""
    document = json.loads(json.dumps(documents()[name]))
    first = next(iter(document["data"]))
    del document["data"][first]
    with pytest.raises(ValidationError):
        check(name, document)
    with pytest.raises(ValidationError):
        check(name, {**documents()[name], "borrower": "p1"})


def test_worked_availability() -> None:
    vehicle = documents()["vehicle_availability"]["data"]["vehicles"][0]  # type: ignore[index]
    assert vehicle["availabilities"] == [
        {"from": "2026-07-01T02:00:00Z", "until": "2026-07-03T00:00:00Z"}
    ]


def test_the_name_of_a_vehicle_rotates_with_every_loan() -> None:
    names = {
        gbfs.vehicle_token(bytes(range(16)), asset, lane, loans)
        for asset in ("a", "b", "a:0")
        for lane in range(3)
        for loans in range(50)
    }
    assert len(names) == 450 and {len(name) for name in names} == {22}
    assert gbfs.vehicle_token(bytes(16), "a", 0, 0) == gbfs.vehicle_token(bytes(16), "a", 0, 0)


slots = st.lists(st.tuples(st.integers(-20, 120), st.integers(1, 60) | st.none()), max_size=7)


@given(slots, st.integers(0, 30))
def test_windows_against_looking_at_every_minute(
    drawn: list[tuple[int, int | None]], least: int
) -> None:
    busy = [
        (AT + timedelta(minutes=begin), AT + timedelta(minutes=begin + length) if length else None)
        for begin, length in drawn
    ]
    found = gbfs.free_windows(busy, AT, AT + timedelta(minutes=100), least_minutes=least)
    free = [
        not any(
            begin <= minute and (length is None or minute < begin + length)
            for begin, length in drawn
        )
        for minute in range(100)
    ]
    expected, begin = [], None
    for minute, is_free in enumerate([*free, False]):
        if is_free and begin is None:
            begin = minute
        if not is_free and begin is not None:
            if minute - begin >= least:
                expected.append((begin, minute))
            begin = None
    minutes = timedelta(minutes=1)
    assert [((start - AT) // minutes, (stop - AT) // minutes) for start, stop in found] == expected


def test_unfit_input_is_refused() -> None:
    later = AT + timedelta(hours=1)
    for windows in (((AT, AT),), ((AT, None), (later, None)), ((AT, later), (later, None))):
        with pytest.raises(AssertionError):
            gbfs.vehicle_availability([Vehicle("a", "b", "c", windows)], AT)
    with pytest.raises(AssertionError, match="stands twice"):
        gbfs.vehicle_availability([Vehicle("a", "b", "c", ())] * 2, AT)
    with pytest.raises(AssertionError):
        gbfs.vehicle_types([VehicleType("x", NAME, "tool")], AT)
    with pytest.raises(AssertionError):
        gbfs.system_information(System("x", NAME, "24/7", "nobody"), AT)
    with pytest.raises(AssertionError, match="naive"):
        gbfs.vehicle_types([], AT.replace(tzinfo=None))
