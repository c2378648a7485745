"""What a command answers: words for people, one JSON object for programmes, and an exit code that
holds.

Law: 0 only when what the command says holds; 1 for a refusal with its reasons; 2 for wrong use.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field

from dure.core.catalogue import to_plain
from dure.core.errors import Refusal

DONE, REFUSED, WRONG_USE = 0, 1, 2


@dataclass(slots=True)
class Answer:
    """The answer of one command. `facts` is what programmes read, `lines` what people read."""

    ok: bool = True
    facts: dict[str, object] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    refusals: list[dict[str, object]] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.lines.append(text)

    def refuse(self, code: str, ko: str, en: str, **fields: object) -> None:
        """Add one reason for a no; the command then exits with 1."""
        self.ok = False
        self.refusals.append({"code": code, "ko": ko, "en": en, **fields})

    def refused_by(self, refusal: Refusal) -> None:
        """Add an action's refusal, with the fields at fault."""
        details = [{"field": name, "ko": text.ko, "en": text.en} for name, text in refusal.details]
        extra: dict[str, object] = {"details": details} if details else {}
        self.refuse(refusal.name, refusal.sentence("ko"), refusal.sentence("en"), **extra)

    def show(self, *, as_json: bool) -> int:
        """Print the answer and return the exit code."""
        if as_json:
            told = {"ok": self.ok, **{name: _told(value) for name, value in self.facts.items()}}
            if self.refusals:
                told["refusals"] = self.refusals
            print(json.dumps(told, ensure_ascii=False))
        else:
            for text in self.lines:
                print(text)
            for reason in self.refusals:
                print(f"{reason['ko']}\n{reason['en']}", file=sys.stderr)
        return DONE if self.ok else REFUSED


def _told(value: object) -> object:
    """The JSON form; measured seconds stay numbers."""
    if isinstance(value, float):
        return value
    if isinstance(value, dict):
        return {str(name): _told(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_told(one) for one in value]
    return to_plain(value)
