"""SQL of the indicators, one file an expression; they read the journal alone."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import connection

FOLDER = Path(__file__).parent
ENGINES = FOLDER.parents[1] / "engines"
_CODE = ("measures", "formula", "release_grid", "release_compute", "release_files")


@cache
def text(name: str) -> str:
    """The SQL of one expression."""
    return (FOLDER / f"{name}.sql").read_text(encoding="utf-8")


def rows(name: str, **places: Any) -> list[tuple[Any, ...]]:  # Any: places and columns differ
    """Run one expression with its named places."""
    with connection.cursor() as cursor:
        cursor.execute(text(name), places)
        found: list[tuple[Any, ...]] = cursor.fetchall()  # Any: as above
    return found


@cache
def code_hash() -> str:
    """Hash of all code that decides a number: the expressions and the engines they feed."""
    total = sha256()
    files = sorted(FOLDER.glob("*.sql")) + [ENGINES / f"{name}.py" for name in _CODE]
    for path in files:
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()
