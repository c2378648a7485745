"""What an installation takes, and what the web process imports."""

from __future__ import annotations

import importlib.metadata as metadata
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORE_BYTES_MAX = 260_000_000
WHOLE_BYTES_MAX = 1_000_000_000


def pinned(group: str) -> set[str]:
    text = (ROOT / "requirements" / f"{group}.txt").read_text()
    return {normal(name) for name in re.findall(r"(?m)^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==", text)}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def size_of(distribution: metadata.Distribution) -> int:
    """Bytes of the installed files, compiled ones included; the places are those of the record."""
    total = 0
    for file in distribution.files or ():
        path = Path(str(file.locate()))
        if path.is_file():
            total += path.stat().st_size
    return total


def installed(names: set[str]) -> dict[str, int]:
    found = {}
    for distribution in metadata.distributions():
        name = normal(distribution.metadata["Name"])
        if name in names:
            found[name] = size_of(distribution)
    return found


def test_core_group_fits() -> None:
    sizes = installed(pinned("core"))
    assert len(sizes) > 40  # the measure sees the packages
    assert sum(sizes.values()) <= CORE_BYTES_MAX


def test_one_machine_fits() -> None:
    assert sum(installed(pinned("core") | pinned("dev")).values()) <= WHOLE_BYTES_MAX


# Imported by Django and requests when they happen to be there; the core group has none of them.
WHEN_PRESENT = {"chardet", "jinja2", "markupsafe", "setuptools"}
LOADED = """
import sys, importlib.metadata as m
from dure.config.wsgi import application
from django.urls import get_resolver
get_resolver().url_patterns
found = m.packages_distributions()
names = {n for mod in list(sys.modules) for n in found.get(mod.partition(".")[0], ())}
print(" ".join(sorted(names)))
"""


def test_web_process_imports_the_core_group_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {normal(name) for name in done.stdout.split()}
    assert "django" in loaded  # the measure sees what is loaded
    assert not WHEN_PRESENT & pinned("core")
    assert loaded - pinned("core") - WHEN_PRESENT - {"dure"} == set()
