"""The words of Dure, read from the Terms table of each room's README."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOMS = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True, slots=True)
class Word:
    """One word in both languages, what it means, and the room that owns it."""

    ko: str
    en: str
    meaning_ko: str
    meaning_en: str
    room: str


def words_in(text: str, room: str) -> list[Word]:
    """Read the table below the heading `## Terms`; its columns are told by their heads.

    Known heads: en, ko, meaning, 뜻. A table with one column of meaning serves both languages.
    """
    words: list[Word] = []
    heads: list[str] = []
    inside = False
    for line in text.splitlines():
        if line.startswith("#"):
            inside = line.lstrip("#").strip().casefold().startswith("terms")
            heads = []
            continue
        if not inside or not line.startswith("|"):
            continue
        cells = [cell.strip().replace("`", "") for cell in line.strip().strip("|").split("|")]
        if not heads:
            heads = [cell.casefold() for cell in cells]
            continue
        if set("".join(cells)) <= set("-: "):
            continue
        row = dict(zip(heads, cells, strict=False))
        if row.get("ko") and row.get("en"):
            meaning = row.get("meaning", row.get("meaning (en)", ""))
            words.append(Word(row["ko"], row["en"], row.get("뜻", "") or meaning, meaning, room))
    return words


@lru_cache(maxsize=1)
def glossary() -> tuple[Word, ...]:
    """Give every word of every room, in Korean order; a word that two rooms tell stands once."""
    found: dict[str, Word] = {}
    for readme in sorted(ROOMS.glob("*/README.md")):
        for word in words_in(readme.read_text(encoding="utf-8"), readme.parent.name):
            found.setdefault(word.ko, word)
    return tuple(sorted(found.values(), key=lambda word: word.ko))
