"""The labels as their file declares them; read without a database.

Nouns: a *definition* is one version of one label. Law: a released version is never edited.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "labels.toml"
DIMS_MAX = 8

ACTIONS = (
    "work", "deliverService", "use", "cite", "accept", "modify", "consume", "produce", "combine",
    "separate", "pickup", "dropoff", "move", "transferCustody", "transferAllRights", "transfer",
    "copy", "raise", "lower", "observe", "decide", "publish", "report",
)  # fmt: skip
SECTORS = (
    "energy", "food", "housing", "care", "sharing", "repair", "mobility", "finance",
    "governance", "procurement", "programme",
)  # fmt: skip
UNITS = ("MIN", "GRM", "MLT", "WHR", "MTR", "CMK", "C62", "H87", "GCO2E", "KRW")


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of one label, as `labels.toml` has it."""

    code: str
    version: int
    ko: str
    en: str
    definition_ko: str
    definition_en: str
    excluded_ko: str
    excluded_en: str
    action: str
    sector: str
    unit: str
    district_rule: str
    evidence_floor: str
    additive: str
    disclosure: str
    serves: str
    valid_from: date
    dims: dict[str, list[str]]
    codes: dict[str, str]


@cache
def declared(path: Path = FILE) -> tuple[Definition, ...]:
    """Read the label file; each definition is checked against the closed word lists.

    Returns definitions sorted by code and version. Raises AssertionError on a file that is wrong.
    """
    text = tomllib.loads(path.read_text(encoding="utf-8"))
    lists = text.get("lists", {})
    found = []
    for row in text["label"]:
        dims = {
            key: list(lists[values[1:]] if isinstance(values, str) else values)
            for key, values in row.pop("dims", {}).items()
        }
        definition = Definition(dims=dims, codes=row.pop("codes", {}), **row)
        assert definition.action in ACTIONS, definition
        assert definition.sector in SECTORS, definition
        assert definition.unit in UNITS, definition
        assert len(dims) <= DIMS_MAX, definition
        assert all((definition.definition_ko, definition.definition_en)), definition
        assert all((definition.excluded_ko, definition.excluded_en)), definition
        found.append(definition)
    found.sort(key=lambda d: (d.code, d.version))
    assert len({(d.code, d.version) for d in found}) == len(found), "a version stands twice"
    return tuple(found)
