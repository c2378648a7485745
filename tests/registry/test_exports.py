"""The register as a list: what is written reads back as the same."""

from __future__ import annotations

import io

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models import ExportRecord
from dure.engines.sheets import open_sheet
from dure.registry import spool
from tests.harness import people
from tests.registry.lists import (  # noqa: F401 - `places` is an automatic fixture
    GOOD,
    applied,
    city_staff,
    content,
    csv_of,
    judged,
    places,
)

pytestmark = pytest.mark.django_db


def exported(actor: Actor, form: str, year: int | None = None) -> bytes:
    body: dict[str, object] = {"district": "city", "form": form}
    if year is None:
        result = run("registry.organisation.export", body, actor).result
    else:
        result = run(
            "registry.organisation.export_yearly", {**body, "year": year}, actor, reason="연간 점검"
        ).result
    return spool.path_of(result.file).read_bytes()


TRADER = (
    "4,=가온마을,마을기업,운영중,마포구,서울특별시 마포구 없는길 4,999-00-11487,,2017-09-01,,,,,,"
)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("year", [None, 2025])
def test_an_export_reads_back_as_all_the_same(form, year):
    actor = city_staff()
    imp = judged(csv_of(*GOOD, TRADER), actor)
    run("registry.import.answer", {"import_id": str(imp.pk), "so": ("amount_missing",)}, actor)
    run("registry.import.apply", {"import_id": str(imp.pk)}, actor)
    before = content()

    again = judged(exported(actor, form, year), actor)

    assert (again.counts["same"], again.counts["new"], again.counts["change"]) == (4, 0, 0)
    assert again.counts["reject"] == 0
    assert content() == before


def test_a_formula_leaves_as_text():
    actor = city_staff()
    imp = judged(csv_of(TRADER), actor)
    run("registry.import.answer", {"import_id": str(imp.pk), "so": ("amount_missing",)}, actor)
    run("registry.import.apply", {"import_id": str(imp.pk)}, actor)
    assert "\r\n'=가온마을," in exported(actor, "csv").decode("utf-8-sig")
    sheet = open_sheet(io.BytesIO(exported(actor, "xlsx")))
    assert [row.cells[0] for row in sheet.rows()] == ["기관명", "=가온마을"]


def test_each_download_leaves_one_record():
    applied(csv_of(*GOOD), city_staff())
    data = exported(Actor.anonymous(), "csv")
    record = ExportRecord.rows.get()
    assert (record.row_count, record.size, record.actor) == (3, len(data), None)
    assert (record.expires_at - record.made_at).total_seconds() == 86400
    assert "조합원수" not in data.decode("utf-8-sig").splitlines()[0]


def test_yearly_values_need_role_and_reason():
    body = {"district": "city", "form": "csv", "year": 2025}
    outsider = people.person_with(Role.BOARD, organisation=people.organisation())
    for actor, reason, code in (
        (Actor.anonymous(), "연간 점검", "core.not_allowed"),
        (outsider, "연간 점검", "core.not_allowed"),
        (city_staff(), None, "core.reason_required"),
    ):
        with pytest.raises(Refusal) as caught:
            run("registry.organisation.export_yearly", body, actor, reason=reason)
        assert caught.value.name == code
    assert not ExportRecord.rows.exists()
