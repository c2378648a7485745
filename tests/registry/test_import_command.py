"""`dure import organisations` and `dure export organisations`: answers and exit codes."""

from __future__ import annotations

import json

import pytest

from dure.interfaces.cli.main import main
from dure.registry import models as registry
from tests.registry.lists import GOOD, content, csv_of, places  # noqa: F401 - automatic

pytestmark = pytest.mark.django_db


def told(capsys, *arguments: str) -> tuple[int, dict[str, object]]:
    code = main([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_file_is_imported_once(tmp_path, capsys):
    file = tmp_path / "list.csv"
    file.write_bytes(csv_of(*GOOD))
    code, first = told(capsys, "import", "organisations", str(file), "--year", "2025")
    assert (code, first["ok"], first["made"]) == (0, True, 3)
    code, second = told(capsys, "import", "organisations", str(file), "--year", "2025")
    assert (code, second["made"], second["files"][0]["repeated"]) == (0, 0, True)
    out = tmp_path / "out.csv"
    code, written = told(capsys, "export", "organisations", "--output", str(out))
    assert (code, written["rows"]) == (0, 3)
    code, third = told(capsys, "import", "organisations", str(out))
    assert (code, third["made"], third["same"]) == (0, 0, 3)


@pytest.mark.parametrize(
    ("name", "rows"), [("orgs_cp949.csv", 20), ("orgs_utf8_bom.csv", 20), ("orgs_1904.xlsx", 18)]
)
def test_refused_rows_are_told_and_nothing_is_stored(name, rows, shared_data, capsys):
    before = content()
    code, answer = told(capsys, "import", "organisations", str(shared_data / "imports" / name))
    assert (code, answer["ok"]) == (1, False)
    assert len({one["line"] for one in answer["refusals"]}) == rows
    assert all(one["ko"] and one["en"] for one in answer["refusals"])
    text = json.dumps(answer, ensure_ascii=False)
    assert "900101" not in text
    assert "8503152345671" not in text
    assert content() == before
    assert not registry.ImportRow.rows.exists()


def test_questions_are_answered_on_the_command_line(tmp_path, capsys):
    file = tmp_path / "list.csv"
    file.write_bytes(csv_of(GOOD[0].replace(",5,1000000,한별나루연합회", ",3,,"), GOOD[1]))
    code, answer = told(capsys, "import", "organisations", str(file))
    assert (code, answer["refusals"][0]["code"]) == (1, "registry.import_unanswered")
    assert answer["files"][0].get("made") is None
    arguments = ("--so", "amount_missing", "--hold", "below_five")
    code, answer = told(capsys, "import", "organisations", str(file), *arguments)
    assert (code, answer["made"], answer["held"]) == (0, 1, 1)


def test_a_missing_file_is_a_refusal(tmp_path, capsys):
    code, answer = told(capsys, "import", "organisations", str(tmp_path / "none.csv"))
    assert (code, answer["refusals"][0]["code"]) == (1, "cli.file")
