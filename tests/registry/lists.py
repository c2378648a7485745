"""Made lists for tests of imports: bring, judge and apply them, and hash the register."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest
from django.db import connection

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.registry import models as registry
from dure.registry import spool
from tests.harness import people
from tests.harness.given import given

HEADER = (
    "연번,기관명,유형,상태,자치구,주소,사업자등록번호,법인등록번호,설립일,종료일,조합원수,"
    "출자금(원),소속연합회,대표메일,비고"
)
GOOD = (
    (
        "1,가람협동조합,협동조합(생산자),운영중,마포구,서울특별시 마포구 없는길 1,"
        "999-00-10004,999930-1000000,2013-01-01,,5,1000000,한별나루연합회,"
        "office1@example.invalid,"
    ),
    (
        "2,한별나루연합회,연합회,운영중,종로구,서울특별시 종로구 없는길 2,999-00-10377,"
        "999931-1001713,2014-06-08,,22,2000000,,office2@example.invalid,"
    ),
    (
        "3,예그리나협동조합,협동조합(직원),폐업,마포구,서울특별시 마포구 없는길 3,999-00-10741,"
        "999932-1003426,2015-11-15,2025-12-15,39,3000000,,,"
    ),
)
TABLES = (
    "registry_organisation", "registry_orgname", "registry_orgnumber", "registry_orgstate",
    "registry_orgstatus", "registry_site", "registry_orgcontact", "registry_orgyear",
    "registry_membership", "journal_event",
)  # fmt: skip


@pytest.fixture(autouse=True)
def places(clock):
    clock.at("2026-07-01T12:00:00+09:00")
    with given() as audit:
        for sig, kostat, name, name_en in (
            line.split(",")
            for line in Path(registry.__file__).parents[1].joinpath("data/districts.csv")
            .read_text(encoding="utf-8").splitlines()[1:]
        ):  # fmt: skip
            registry.District.rows.get_or_create(
                sig=sig,
                defaults={"kostat": kostat, "name": name, "name_en": name_en, "audit": audit},
            )


def city_staff() -> Actor:
    actor = people.person()
    people.mandate(actor.id, Role.STAFF, city=True)
    return Actor.person(actor.id, origin="test")


def csv_of(*lines: str) -> bytes:
    return "\r\n".join((HEADER, *lines, "")).encode("utf-8-sig")


def opened(data: bytes, actor: Actor, *, district: str = "city", year: int = 2025) -> str:
    name = spool.put([data], "명단.csv")
    body = {"file": name, "file_name": "명단.csv", "district": district, "year": year}
    return run("registry.import.open", body, actor).result.id


def judged(data: bytes, actor: Actor, **options: object) -> registry.Import:
    import_id = opened(data, actor, **options)
    imp = registry.Import.rows.get(pk=import_id)
    run("registry.import.map", {"import_id": import_id, "columns": tuple(imp.columns)}, actor)
    run("registry.import.judge", {"import_id": import_id}, actor)
    return registry.Import.rows.get(pk=import_id)


def answered(imp: registry.Import, actor: Actor, **answers: tuple[str, ...]) -> None:
    run("registry.import.answer", {"import_id": str(imp.pk), **answers}, actor)


def applied(data: bytes, actor: Actor, **options: object):
    imp = judged(data, actor, **options)
    return run("registry.import.apply", {"import_id": str(imp.pk)}, actor).result


def content() -> dict[str, str]:
    """A hash of each table of the register, audit columns left out."""
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                f"SELECT coalesce(string_agg((to_jsonb(t) - 'audit')::text, '|' ORDER BY"
                f" (to_jsonb(t) - 'audit')::text), '') FROM {table} t"
            )
            found[table] = hashlib.sha256(cursor.fetchone()[0].encode()).hexdigest()
    return found


def refused(code: str, name: str, body: dict[str, object], actor: Actor, **more: object) -> Refusal:
    before = content()
    with pytest.raises(Refusal) as caught:
        run(name, body, actor, **more)
    assert caught.value.name == code
    assert content() == before
    return caught.value


def many(count: int) -> bytes:
    sys.path.insert(0, str(Path(__file__).parents[2] / "benches"))
    from synthetic_organisations import rows

    return csv_of(*[",".join(row) for row in rows(count)])
