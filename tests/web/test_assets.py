"""What is shipped: vendored files, the built style sheet, the drawing of the districts."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import tomllib
from pathlib import Path

import pytest

from tests.web.script_files import script

ROOT = Path(__file__).resolve().parents[2]
FACES = ROOT / "src" / "dure" / "interfaces"
VENDOR = FACES / "static" / "vendor"


def faults_of(listed: list[dict[str, str]], folder: Path) -> list[str]:
    """Name the files that are unlisted, missing, or other than their digest says."""
    by_name = {one["file"]: one["sha256"] for one in listed}
    there = {path.name for path in folder.iterdir()} - {"vendor.toml", "OFL.txt"}
    faults = sorted(f"unlisted {name}" for name in there - set(by_name))
    for name, wanted in by_name.items():
        if name not in there:
            faults.append(f"missing {name}")
        elif hashlib.sha256((folder / name).read_bytes()).hexdigest() != wanted:
            faults.append(f"changed {name}")
    return faults


def listed() -> list[dict[str, str]]:
    found: list[dict[str, str]] = tomllib.loads(
        (VENDOR / "vendor.toml").read_text(encoding="utf-8")
    )["file"]
    return found


def test_vendored_files_are_what_their_list_says() -> None:
    assert faults_of(listed(), VENDOR) == []


def test_a_changed_and_an_unlisted_file_are_found(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("changed")
    (tmp_path / "b.js").write_text("new")
    told = [
        {"file": "a.js", "sha256": hashlib.sha256(b"first").hexdigest()},
        {"file": "c.js", "sha256": ""},
    ]
    assert faults_of(told, tmp_path) == ["unlisted b.js", "changed a.js", "missing c.js"]


def test_list_holds_no_address_and_names_every_licence() -> None:
    text = (VENDOR / "vendor.toml").read_text(encoding="utf-8")
    assert "://" not in text
    assert {one["licence"] for one in listed()} == {"ISC", "OFL-1.1", "0BSD"}
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert all(name in notice for name in ("Pretendard GOV", "KRDS", "htmx", "국토지리정보원"))


def test_style_sheet_is_what_its_sources_give() -> None:
    built = script("build_css").build()
    assert (FACES / "static/dure/dure.css").read_text(encoding="utf-8") == built


def test_style_sheet_is_small_and_calls_nobody() -> None:
    css = (FACES / "static/dure/dure.css").read_text(encoding="utf-8")
    assert len(gzip.compress(css.encode())) <= 10_000
    assert "--krds" not in css
    assert re.findall(r"url\((?!\"\.\./vendor/|#)", css) == []


def test_every_variable_of_the_style_sheet_is_set_and_used() -> None:
    css = (FACES / "static/dure/dure.css").read_text(encoding="utf-8")
    made = set(re.findall(r"(--[\w-]+):", css))
    used = set(re.findall(r"var\((--[\w-]+)\)", css))
    assert used - made == set()
    assert made - used == set()


def test_drawing_holds_25_districts_within_its_weight() -> None:
    text = (FACES / "web/data/districts.json").read_text(encoding="utf-8")
    told = json.loads(text)
    assert len({one["code"] for one in told["districts"]}) == 25
    assert len({tuple(one["tile"]) for one in told["districts"]}) == 25
    assert len(text.encode()) <= 12_288
    assert "국토지리정보원" in told["source"]


def corners(path: str) -> set[tuple[int, int]]:
    """Walk a path of whole steps and give the spots it passes."""
    spots: set[tuple[int, int]] = set()
    for ring in path.split("M")[1:]:
        numbers = [int(number) for number in re.findall(r"-?\d+", ring)]
        x, y = numbers[:2]
        spots.add((x, y))
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + dx, y + dy
            spots.add((x, y))
    return spots


@pytest.mark.parametrize(
    ("one", "other"), [("11440", "11410"), ("11680", "11650"), ("11320", "11350")]
)
def test_neighbours_share_their_border(one: str, other: str) -> None:
    told = json.loads((FACES / "web/data/districts.json").read_text(encoding="utf-8"))
    paths = {district["code"]: corners(district["d"]) for district in told["districts"]}
    assert len(paths[one] & paths[other]) >= 4


def test_districts_far_apart_share_nothing() -> None:
    told = json.loads((FACES / "web/data/districts.json").read_text(encoding="utf-8"))
    paths = {district["code"]: corners(district["d"]) for district in told["districts"]}
    assert paths["11500"] & paths["11740"] == set()
