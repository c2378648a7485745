"""The definitions as their file declares them; read without a database.

Law: a definition is complete before it is loaded, and an edited version is refused.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

from dure.engines import formula, release_grid
from dure.engines.formula import NotAFormula
from dure.engines.release_grid import NotAGrid

FILE = Path(__file__).parent / "data" / "definitions.toml"
HEADINGS = ("economy", "society", "environment", "governance", "seoul")
UNITS = (
    "percent", "permille", "count", "organisations", "heads", "fte", "won", "minutes", "gco2e",
    "wh", "litre", "days", "times", "index",
)  # fmt: skip
AGGREGATIONS = ("sum", "ratio", "stock", "quantile")


class Incomplete(ValueError):
    """A definition that does not hold; carries the code and the field at fault."""

    def __init__(self, code: str, part: str) -> None:
        super().__init__(f"{code}: {part}")
        self.code, self.part = code, part


@dataclass(frozen=True, slots=True)
class Declared:
    """One version of one definition, field by field as the table has it."""

    code: str
    heading: str
    version: int
    valid_from: date
    name_ko: str
    name_en: str
    unit: str
    aggregation: str
    disclosure: str
    grain_ko: str
    grain_en: str
    what_ko: str
    what_en: str
    excluded_ko: str
    excluded_en: str
    labels: list[str]
    tile: int = 0
    measured: bool = False
    recomputable: bool = False
    numerator: str = ""
    denominator: str = ""
    known: str = ""
    all_of: str = ""
    coverage: str = ""
    floor_rule: str = ""
    k_rule: str = ""
    fte_rule: str = ""
    scale: int = 1
    digits: int = 0
    better: str = "more"
    target_ppm: int | None = None
    grid: str = "period@city@-"
    external: list[str] = field(default_factory=list)
    factors: str = ""

    @property
    def digest(self) -> str:
        """Hash of everything the version says, so that an edit is seen."""
        text = json.dumps(asdict(self), sort_keys=True, default=str, ensure_ascii=False)
        return sha256(text.encode()).hexdigest()


def read(path: Path = FILE) -> tuple[Declared, ...]:
    """Read a definition file.

    Returns   every version, in the order of the file.
    Raises    Incomplete naming the definition and the field at fault.
    """
    found = []
    for table in tomllib.loads(path.read_text(encoding="utf-8"))["definition"]:
        row = {("disclosure" if key == "class" else key): value for key, value in table.items()}
        try:
            declared = Declared(**row)
        except TypeError as error:
            raise Incomplete(str(row.get("code", "?")), str(error)) from error
        check(declared)
        found.append(declared)
    codes = [(d.code, d.version) for d in found]
    for code, version in codes:
        if codes.count((code, version)) > 1:
            raise Incomplete(code, "version")
    return tuple(found)


def check(one: Declared) -> None:
    """Ask whether a definition is complete.

    Raises    Incomplete naming the first field at fault.
    """
    for part, good in (
        ("heading", one.heading in HEADINGS),
        ("unit", one.unit in UNITS),
        ("aggregation", one.aggregation in AGGREGATIONS),
        ("class", one.disclosure in ("A", "B", "C")),
        ("better", one.better in ("more", "less")),
        ("labels", bool(one.labels) and "indicator.released" not in one.labels),
        ("numerator", bool(one.numerator) or not one.measured),
        ("denominator", bool(one.denominator or one.fte_rule) or one.aggregation != "ratio"
         or not one.measured),
        ("floor_rule", bool(one.floor_rule) == bool(one.all_of or one.coverage)),
        ("known", bool(one.known) == bool(one.all_of)),
        ("recomputable", not one.recomputable or (one.measured and one.disclosure == "A")),
    ):  # fmt: skip
        if not good:
            raise Incomplete(one.code, part)
    try:
        until = formula.is_until(one.numerator, one.denominator)
    except NotAFormula as error:
        raise Incomplete(one.code, "numerator") from error
    if until and (one.aggregation != "ratio" or one.recomputable):
        raise Incomplete(one.code, "numerator")  # the public events of a release begin too late
    for part in ("numerator", "denominator", "known", "all_of"):
        text = getattr(one, part)
        try:
            missing = set(formula.labels(text)) - set(one.labels)
        except NotAFormula as error:
            raise Incomplete(one.code, part) from error
        if missing:
            raise Incomplete(one.code, "labels")
    try:
        release_grid.parse_grid(one.grid)
    except NotAGrid as error:
        raise Incomplete(one.code, "grid") from error
