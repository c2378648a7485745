"""`dure import repairs|factors`, `dure export repairs`: words, JSON and exit codes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from dure.engines import ords
from dure.exchange.actions.demo import FACTORS
from dure.exchange.models import Agreement
from dure.interfaces.cli import repairs
from dure.interfaces.cli.main import main
from tests.exchange.cases import NOW
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district

pytestmark = pytest.mark.django_db
HEAD = ",".join(ords.FIELDS)
LINE = 'rc_7,두레,KOR,노트북,Laptop,16,Sam,2019,6.5,Fixed,"",모임,2025-06-07,"안 켜짐"'


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "repairs.csv"
    made.write_text(f"{HEAD}\n{LINE}\n{LINE.replace('rc_7', '')}\n", encoding="utf-8")
    return made


def said(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def test_import_twice_counts_every_line(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "repairs", str(file), "--json"]) == 0
    told = said(capsys)
    assert {k: told[k] for k in repairs.SUMS} == {
        "rows": 2, "new": 1, "known": 0, "changed": 0, "repeated": 0, "unusable": 1, "lost": 1,
        "events": 1, "facts": 2,
    }  # fmt: skip
    assert told["files"][0]["bad_lines"] == [{"line": 3, "reason": "no_id"}]  # type: ignore[index]  # JSON
    assert main(["import", "repairs", str(file), "--json"]) == 0
    assert (said(capsys)["new"], Agreement.rows.count()) == (0, 1)


def test_words_for_people(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "repairs", str(file)]) == 0
    assert "2줄 중 새로 1" in capsys.readouterr().out


def test_one_bad_file_is_refused_with_its_name_and_the_other_comes_in(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_bytes("번호,이름\n1,가\n".encode("cp949"))
    assert main(["import", "repairs", str(bad), str(file), "--json"]) == 1
    told = said(capsys)
    assert (told["ok"], told["new"]) == (False, 1)
    refusal = told["refusals"][0]  # type: ignore[index]  # JSON
    assert (refusal["code"], refusal["file"]) == ("exchange.not_ords", "bad.csv")
    assert refusal["ko"]
    assert refusal["en"]


def test_missing_file_unknown_district_and_wrong_use(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "repairs", str(tmp_path / "none.csv"), "--json"]) == 1
    assert main(["import", "repairs", str(file), "--district", "99999", "--json"]) == 1
    assert main(["import", "repairs"]) == 2
    assert Agreement.rows.count() == 0


def test_file_of_two_gigabytes_is_refused_unread(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as opened:
        os.truncate(opened.fileno(), 2 << 30)
    assert main(["import", "repairs", str(huge), "--json"]) == 1
    assert said(capsys)["refusals"][0]["code"] == "exchange.not_ords"  # type: ignore[index]  # JSON


def test_export_writes_what_the_schema_accepts(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", "repairs", str(file), "--json"])
    capsys.readouterr()
    out = tmp_path / "out.csv"
    assert main(["export", "repairs", "--output", str(out), "--json"]) == 0
    assert said(capsys)["rows"] == 1
    assert out.read_text().splitlines()[1].startswith("rc-7,")
    assert "안 켜짐" not in out.read_text()
    assert main(["export", "repairs", "--problem", "--reason", "고칠 것을 다시 봄"]) == 0
    assert "안 켜짐" in capsys.readouterr().out


def test_factors_come_in_and_bare_successes_are_stated_again(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", "repairs", str(file), "--json"])
    capsys.readouterr()
    assert main(["import", "factors", str(FACTORS), "--json"]) == 0
    told = said(capsys)
    assert told["files"] == [
        {"file": "demo_factors.csv", "total": 41, "new": 41, "without_value": 3}
    ]
    assert told["estimated"] == {"kinds": 40, "restated": 1, "without_factor": 0}


def test_bad_factor_file_is_refused_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "f.csv"
    bad.write_text(FACTORS.read_text().replace("kg", "lb", 1), encoding="utf-8")
    assert main(["import", "factors", str(bad), "--json"]) == 1
    assert said(capsys)["refusals"][0]["code"] == "journal.bad_factor_file"  # type: ignore[index]  # JSON
