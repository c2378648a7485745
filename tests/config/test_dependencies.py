"""Each dependency has its row or word in docs/dependencies.md, and each row its dependency."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("our own writer",)  # rows that say why nothing is depended on


def wanted() -> set[str]:
    """The names of every group of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    return {re.split(r"[\[<>=!~;, ]", one, maxsplit=1)[0].lower() for g in groups for one in g}


def unnamed(names: set[str], page: str) -> set[str]:
    """The names that the page does not say as whole words."""
    said = set(re.findall(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", page.lower()))
    return names - said


def libraries(page: str) -> list[str]:
    """The first word of the second cell of each row, but for rows that say why there is none."""
    rows = re.findall(r"^\| (?!need )[^|]+ \| ([^|]+) \|", page, re.MULTILINE)
    return [row.split()[0].strip(",").lower() for row in rows if not row.startswith(OURS)]


def page() -> str:
    return (ROOT / "docs" / "dependencies.md").read_text("utf-8")


def test_every_dependency_is_named() -> None:
    assert unnamed(wanted(), page()) == set()


def test_every_row_is_a_dependency() -> None:
    found = libraries(page())
    assert len(found) == 22
    assert [one for one in found if one not in wanted()] == []


def test_a_dependency_without_a_word_is_found() -> None:
    assert unnamed(wanted() | {"leftpad"}, page()) == {"leftpad"}
    assert "leftpad" in libraries(page() + "\n| padding | leftpad 1.0 | short | by hand |\n")
