"""`dure tally`: what it prints, what it refuses, and that it asks no database."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dure.engines.pb import check_result
from dure.interfaces.cli.main import main

HEAD = "META\nkey;value\nbudget;5000000\nvote_type;approval\ncurrency;KRW\n"
PROJECTS = (
    "PROJECTS\nproject_id;cost;name\nA;2000000;공원 의자\nB;2000000;B\nC;800000;C\n"
    "D;1000000;D\nE;2400000;E\nF;2400000;F\n"
)
BALLOTS = ("B", "A,F", "A,E,F", "D", "E", "A,C", "B,C,E", "B,D,E", "A,B,F", "A,B,C")
VOTES = "VOTES\nvoter_id;vote\n" + "".join(f"{at};{one}\n" for at, one in enumerate(BALLOTS))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "round.pb"
    path.write_text(HEAD + PROJECTS + VOTES, encoding="utf-8")
    return path


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    code = main(["tally", *words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_json_holds_winners_in_the_order_chosen(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = asked(capsys, str(file), "--rule", "mes", "--satisfaction", "cardinality")
    assert code == 0
    assert (told["winners"], told["spent"], told["left"]) == (["C", "D"], 1_800_000, 3_200_000)
    assert isinstance(told["seconds"], float) and isinstance(told["seconds_reading"], float)


def test_packed_file_counts_the_same(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packed = file.with_suffix(".pb.gz")
    packed.write_bytes(gzip.compress(file.read_bytes()))
    _, plain = asked(capsys, str(file), "--rule", "greedy")
    _, told = asked(capsys, str(packed), "--rule", "greedy")
    assert told["winners"] == plain["winners"] == ["A", "B", "C"]


def test_table_for_people(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tally", str(file), "--rule", "greedy"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "round.pb  approval, 10 ballots, 6 projects"
    assert lines[1].startswith(
        "  greedy                   3 won, 4,800,000 of 5,000,000 KRW spent, 200,000 left ("
    )
    assert [line.split()[:2] for line in lines[3:]] == [
        ["1", "A"],
        ["2", "B"],
        ["3", "C"],
        ["-", "E"],
        ["-", "F"],
        ["-", "D"],
    ]
    assert "공원 의자" in lines[3]


def test_picture_is_written(file: Path, tmp_path: Path) -> None:
    drawn = tmp_path / "out.svg"
    assert main(["tally", str(file), "--rule", "greedy", "--picture", str(drawn)]) == 0
    assert drawn.read_text(encoding="utf-8").startswith("<svg ")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "tally.rule_missing"),
        (("--rule", "mes"), "pb.satisfaction_missing"),
        (
            ("--rule", "mes", "--satisfaction", "cost", "--completion", "add1"),
            "pb.step_missing",
        ),
        (("--rule", "greedy-threshold"), "pb.threshold_missing"),
        (("--rule", "greedy", "--ties", "max_votes"), "pb.ties_open"),
        (("--rule", "greedy", "--ties", "lot"), "pb.seed_missing"),
        (("--rule", "greedy", "--ties", "lot", "--seed", "xyz"), "tally.bad_argument"),
        (("--rule", "greedy-threshold", "--threshold", "1e3"), "tally.bad_argument"),
        (("--rule", "greedy", "--satisfaction", "points"), "pb.no_points"),
        (("--rule", "scores", "--weight", "votes=1:loud"), "tally.bad_argument"),
        (("--rule", "greedy", "--cap", "park"), "tally.bad_argument"),
    ],
)
def test_refusals_name_what_is_missing(
    file: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: str
) -> None:
    exit_code, told = asked(capsys, str(file), *words)
    refusals = told["refusals"]
    assert isinstance(refusals, list)
    assert (exit_code, told["ok"], [one["code"] for one in refusals]) == (1, False, [code])
    assert "winners" not in told


def test_threshold_seed_weights_and_caps_are_read(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, told = asked(capsys, str(file), "--rule", "greedy-threshold", "--threshold", "40%")
    assert told["winners"] == ["A", "B"]
    _, told = asked(
        capsys, str(file), "--rule", "greedy", "--ties", "lot", "--seed", "00ff", "--call", "2026"
    )
    assert told["ties"] == ["lot"]
    _, told = asked(capsys, str(file), "--rule", "scores", "--weight", "votes=1000000:share-of-max")
    assert told["winners"] == ["A", "B", "C"]


def test_bad_file_is_refused_by_line(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text((HEAD + PROJECTS + VOTES).replace("9;A,B,C", "9;A,B,Z"), encoding="utf-8")
    code, told = asked(capsys, str(file), "--rule", "greedy")
    refusals = told["refusals"]
    assert isinstance(refusals, list)
    assert (code, refusals[0]["code"], refusals[0]["line"]) == (1, "pabulib.vote_unknown", 25)
    code, told = asked(capsys, str(file.with_name("none.pb")), "--rule", "greedy")
    assert (code, told["ok"]) == (1, False)


def test_folder_is_counted_in_one_go(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = file.parent
    (folder / "deep").mkdir()
    (folder / "deep" / "b.pb.gz").write_bytes(gzip.compress(file.read_bytes()))
    (folder / "broken.pb").write_text("META\n", encoding="utf-8")
    (folder / "other.txt").write_text("no election", encoding="utf-8")
    code, told = asked(capsys, str(folder), "--rule", "greedy", "--workers", "1")
    files, summary, refusals = told["files"], told["summary"], told["refusals"]
    assert isinstance(files, list) and isinstance(summary, dict) and isinstance(refusals, list)
    assert code == 1  # one file is refused, and named; the others are counted
    assert [one["file"] for one in refusals] == ["broken.pb"]
    assert [one["file"] for one in files] == ["b.pb.gz", "round.pb"]
    assert all(one["results"][0]["winners"] == ["A", "B", "C"] for one in files)
    assert (summary["files"], summary["counted"], summary["refused"]) == (3, 2, 1)


def test_two_workers_give_the_same(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (file.parent / "b.pb").write_bytes(file.read_bytes())
    found = []
    for workers in ("1", "2"):
        code, told = asked(capsys, str(file.parent), "--rule", "every", "--workers", workers)
        files = told["files"]
        assert code == 0 and isinstance(files, list)
        found.append([[one["winners"] for one in each["results"]] for each in files])
    assert found[0] == found[1] and len(found[0]) == 2


def test_empty_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = asked(capsys, str(tmp_path), "--rule", "greedy")
    refusals = told["refusals"]
    assert isinstance(refusals, list)
    assert (code, refusals[0]["code"]) == (1, "tally.no_files")


@pytest.mark.parametrize(
    "words",
    [
        "--rule greedy",
        "--rule phragmen",
        (
            "--rule mes --satisfaction cost --completion add1 --step 10000 --start exact"
            " --stop exhaustive"
        ),
    ],
)
def test_certificate_is_told_written_and_accepted(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    written = tmp_path / "certificate.json"
    code, told = asked(capsys, str(file), *words.split(), "--certificate", str(written))
    stated = json.loads(written.read_text(encoding="utf-8"))
    assert code == 0 and stated == told["certificate"]
    assert stated["winners"] == told["winners"]
    checker = Path(check_result.__file__)
    for extra in ((), ("--full",)):
        done = subprocess.run(
            [sys.executable, "-I", str(checker), str(written), str(file), *extra],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    changed = file.read_text(encoding="utf-8").replace("9;A,B,C", "9;A,C")
    file.write_text(changed, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", str(checker), str(written), str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1


def test_certificate_needs_ids_in_one_form(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decomposed = "e\u0301"
    text = file.read_text(encoding="utf-8").replace("E;2400000", f"{decomposed};2400000")
    file.write_text(
        text.replace("E,F", f"{decomposed},F")
        .replace(",E", f",{decomposed}")
        .replace(";E\n", f";{decomposed}\n"),
        encoding="utf-8",
    )
    code, told = asked(capsys, str(file), "--rule", "greedy")
    assert (code, told["certificate"]) == (0, None)
    code, told = asked(
        capsys, str(file), "--rule", "greedy", "--certificate", str(tmp_path / "out.json")
    )
    refusals = told["refusals"]
    assert isinstance(refusals, list)
    assert (code, refusals[0]["code"]) == (1, "tally.no_certificate")


def test_stated_rule_is_counted_beside_the_published_outcome(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = file.read_text(encoding="utf-8").replace("budget;", "rule;greedy\nbudget;")
    text = text.replace(";name\n", ";selected\n")
    for name, mark in zip("ABCDEF", "110010", strict=True):
        text = re.sub(rf"\n{name};(\d+);[^\n]*", rf"\n{name};\1;{mark}", text)
    file.write_text(text, encoding="utf-8")
    code, told = asked(capsys, str(file), "--rule", "stated")
    assert (code, told["winners"], told["published"]) == (0, ["A", "B", "C"], ["A", "B", "E"])
    assert (told["stated"], told["agrees"]) == ("greedy", False)
    main(["tally", str(file), "--rule", "stated"])
    words = "greedy: differs; won here only C; published only E"
    assert capsys.readouterr().out == f"round.pb  {words}\n"
    main(["tally", str(file.parent), "--rule", "stated", "--workers", "1"])
    assert "0 reproduced, 1 differ" in capsys.readouterr().out
