"""The bundle, and two verifiers written apart: what they claim, and what no edit gets past."""

from __future__ import annotations

import importlib.util
import io
import json
import random
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from dure.engines import (
    published_heads,
    release_files,
    release_hash,
    release_verify,
    stored_zip,
)
from dure.engines.published_heads import HeadLine
from dure.engines.release_bundle import Bundle, Contents
from dure.engines.release_verify import Level
from tests.indicators import made

ROOT = Path(__file__).parents[2]


def second_verifier() -> ModuleType:
    found = importlib.util.spec_from_file_location(
        "verify_release", ROOT / "scripts" / "verify_release.py"
    )
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


SECOND = second_verifier()


def second_says(data: bytes, published: Sequence[HeadLine] | None = None) -> dict[str, str] | None:
    """The levels that the second verifier reaches, or None when it finds a fault."""
    try:
        heads = None
        if published is not None:
            heads = SECOND.read_heads(published_heads.write(published))
        files = SECOND.unzip(data)
        head, _ = SECOND.read_head(files, heads)
        found = {code: (level, fault) for code, level, fault in SECOND.levels(files, head)}
    except (SECOND.Broken, ValueError, KeyError, SECOND.struct.error):
        return None
    if any(fault for _, fault in found.values()):
        return None
    return {code: level.split(" ")[0] for code, (level, _) in found.items()}


@pytest.fixture(scope="module")
def sealed() -> Bundle:
    return made.bundle()


def repacked(bundle: Bundle, **changed: bytes) -> bytes:
    """The bundle with files replaced and a new, fitting head: a forger who knows the format."""
    files = {path: bytes_ for path, bytes_ in bundle.files.items() if path != "head.txt"}
    files |= {path.replace("__", ".").replace("_0_", "/"): b for path, b in changed.items()}
    head, _ = release_hash.read_head(bundle.files["head.txt"])
    from dure.engines import release_bundle

    lines = files["cells.csv"].split(b"\r\n")[1:-1]
    text, _ = release_hash.write_head(
        replace(
            head,
            cells=len(lines),
            cells_root=release_bundle.cells_root(files["cells.csv"]),
            files=tuple(release_hash.file_line(path, content) for path, content in files.items()),
        )
    )
    return stored_zip.write({**files, "head.txt": text})


def test_both_verifiers_reach_the_same_levels(sealed: Bundle) -> None:
    report = release_verify.verify(sealed.zip)
    assert report.findings == ()
    levels = {r.indicator: f"V{int(r.level)}" for r in report.reached}
    assert levels == {"N4": "V3", "N4a": "V3", "N4r": "V3", "N1a": "V3", "C1": "V2", "E1": "V2"}
    assert second_says(sealed.zip) == levels


def test_what_is_only_consistent_is_never_called_recomputed(sealed: Bundle) -> None:
    lines = release_verify.report_lines(release_verify.verify(sealed.zip))
    assert [line for line in lines if line.startswith("C1")] == [
        "C1: V2 consistent, not recomputed (28 cells, 28 with a value)"
    ]
    told = json.loads(release_verify.report_json(release_verify.verify(sealed.zip)))
    assert [i["recomputed"] for i in told["indicators"] if i["indicator"] == "C1"] == [False]


def test_same_contents_give_the_same_bytes() -> None:
    assert made.bundle().zip == made.bundle().zip


def test_any_zip_program_reads_the_container(sealed: Bundle) -> None:
    with zipfile.ZipFile(io.BytesIO(sealed.zip)) as opened:
        assert opened.testzip() is None
        assert opened.read("cells.csv") == sealed.files["cells.csv"]


def edits(data: bytes, seed: int) -> Iterator[bytes]:
    chance = random.Random(seed)
    while True:
        at = chance.randrange(len(data))
        other = chance.randrange(255)
        yield data[:at] + bytes([other if other < data[at] else other + 1]) + data[at + 1 :]


def test_every_one_of_a_thousand_byte_edits_is_found(sealed: Bundle) -> None:
    until, tried = time.monotonic() + 10, 0
    for edited in edits(sealed.zip, seed=1):
        assert not release_verify.verify(edited).holds
        assert second_says(edited) is None
        tried += 1
        if tried == 1000 or time.monotonic() > until:
            break
    assert tried >= 100  # a thousand in a second or two on a quiet machine


def test_the_edit_hunt_can_fail(sealed: Bundle) -> None:
    """Negative control: a reader that trusts the container and the files alone misses edits."""

    def naive(data: bytes) -> bool:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as opened:
                return opened.testzip() is None
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
            return False

    source = edits(sealed.zip, seed=2)
    assert any(naive(next(source)) for _ in range(3000))


