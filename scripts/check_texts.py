"""Find words that stand in one language only.

In templates: Hangul outside `{% t %}`, a `{% t %}` with a missing half, an English half with
Hangul in it, named places that differ between the halves or from the values given. In Python: the
same for `T(…)`, and for the `ko`/`en` arguments of actions, facts, refusal codes and menu entries.

    python scripts/check_texts.py [FOLDER]      prints each fault with its line; exits 1 on one
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "src"
HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
TAG = re.compile(r"{%\s*t\s+(.*?)\s*%}", re.DOTALL)
COMMENT = re.compile(r"{#.*?#}|{%\s*comment\s*%}.*?{%\s*endcomment\s*%}|<!--.*?-->", re.DOTALL)
WORD = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\S+")
VALUE = re.compile(r"^(\w+)=")
PLACE = re.compile(r"%\((\w+)\)")
PAIRED = {"T": (0, 1), "code": (2, 3), "Entry": (1, 2), "report": (0, 1)}

COUNTER_MAX = 2  # a counter such as 건 has no English word

Fault = tuple[int, str]


def literal(word: str) -> str | None:
    """Give the text of a quoted word; None when it is a variable."""
    return word[1:-1] if word[:1] in "\"'" and len(word) > 1 and word[-1] == word[0] else None


def halves_at_fault(ko: str | None, en: str | None, values: set[str] | None) -> Iterator[str]:
    """Tell what is wrong with two halves; a half that is not a literal is not judged."""
    if ko is not None and not ko.strip() and (en is None or en.strip()):
        yield "the Korean half is empty"
    if en is not None and not en.strip() and len((ko or "").strip()) > COUNTER_MAX:
        yield "the English half is empty"
    if en is not None and HANGUL.search(en):
        yield "Hangul in the English half"
    if ko is None or en is None:
        return
    left, right = set(PLACE.findall(ko)), set(PLACE.findall(en))
    if left != right:
        yield f"places differ: {sorted(left)} and {sorted(right)}"
    elif values is not None and values != left:
        yield f"values {sorted(values)} for places {sorted(left)}"


def blanked(text: str, pattern: re.Pattern[str]) -> str:
    """Put spaces in place of what matches, line breaks kept."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def template_faults(text: str) -> list[Fault]:
    """Find the faults of one template with their lines."""
    text = blanked(text, COMMENT)
    faults: list[Fault] = []
    for found in TAG.finditer(text):
        at = text.count("\n", 0, found.start()) + 1
        words = WORD.findall(found.group(1))
        if "as" in words:
            words = words[: words.index("as")]
        given = [word for word in words if not VALUE.match(word)]
        values = {str(VALUE.match(word)[1]) for word in words if VALUE.match(word)}  # type: ignore[index]
        if len(given) != 2:
            faults.append((at, f"{{% t %}} takes two halves, not {len(given)}"))
            continue
        half = [literal(word) for word in given]
        literals = half[0] is not None and half[1] is not None
        faults += [
            (at, why) for why in halves_at_fault(half[0], half[1], values if literals else None)
        ]
    outside = blanked(text, TAG)
    faults += [
        (number, f"Hangul outside {{% t %}}: {line.strip()[:60]}")
        for number, line in enumerate(outside.splitlines(), start=1)
        if HANGUL.search(line)
    ]
    return sorted(faults)


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def python_faults(text: str) -> list[Fault]:
    """Find the faults of one module with their lines."""
    faults: list[Fault] = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        if "ko" in named or "en" in named:
            ko, en = _text(named.get("ko")), _text(named.get("en"))
            if ("ko" in named) != ("en" in named) and name != "T":
                faults.append((node.lineno, f"{name} has one half only"))
        elif name in PAIRED and len(node.args) > PAIRED[name][1]:
            ko, en = _text(node.args[PAIRED[name][0]]), _text(node.args[PAIRED[name][1]])
        else:
            continue
        faults += [(node.lineno, why) for why in halves_at_fault(ko, en, None)]
    return sorted(faults)


def faults_below(folder: Path) -> list[str]:
    """Find the faults of every template and module below a folder, as `file:line: what`."""
    told = []
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".html":
            found = template_faults(path.read_text(encoding="utf-8"))
        elif path.suffix == ".py" and "migrations" not in path.parts:
            found = python_faults(path.read_text(encoding="utf-8"))
        else:
            continue
        told += [f"{path.relative_to(folder)}:{line}: {why}" for line, why in found]
    return told


def main(arguments: list[str]) -> int:
    """Print the faults; exit 1 when there is one."""
    folder = Path(arguments[0]) if arguments else SOURCE
    told = faults_below(folder)
    for one in told:
        print(one, file=sys.stderr)
    return 1 if told else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
