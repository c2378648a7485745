"""How alike two short texts are, and how far two places lie apart.

Nouns
    gram   : two or three letters that stand beside each other, spaces and case left out
    corpus : the texts that a new one is compared with
Law
    The same text has likeness 1, texts without a common gram 0; the order of the corpus decides
    nothing but ties, where the earlier text comes first.
Source
    Character n-gram TF-IDF with cosine: Salton and Buckley 1988; weights ln((1+n)/(1+df)) + 1.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

EARTH_M = 6_371_008.8
PPM = 1_000_000


def grams(text: str) -> Counter[str]:
    """Count the two- and three-letter grams of a text in NFC, without spaces and case.

    >>> sorted(grams("가나 다").items())
    [('가나', 1), ('가나다', 1), ('나다', 1)]
    """
    letters = "".join(unicodedata.normalize("NFC", text).casefold().split())
    found: Counter[str] = Counter()
    for size in (2, 3):
        found.update(letters[at : at + size] for at in range(len(letters) - size + 1))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """Texts ready to be compared with.

    count    : number of texts
    postings : gram → ((text, weight), …); the weights of a text have length 1 (L2)
    rarity   : gram → inverse document frequency
    """

    count: int
    postings: dict[str, tuple[tuple[int, float], ...]]
    rarity: dict[str, float]


def corpus(texts: Sequence[str]) -> Corpus:
    """Weigh the grams of some texts.

    texts : n texts, n >= 0; an empty one is like nothing
    """
    counted = [grams(text) for text in texts]
    spread: Counter[str] = Counter()
    for one in counted:
        spread.update(one.keys())
    rarity = {gram: math.log((1 + len(texts)) / (1 + count)) + 1 for gram, count in spread.items()}
    postings: dict[str, list[tuple[int, float]]] = {}
    for number, one in enumerate(counted):
        for gram, weight in _unit(one, rarity, 1.0).items():
            postings.setdefault(gram, []).append((number, weight))
    return Corpus(len(texts), {gram: tuple(rows) for gram, rows in postings.items()}, rarity)


def likeness(text: str, against: Corpus) -> tuple[int, ...]:
    """How alike a text is to each text of a corpus, in parts per million.

    Returns n numbers, 0 ≤ x ≤ 1,000,000, rounded to the nearest. A gram that the corpus does not
    know weighs as the rarest one would.

    >>> likeness("골목 쉼터", corpus(["골목 쉼터", "도서관 책"]))
    (1000000, 0)
    """
    unknown = math.log(1 + against.count) + 1
    sums = [0.0] * against.count
    for gram, weight in _unit(grams(text), against.rarity, unknown).items():
        for number, other in against.postings.get(gram, ()):
            sums[number] += weight * other
    return tuple(min(PPM, round(PPM * one)) for one in sums)


def _unit(counted: Counter[str], rarity: dict[str, float], unknown: float) -> dict[str, float]:
    weights = {gram: count * rarity.get(gram, unknown) for gram, count in counted.items()}
    length = math.sqrt(math.fsum(weight * weight for weight in weights.values()))
    return {gram: weight / length for gram, weight in weights.items()} if length else {}


def metres_between(one: tuple[int, int], other: tuple[int, int]) -> int:
    """Metres between two points on a sphere, rounded down.

    one, other : (latitude, longitude) in 10^-5 degrees
    Source       haversine formula, mean earth radius 6,371,008.8 m (IUGG)

    >>> metres_between((3_756_600, 12_690_100), (3_757_600, 12_690_100))
    1111
    """
    lat_a, lon_a, lat_b, lon_b = (math.radians(v / 100_000) for v in (*one, *other))
    half = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return int(2 * EARTH_M * math.asin(min(1.0, math.sqrt(half))))
