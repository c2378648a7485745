"""The `dure` commands: honest exit codes, one JSON object."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dure.core.actions import CATALOGUE
from dure.interfaces.cli.main import main


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    answer: dict[str, object] = json.loads(capsys.readouterr().out)
    return answer


@pytest.mark.parametrize(
    "words", [["nothing"], [], ["import"], ["import", "nothing", "x"], ["act"]]
)
def test_wrong_use_is_two(words: list[str]) -> None:
    assert main(words) == 2


def test_the_catalogue_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["actions", "--json"]) == 0
    listed = told(capsys)["actions"]
    assert isinstance(listed, list)
    assert {row["name"] for row in listed} == set(CATALOGUE)


def test_a_missing_file_is_one(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "factors", "/nowhere/factors.csv", "--json"]) == 1
    answer = told(capsys)
    assert answer["ok"] is False
    assert [reason["code"] for reason in answer["refusals"]] == ["cli.file"]  # type: ignore[index, attr-defined]  # JSON


def test_an_unknown_action_is_one(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["act", "core.nothing", "--json"]) == 1
    assert told(capsys)["ok"] is False


def test_a_body_with_a_doubled_key_is_one(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["act", "registry.import.cancel", "--body", '{"a": 1, "a": 2}', "--json"]) == 1
    answer = told(capsys)
    assert [reason["code"] for reason in answer["refusals"]] == ["core.bad_field"]  # type: ignore[index, attr-defined]  # JSON


def test_a_token_file_that_others_read_is_refused(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "token"
    file.write_text("dure_x")
    file.chmod(0o644)
    words = ["act", "registry.import.cancel", "--token-file", str(file), "--json"]
    assert main(words) == 1
    answer = told(capsys)
    assert [reason["code"] for reason in answer["refusals"]] == ["core.not_allowed"]  # type: ignore[index, attr-defined]  # JSON


def test_check_tells_each_part(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["check", "--no-worker", "--json"])
    answer = told(capsys)
    names = {check["name"] for check in answer["checks"]}  # type: ignore[index, attr-defined]  # JSON
    assert names == {"space", "database", "migrations", "clock"}
    assert code == (0 if answer["ok"] else 1)
