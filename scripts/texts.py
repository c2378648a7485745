"""Both languages stand beside each other: find words that have no twin.

In templates Hangul may stand only inside `{% t "…" "…" %}`, whose two halves are there, differ and
have the same named places. In Python every `T("…", "…")` and every refusal has both halves.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}|\{\{.*?\}\}", re.DOTALL)
COMMENT = re.compile(r"\{% comment .*?%\}.*?\{% endcomment %\}|<!--.*?-->", re.DOTALL)
CALL = re.compile(r"\{%\s*t\s(.*?)%\}", re.DOTALL)
LITERAL = re.compile(r"\s*(\"[^\"]*\"|'[^']*')")
PLACE = re.compile(r"%\((\w+)\)[sd]")
NO_TWIN = "t: allow"  # in a comment on the line, with the reason: a glyph shown for its own sake


def template_faults(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line, what is wrong) for one template."""
    bare = COMMENT.sub(lambda m: "\n" * m.group().count("\n"), text)
    for call in CALL.finditer(bare):
        row = bare.count("\n", 0, call.start()) + 1
        fault = call_fault(call.group(1))
        if fault:
            yield row, fault
    outside = TAG.sub(lambda m: blank(m.group()), bare)
    for row, line in enumerate(outside.splitlines(), 1):
        if HANGUL.search(line) and NO_TWIN not in text.splitlines()[row - 1]:
            yield row, f"Hangul outside {{% t %}}: {line.strip()[:60]}"


def blank(tag: str) -> str:
    """What is left of a tag: nothing of `{% t %}` and comments; of others, their literals."""
    lines = "\n" * tag.count("\n")
    if re.match(r"\{%\s*t\s", tag) or tag.startswith("{#"):
        return lines
    return tag if HANGUL.search(tag) else lines


def call_fault(arguments: str) -> str | None:
    """What is wrong with the arguments of one `{% t %}`; halves may also be variables."""
    halves: list[str] = []
    rest = arguments
    for _ in range(2):
        literal = LITERAL.match(rest)
        if literal:
            halves.append(literal.group(1)[1:-1])
            rest = rest[literal.end() :]
            continue
        word = re.match(r"\s*([\w.|:]+)(?=\s|$)", rest)
        if not word or word.group(1) == "as":
            return "{% t %} needs a Korean and an English half"
        halves.append("")
        rest = rest[word.end() :]
    ko, en = halves
    if bool(ko.strip()) != bool(en.strip()) and not (ko == "" or en == ""):
        return "{% t %} with an empty half"
    if ko and en:
        return pair_fault(ko, en)
    return None


def pair_fault(ko: str, en: str) -> str | None:
    """What is wrong with two halves given as text."""
    if not ko.strip() or not en.strip():
        return "an empty half"
    if HANGUL.search(en):
        return f"Hangul in the English half: {en[:40]}"
    if set(PLACE.findall(ko)) != set(PLACE.findall(en)):
        return f"the halves have different places: {ko[:40]} / {en[:40]}"
    return None


def python_faults(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line, what is wrong) for the `T(…)` and `code(…)` calls of one module."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        name = node.func.id
        if name not in ("T", "code"):
            continue
        values = node.args[-2:] if name == "code" and len(node.args) == 4 else node.args[:2]
        halves = [v.value for v in values if isinstance(v, ast.Constant)]
        halves = [half for half in halves if isinstance(half, str)]
        if len(halves) == 2:
            counter = halves[1] == "" and len(halves[0]) <= 2  # 건, 곳: English counts without
            fault = None if counter else pair_fault(*halves)
            if fault:
                yield node.lineno, fault


def main() -> int:
    count = 0
    for path in sorted((ROOT / "src" / "dure").rglob("*")):
        if path.suffix == ".html":
            faults = template_faults(path.read_text())
        elif path.suffix == ".py":
            faults = python_faults(path.read_text())
        else:
            continue
        for row, fault in faults:
            count += 1
            print(f"{path.relative_to(ROOT)}:{row}: {fault}")
    print("texts: " + ("every word has its twin" if not count else f"{count} faults"))
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