@pytest.mark.parametrize("cut", [1, 22, 1000])
def test_a_cut_or_lengthened_bundle_is_found(sealed: Bundle, cut: int) -> None:
    for data in (sealed.zip[:-cut], sealed.zip + b"\0" * cut, sealed.zip[cut:]):
        assert not release_verify.verify(data).holds
        assert second_says(data) is None


def forge_cells(bundle: Bundle, old: bytes, new: bytes) -> bytes:
    cells = bundle.files["cells.csv"]
    assert cells.count(old) >= 1
    return repacked(bundle, cells__csv=cells.replace(old, new, 1))


def first_line(bundle: Bundle, start: bytes) -> bytes:
    lines = bundle.files["cells.csv"].split(b"\r\n")
    return next(line for line in lines if line.startswith(start))


def test_a_forged_number_with_a_fitting_head_fails_recomputation(sealed: Bundle) -> None:
    old = first_line(sealed, b"N4r,1,quarter,2026-Q3,00000,")
    parts = old.split(b",")
    num, den = int(parts[6]) + 1, int(parts[7]) + 1
    parts[6:9] = [b"%d" % num, b"%d" % den, f"{num * 10000 // den / 100:.2f}".encode()]
    forged = forge_cells(sealed, old, b",".join(parts))
    findings = release_verify.verify(forged).findings
    assert findings == ("V3 N4r: 2026-Q3 00000: the public events give another number",)
    assert second_says(forged) is None


def test_a_total_that_is_no_sum_fails_consistency(sealed: Bundle) -> None:
    old = first_line(sealed, b"C1,1,quarter,2026-Q3,00000,")
    forged = forge_cells(sealed, old, old.replace(b",6,,6,", b",7,,7,"))
    assert release_verify.verify(forged).findings == (
        "V2 C1: 2026-Q3 00000: the parts do not sum to the total",
    )
    assert second_says(forged) is None


def test_a_value_rounded_up_fails_consistency(sealed: Bundle) -> None:
    lines = sealed.files["cells.csv"].split(b"\r\n")
    old = next(
        line
        for line in lines
        if line.startswith(b"N4r") and line.split(b",")[8].endswith((b".33", b".66"))
    )
    value = old.split(b",")[8]
    forged = forge_cells(sealed, old, old.replace(value, value[:-1] + b"9"))
    assert (
        "does not follow from numerator and denominator"
        in release_verify.verify(forged).findings[0]
    )
    assert second_says(forged) is None


@pytest.mark.parametrize(
    ("state", "row"),
    [
        ("a number beside a suppressed flag", b"E1,1,quarter,2026-Q3,00000,,,,,:c,,"),
        ("missing without a reason", b"E1,1,quarter,2026-Q3,00000,,,,,:,,"),
        ("zero instead of missing", b"E1,1,quarter,2026-Q3,00000,,0,1,0.00,,,"),
        ("a cell of another place", b"E1,1,quarter,2026-Q3,11110,,,,,:,not_collected,"),
    ],
)
def test_a_changed_state_fails_consistency(sealed: Bundle, state: str, row: bytes) -> None:
    old = first_line(sealed, b"E1,")
    forged = forge_cells(sealed, old, row)
    assert not release_verify.verify(forged).holds, state
    assert second_says(forged) is None, state


def test_a_deleted_public_event_is_found(sealed: Bundle) -> None:
    path = "public-events/repair.csv"
    lines = sealed.files[path].split(b"\r\n")
    shorter = b"\r\n".join(line for line in lines if not line.startswith(lines[5][:36]))
    files = {**sealed.files, path: shorter}
    forged = repacked(Bundle(files, "", b""))
    assert any(text.startswith("V3") for text in release_verify.verify(forged).findings)
    assert second_says(forged) is None


def test_a_cell_dropped_from_the_grid_is_found(sealed: Bundle) -> None:
    old = first_line(sealed, b"N4,1,month,2025-03,11140")
    forged = forge_cells(sealed, old + b"\r\n", b"")
    assert release_verify.verify(forged).findings == ("V2 N4: its cells are not those of its grid",)
    assert second_says(forged) is None


def both_accept(data: bytes, published: Sequence[HeadLine]) -> bool:
    """Whether a bundle fits a public list; the two verifiers must agree."""
    first = release_verify.verify(data, published=published)
    assert (first.published == "equal") == first.holds
    assert (second_says(data, published) is not None) == first.holds
    return first.holds


def test_a_forger_of_a_whole_release_is_found_by_the_published_heads(sealed: Bundle) -> None:
    forged = made.bundle(made.contents(count=59))
    assert release_verify.verify(forged.zip).published == "not compared"
    assert second_says(forged.zip) is not None
    assert both_accept(sealed.zip, made.published(sealed))
    assert not both_accept(forged.zip, made.published(sealed))


