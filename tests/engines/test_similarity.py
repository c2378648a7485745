"""Likeness of texts against a slow plain twin, and its laws."""

from __future__ import annotations

import math
import random
import unicodedata

import pytest

from dure.engines.similarity import corpus, grams, likeness, metres_between

TEXTS = (
    "골목에 앉을 쉼터를 만들어 주세요",
    "골목 쉼터가 필요해요. 앉을 곳이 없습니다",
    "작은 도서관에 어린이 책을 더 놓아 주세요",
    "Bicycle racks at the station",
    "",
)


def twin(text: str, texts: tuple[str, ...]) -> list[int]:
    """The same by dense vectors over all grams, one after the other."""
    known = sorted({gram for one in texts for gram in grams(one)})
    spread = {gram: sum(gram in grams(one) for one in texts) for gram in known}

    def weight(gram: str) -> float:
        return math.log((1 + len(texts)) / (1 + spread.get(gram, 0))) + 1

    def vector(one: str, axes: list[str]) -> list[float]:
        counted = grams(one)
        return [counted[gram] * weight(gram) for gram in axes]

    axes = sorted({*known, *grams(text)})
    mine = vector(text, axes)
    found = []
    for one in texts:
        other = vector(one, axes)
        dot = math.fsum(a * b for a, b in zip(mine, other, strict=True))
        length = math.sqrt(math.fsum(a * a for a in mine)) * math.sqrt(
            math.fsum(b * b for b in other)
        )
        found.append(round(1_000_000 * dot / length) if length else 0)
    return found


@pytest.mark.parametrize(
    "text", ["골목 쉼터 의자", "어린이 도서관", "BICYCLE racks", "가", "없는 말"]
)
def test_agrees_with_the_plain_twin(text: str) -> None:
    fast = likeness(text, corpus(TEXTS))
    assert all(abs(a - b) <= 1 for a, b in zip(fast, twin(text, TEXTS), strict=True))


def test_agrees_on_random_texts() -> None:
    chance = random.Random(7)
    letters = "가나다라마바 "
    texts = tuple(
        "".join(chance.choice(letters) for _ in range(chance.randrange(30))) for _ in range(40)
    )
    for _ in range(30):
        text = "".join(chance.choice(letters) for _ in range(chance.randrange(30)))
        fast = likeness(text, corpus(texts))
        assert all(abs(a - b) <= 1 for a, b in zip(fast, twin(text, texts), strict=True))


def test_the_same_text_is_wholly_alike_in_either_unicode_form() -> None:
    text = TEXTS[0]
    found = likeness(unicodedata.normalize("NFD", text), corpus(TEXTS))
    assert found[0] == 1_000_000


def test_the_nearer_idea_comes_first() -> None:
    found = likeness("골목에 쉼터를 만들어요", corpus(TEXTS))
    assert found.index(max(found)) == 0
    assert found[2] < 180_000 < found[0]


def test_nothing_in_common_is_nothing_alike() -> None:
    assert likeness("전혀", corpus(("다른 글",))) == (0,)
    assert likeness("글", corpus(())) == ()


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        ((3_756_650, 12_697_800), (3_756_650, 12_697_800), 0),
        ((0, 0), (0, 100_000), 111_195),
        ((3_756_600, 12_690_100), (3_757_600, 12_690_100), 1_111),
    ],
)
def test_distance(one: tuple[int, int], other: tuple[int, int], metres: int) -> None:
    assert metres_between(one, other) == metres
    assert metres_between(other, one) == metres
