"""The sweep against pabutools: a stratified subset of real files, and that it can fail at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from dure.engines.pb.pabulib import read
from tests.engines.pb.elections import worked

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "scripts"))

import sweep  # noqa: E402  # a script, found through the line above

SECONDS_MAX = 60


@pytest.mark.slow
def test_small_files_of_every_kind_agree(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweep, "CACHE", tmp_path)  # nothing that was kept may hide a difference
    paths = sweep.files_of(shared_data / "pabulib", subset=True)
    began, lines = time.monotonic(), []
    for found in sweep.sweep(paths, seconds=30, megabytes=4096, processes=2):
        lines += found
        if time.monotonic() - began > SECONDS_MAX:
            break
    verdicts = Counter(one.verdict for one in lines)
    assert [one for one in lines if one.verdict in ("different", "not compared")] == []
    assert verdicts["identical"] >= 100
    assert {one.cause for one in lines if one.verdict == "explained"} <= {
        "pabutools buys projects that nobody supports"
    }


def test_subset_holds_every_kind_of_ballot(shared_data: Path) -> None:
    paths = sweep.files_of(shared_data / "pabulib", subset=True)
    kinds = Counter(read(path.read_bytes()).kind.value for path in paths)
    assert set(kinds) == {"approval", "choose-1", "cumulative", "ordinal"}
    assert min(kinds.values()) >= 6


def test_planted_difference_is_found() -> None:
    election = worked()
    assert sweep.compare("w1", election, "greedy cost", ["A", "B", "C"]).verdict == "identical"
    for theirs in (["B", "A", "C"], ["A", "B"], ["A", "B", "C", "D"], []):
        line = sweep.compare("w1", election, "greedy cost", theirs)
        assert (line.verdict, line.ours, line.theirs) == ("different", ["A", "B", "C"], theirs)


def test_sets_are_compared_for_phragmen_alone() -> None:
    assert sweep.same("phragmen", ["a", "b"], ["b", "a"])
    assert not sweep.same("mes cost", ["a", "b"], ["b", "a"])


SILENT = "import sys, time\nfor line in sys.stdin:\n    time.sleep(60)\n"
EATER = "import sys\nfor line in sys.stdin:\n    sys.exit(1)\n"


@pytest.mark.parametrize(
    ("script", "reason"),
    [(SILENT, "reading: over the time limit"), (EATER, "reading: over the memory limit")],
)
def test_run_over_a_limit_is_not_compared(
    script: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "scripts"
    place.mkdir()
    (place / "sweep_peer.py").write_text(script, encoding="utf-8")
    monkeypatch.setattr(sweep, "ROOT", tmp_path)
    peer = sweep.Peer(seconds=1, megabytes=4096)
    assert peer.ask(Path("x.pb"), ["mes cost"]) == {"mes cost": reason}
    assert peer.process is None


def test_memory_limit_holds_in_the_peer(tmp_path: Path) -> None:
    code = (
        f"import resource, runpy, sys\nsys.argv = ['x', '4096']\n"
        f"import builtins\nsys.stdin = iter(())\n"
        f"runpy.run_path({str(ROOT / 'scripts' / 'sweep_peer.py')!r}, run_name='__main__')\n"
        f"print(resource.getrlimit(resource.RLIMIT_AS)[0])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert json.loads(done.stdout.splitlines()[-1]) == 4096 * 1024 * 1024
