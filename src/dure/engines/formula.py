"""The small language in which a definition says what it counts in the journal.

Nouns: a *term* is a measure over facts of one label; a *formula* is terms joined by `+`.
Law: a formula reads integers of the journal and adds them; it knows no place, period or person.

    count repair.attempt outcome=fixed|repairable + count reuse.handover

`count` adds signs (+1, −1 for a reversal), `qty` adds sign × quantity, `gco2e` adds sign × grams
of CO2 equivalent, `factored` adds signs of the facts that carry a factor. `count_until` and
`qty_until` add everything up to the end of the period, from the first fact of the journal on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

UNTIL = ("count_until", "qty_until")
MEASURES = ("count", "qty", "gco2e", "factored", *UNTIL)
_LABEL = re.compile(r"[a-z]+(\.[a-z_]+)+\Z")
_CONDITION = re.compile(r"([a-z_]+)=([a-z0-9_./-]+(?:\|[a-z0-9_./-]+)*)\Z")


class NotAFormula(ValueError):
    """Text that the language does not know; the message names the part."""


@dataclass(frozen=True, slots=True)
class Term:
    """One measure over the facts of one label, narrowed by closed values of its dims."""

    measure: str
    label: str
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def takes(self, label: str, dims: Mapping[str, str]) -> bool:
        """Tell whether a fact of this label with these dims belongs to the term.

        >>> parse("count a.b outcome=x|y")[0].takes("a.b", {"outcome": "y"})
        True
        """
        return label == self.label and all(dims.get(key, "") in good for key, good in self.where)


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over a group of facts that share label and dims: all int."""

    count: int
    qty: int
    gco2e: int
    factored: int


def parse(text: str) -> tuple[Term, ...]:
    """Read a formula.

    text    : terms joined by ` + `; each `measure label [key=value|value …]`
    Returns   one Term a part, in the order written.
    Raises    NotAFormula naming the part that is not understood.

    >>> parse("gco2e repair.fixed")
    (Term(measure='gco2e', label='repair.fixed', where=()),)
    """
    return tuple(_term(part) for part in text.split(" + "))


def _term(part: str) -> Term:
    words = part.split()
    if len(words) < 2 or words[0] not in MEASURES or not _LABEL.match(words[1]):
        raise NotAFormula(part)
    where = []
    for word in words[2:]:
        found = _CONDITION.match(word)
        if found is None:
            raise NotAFormula(part)
        where.append((found.group(1), tuple(found.group(2).split("|"))))
    return Term(words[0], words[1], tuple(where))


def labels(*formulas: str) -> tuple[str, ...]:
    """Return the labels that the formulas read, sorted, each once.

    >>> labels("count b.c + count a.b", "qty a.b")
    ('a.b', 'b.c')
    """
    return tuple(sorted({term.label for text in formulas if text for term in parse(text)}))


def is_until(*formulas: str) -> bool:
    """Tell whether the formulas add everything up to the end of a period.

    Raises    NotAFormula when some terms do and others do not: such a sum has no meaning.

    >>> is_until("qty_until budget.spent", "qty_until budget.awarded"), is_until("count a.b")
    (True, False)
    """
    terms = [term for text in formulas if text for term in parse(text)]
    found = {term.measure in UNTIL for term in terms}
    if len(found) > 1:
        raise NotAFormula(" + ".join(text for text in formulas if text))
    return found == {True}


def evaluate(formula: Iterable[Term], groups: Iterable[tuple[str, Mapping[str, str], Sums]]) -> int:
    """Add up what the terms take from groups of facts.

    groups  : (label, dims, sums) of facts that share label and dims
    Returns   int, the sum over all terms; a fact that two terms take counts twice.

    >>> group = ("repair.fixed", {"outcome": "fixed"}, Sums(2, 2, 0, 0))
    >>> evaluate(parse("count repair.fixed"), [group])
    2
    """
    held = list(groups)
    return sum(
        getattr(sums, term.measure)
        for term in formula
        for label, dims, sums in held
        if term.takes(label, dims)
    )
