"""The page of a pool: every rule beside the voted one, exactly; pseudonyms; its inputs."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dure.core.actors import Actor, Role
from dure.exchange.models import Claim, Pool
from dure.exchange.pool_inputs import digest_of
from dure.exchange.queries import pools as reads
from dure.interfaces.web.pools import RECIPE
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import MAPO, organisation, person_with
from tests.web.walk import client_of

pytestmark = pytest.mark.usefixtures("db")
NOW = "2026-05-10T09:00:00+09:00"
OPENED = datetime(2026, 5, 1, tzinfo=UTC)
ORDER = ("prop", "cea", "wcea", "cel", "talmud", "first_come")


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


def a_pool(estate: int, asked: tuple[int, ...], *, rule: str = "cea", **more: Any) -> Pool:
    """A pool that has closed, with one claim a person."""
    host = organisation("가람먹거리")
    weights = more.pop("weights", (1,) * len(asked))
    people = more.pop("people", [person_with(Role.RESIDENT).id for _ in asked])
    values = {"state": "closed", "unit": "GRM", "kind": "fund_call", **more}
    with given() as audit:
        made: Pool = Pool.rows.create(
            organisation=host,
            district_id=MAPO,
            title="당근",
            opens=OPENED,
            closes=OPENED + timedelta(days=2),
            estate=estate,
            rule_key=rule,
            created_at=OPENED,
            audit=audit,
            **values,
        )
        for n, (amount, weight, person) in enumerate(zip(asked, weights, people, strict=True)):
            Claim.rows.create(
                id=claim_id(n),
                pool=made,
                person=person,
                asked=amount,
                weight=weight,
                made_at=OPENED + timedelta(minutes=n),
                audit=audit,
            )
    return made


def claim_id(number: int) -> UUID:
    """The id of a claim by its place, so that ties fall the same way in every run."""
    return UUID(int=(number + 1) * 0x1E37_79B9 << 96, version=4)


def reader(pool: Pool) -> Client:
    return client_of(person_with(Role.MEMBER, organisation=pool.organisation))


def cells(client: Client, pool: Pool, language: str = "") -> list[list[str]]:
    """The rows of the table as text: one list of cells a claim, as a reader sees them."""
    answer = client.get(f"{language}/exchange/pools/{pool.id}/")
    assert answer.status_code == 200
    body = re.search(r"<tbody>(.*?)</tbody>", answer.content.decode(), re.DOTALL)
    assert body is not None
    found = []
    for row in body.group(1).split("</tr>")[:-1]:
        parts = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        found.append([" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in parts][2:])
    return found


def exact(cell: str) -> str:
    """The exact value of a cell: the fraction in brackets, else the whole award."""
    inside = re.search(r"\((.*)\)", cell)
    return inside.group(1) if inside else cell.removesuffix("g").replace(",", "")


TABLES = {  # the claims-problem tables of the design: claims 100, 200, 300
    100: {
        "prop": ("50/3", "100/3", "50"),
        "cea": ("100/3", "100/3", "100/3"),
        "cel": ("0", "0", "100"),
        "talmud": ("100/3", "100/3", "100/3"),
    },
    200: {
        "prop": ("100/3", "200/3", "100"),
        "cea": ("200/3", "200/3", "200/3"),
        "cel": ("0", "50", "150"),
        "talmud": ("50", "75", "75"),
    },
    300: {
        "prop": ("50", "100", "150"),
        "cea": ("100", "100", "100"),
        "cel": ("0", "100", "200"),
        "talmud": ("50", "100", "150"),
    },
}


@pytest.mark.parametrize("estate", [100, 200, 300])
def test_published_tables_stand_on_the_page_exactly(estate: int) -> None:
    pool = a_pool(estate, (100, 200, 300))
    table = cells(reader(pool), pool)
    for rule, wanted in TABLES[estate].items():
        place = ORDER.index(rule)
        assert tuple(exact(row[place]) for row in table) == wanted, rule


def test_other_estate_gives_another_table() -> None:
    """The control: a page that always told one table would pass the one above by chance."""
    pool = a_pool(301, (100, 200, 300))
    table = cells(reader(pool), pool)
    assert tuple(exact(row[0]) for row in table) != TABLES[300]["prop"]


LOTS = {
    1: {
        "first_come": (1000, 5000, 3000, 1000, 0),
        "prop": (714, 3571, 2143, 1429, 2143),
        "cea": (1000, 2334, 2333, 2000, 2333),
        "wcea": (1000, 4500, 1500, 1500, 1500),
        "cel": (200, 4200, 2200, 1200, 2200),
        "talmud": (500, 4125, 2125, 1125, 2125),
    },
    1000: {
        "prop": (1000, 4000, 2000, 1000, 2000),
        "cea": (1000, 3000, 2000, 2000, 2000),
        "wcea": (1000, 5000, 2000, 1000, 1000),
    },
}


@pytest.mark.parametrize("lot", [1, 1000])
def test_ten_kilograms_in_grams_and_in_lots(lot: int) -> None:
    asked = (1000, 5000, 3000, 2000, 3000)
    pool = a_pool(10_000, asked, lot=lot, weights=(1, 3, 1, 1, 1))
    beside = reads.rules_beside(pool, Actor.operator())
    for rule, wanted in LOTS[lot].items():
        place = ORDER.index(rule)
        assert tuple(row.cells[place].award for row in beside.rows) == wanted, rule


def test_own_claim_comes_first_and_others_are_numbers() -> None:
    me = person_with(Role.RESIDENT)
    others = [person_with(Role.RESIDENT).id for _ in range(2)]
    pool = a_pool(100, (100, 200, 300), people=[*others, me.id])
    beside = reads.rules_beside(pool, me)
    assert [row.is_mine for row in beside.rows] == [True, False, False]
    text = client_of(me).get(f"/exchange/pools/{pool.id}/").content.decode()
    for person in others:
        assert str(person) not in text
    assert "300g 바랐습니다" in text


def test_few_claims_are_not_told_one_by_one_to_outsiders() -> None:
    few = a_pool(100, (100, 200))
    page = Client().get(f"/exchange/pools/{few.id}/").content.decode()
    assert "신청이 적어" in page and "300g" not in page and "2건" not in page
    assert "300g" in reader(few).get(f"/exchange/pools/{few.id}/").content.decode(), "the control"
    assert Client().get(f"/exchange/pools/{few.id}/inputs.csv").status_code == 404
    with given() as audit:
        Claim.rows.filter(pool=few).update(withdrawn_at=OPENED, audit=audit)
        for n in range(5):
            Claim.rows.create(pool=few, person=uuid4(), asked=10 + n, made_at=OPENED, audit=audit)
    assert len(cells(Client(), few)) == 5


def test_inputs_wait_for_the_end() -> None:
    pool = a_pool(100, (1, 2, 3, 4, 5), state="open")
    with given() as audit:
        Pool.rows.filter(id=pool.id).update(closes=OPENED + timedelta(days=30), audit=audit)
    assert reader(pool).get(f"/exchange/pools/{pool.id}/inputs.csv").status_code == 404
    assert "마감한 뒤에" in reader(pool).get(f"/exchange/pools/{pool.id}/").content.decode()


def test_file_and_recipe_give_the_awards_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pool = a_pool(10, (5, 5, 5), rule="prop", tie_salt=b"s" * 32)
    with given() as audit:
        Pool.rows.filter(id=pool.id).update(input_hash=digest_of(pool), audit=audit)
    answer = reader(pool).get(f"/exchange/pools/{pool.id}/inputs.csv")
    assert hashlib.sha256(answer.content).hexdigest() == digest_of(pool)
    assert "파일과 같음" in reader(pool).get(f"/exchange/pools/{pool.id}/").content.decode()
    (tmp_path / "inputs.csv").write_bytes(answer.content)
    monkeypatch.chdir(tmp_path)
    exec(RECIPE, {})  # noqa: S102  the text that the page shows
    told = dict(one.split() for one in capsys.readouterr().out.splitlines())
    beside = reads.rules_beside(pool, Actor.operator())
    wanted = {row.name[1:]: str(row.cells[0].award) for row in beside.rows}
    assert {name[:8]: award for name, award in told.items()} == wanted
    assert sorted(told.values()) == ["3", "3", "4"]
    with given() as audit:
        Claim.rows.filter(pool=pool, id=claim_id(0)).update(asked=6, audit=audit)
    assert "파일과 같음" not in reader(pool).get(f"/exchange/pools/{pool.id}/").content.decode()


def test_empty_lists_say_so_and_unknown_pools_are_not_there() -> None:
    assert "아직 모음이 없습니다" in Client().get("/exchange/pools/").content.decode()
    assert "No pool yet" in Client().get("/en/exchange/pools/").content.decode()
    assert Client().get(f"/exchange/pools/{uuid4()}/").status_code == 404
    pool = a_pool(100, ())
    assert "신청이 없습니다" in reader(pool).get(f"/exchange/pools/{pool.id}/").content.decode()


def test_the_list_computes_no_file_of_inputs_anew() -> None:
    made = a_pool(100, (60, 80))
    with given() as audit:
        Pool.rows.filter(id=made.id).update(input_hash=digest_of(made), audit=audit)
    with CaptureQueriesContext(connection) as seen:
        assert "당근" in Client().get("/exchange/pools/").content.decode()
    assert not [one for one in seen if "exchange_claim" in one["sql"]]
    assert reads.told(Pool.rows.get(id=made.id), Actor.anonymous()).is_proved, "the page does"
