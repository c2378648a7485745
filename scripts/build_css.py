"""Build static/dure/dure.css from styles/*.css with the values of the KRDS tokens in it.

The token file of KRDS is 51 kB; we use some eighty tokens. The build reads them out of the
vendored file, so a value never stands twice in the source. `--check` fails when the committed
result is not what the sources give.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

FACES = Path(__file__).resolve().parent.parent / "src" / "dure" / "interfaces"
TOKENS = FACES / "static" / "vendor" / "krds_tokens.css"
STYLES = FACES / "styles"
RESULT = FACES / "static" / "dure" / "dure.css"

TOKEN = re.compile(r"(--krds-[\w-]+)\s*:\s*([^;]+);")
USE = re.compile(r"var\((--krds-[\w-]+)\)")


def tokens() -> dict[str, str]:
    """Read every KRDS token with its value."""
    return dict(TOKEN.findall(TOKENS.read_text(encoding="utf-8")))


def resolved(text: str, known: dict[str, str]) -> str:
    """Put values in place of KRDS tokens; a token that KRDS does not have raises KeyError."""
    for _depth in range(6):
        if not USE.search(text):
            return text
        text = USE.sub(lambda found: known[found.group(1)].strip(), text)
    raise ValueError("a KRDS token refers to itself")


def squeezed(text: str) -> str:
    """Drop comments and needless white space; strings in the source hold neither."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([{};,])\s*", r"\1", text)
    text = re.sub(r"(?<=[\w\"])\s*:\s+", ":", text)
    return text.replace(";}", "}").replace("}", "}\n").strip() + "\n"


def build() -> str:
    """Give the whole style sheet as text."""
    known = tokens()
    parts = [part.read_text(encoding="utf-8") for part in sorted(STYLES.glob("*.css"))]
    return squeezed(resolved("\n".join(parts), known))


def main(arguments: list[str]) -> int:
    """Write the style sheet, or with --check compare it."""
    wanted = build()
    if "--check" in arguments:
        same = RESULT.exists() and RESULT.read_text(encoding="utf-8") == wanted
        if not same:
            print(f"{RESULT.name} is old: run scripts/build_css.py", file=sys.stderr)
        return 0 if same else 1
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