def test_a_release_that_does_not_follow_the_one_before_is_found(sealed: Bundle) -> None:
    second = made.bundle(number=2, previous="a" * 64)
    assert not both_accept(second.zip, made.published(sealed, second))
    follows = made.bundle(number=2, previous=sealed.head)
    assert both_accept(follows.zip, made.published(sealed, follows))


def other_digest(line: HeadLine) -> HeadLine:
    return replace(line, digest="c" * 64)


@pytest.mark.parametrize("chain", ["core.audit", "journal.event"])
def test_a_rewritten_chain_differs_from_the_head_inside_the_bundle(
    sealed: Bundle, chain: str
) -> None:
    """Whoever rewrites the audit, and the public list to fit, meets the heads in every bundle."""
    rewritten = [
        other_digest(line) if line.chain == chain else line for line in made.published(sealed)
    ]
    assert published_heads.faults(rewritten) == []
    assert not both_accept(sealed.zip, rewritten)


def test_a_list_that_was_edited_for_one_day_contradicts_itself(sealed: Bundle) -> None:
    lines = made.published(sealed)
    edited = [other_digest(line) if line.occasion == "day" else line for line in lines]
    assert not both_accept(sealed.zip, edited)
    assert not both_accept(sealed.zip, [*lines, lines[0]])
    assert not both_accept(sealed.zip, lines[1:])
    assert not both_accept(sealed.zip, [*lines, replace(lines[-1], name="2026-11-20")])
    assert not both_accept(
        sealed.zip, [*lines, replace(lines[3], name="2026-11-22", number=40, digest="d" * 64)]
    )
    later = replace(lines[3], name="2026-11-22", number=99, digest="d" * 64)
    assert both_accept(sealed.zip, [*lines, later])


@pytest.mark.parametrize(
    "forged",
    [
        b"",
        b"dure-heads 2\n",
        b"dure-heads 1",
        published_heads.write(made.others()[::-1]),
        published_heads.write(made.others(2)),
        published_heads.write([made.others()[0], made.others()[0]]),
        published_heads.write([replace(made.others()[0], chain="indicators.release")]),
        published_heads.write(made.others()).replace(b" 41 ", b" 041 "),
        published_heads.write(made.others()) + b"\n",
    ],
)
def test_other_heads_inside_a_bundle_are_of_one_form(sealed: Bundle, forged: bytes) -> None:
    data = repacked(sealed, heads__txt=forged)
    assert not release_verify.verify(data).holds
    assert second_says(data) is None


def test_a_revision_that_states_another_number_is_found() -> None:
    what = made.contents()
    revised = ["N4", "", "year", "2025", "11110", "1", "1", "", "999", ""]
    forged = made.bundle(
        Contents(
            what.cells, what.specs, what.definitions, what.factors, what.places, [revised],
            what.events,
        )
    )  # fmt: skip
    assert not release_verify.verify(forged.zip).holds
    assert second_says(forged.zip) is None


def test_text_that_a_spreadsheet_would_run_is_guarded() -> None:
    assert release_files.guard("@SUM(A1)") == "'@SUM(A1)"


def test_the_data_package_is_valid(tmp_path: Path, sealed: Bundle) -> None:
    import frictionless

    for path, content in sealed.files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.flatten(["type", "note", "message"]) == []
    (tmp_path / "cells.csv").write_bytes(sealed.files["cells.csv"] + b"N4,x\r\n")
    assert frictionless.validate(str(tmp_path / "datapackage.json")).valid is False


def test_the_catalogue_names_every_table_with_its_checksum(sealed: Bundle) -> None:
    catalogue = json.loads(sealed.files["catalog.jsonld"])
    dataset = catalogue["dcat:dataset"][0]
    assert [d["dct:title"] for d in dataset["dcat:distribution"]] == sorted(
        path for path in sealed.files if path.endswith(".csv")
    )
    assert dataset["dct:accrualPeriodicity"]["@id"].endswith("/QUARTERLY")


def test_no_level_below_is_skipped() -> None:
    assert Level.NONE < Level.INTACT < Level.CONSISTENT < Level.RECOMPUTED


@pytest.mark.parametrize("path", ["cells.csv", "definitions.csv", "public-events/repair.csv"])
def test_nonsense_under_a_fitting_head_is_a_finding_and_never_a_crash(
    sealed: Bundle, path: str
) -> None:
    source, found = edits(sealed.files[path], seed=3), 0
    for _ in range(60):
        files = {**sealed.files, path: next(source)}
        forged = repacked(Bundle(files, "", b""))
        report = release_verify.verify(forged)
        found += not report.holds
        if path == "cells.csv":
            assert (second_says(forged) is None) == (not report.holds)
    assert found >= 30
