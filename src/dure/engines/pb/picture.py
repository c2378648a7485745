"""A picture of an outcome (그림): a bar per project, the budget as a line, as SVG.

Law
    Bars of winners stand in the order chosen and fill the budget from the left; the others follow
    below, by votes. Lengths are rounded for the eye alone; the text carries the exact money.
Source
    Budgeting design, *table and picture*.
"""

from __future__ import annotations

from fractions import Fraction
from html import escape
from typing import Final

from dure.engines.pb.election import Election
from dure.engines.pb.outcome import Outcome
from dure.engines.pb.pabulib_writing import NotWritable, decimal_text
from dure.engines.pb.tally import label

WIDTH: Final = 960
LEFT: Final = 300
BAR: Final = 22
STEP: Final = 30
TOP: Final = 84
SHOWN_MAX: Final = 400
WON: Final = "#0b5cad"
LOST: Final = "#8a94a0"
LINE: Final = "#c22e1f"


def money(amount: Fraction) -> str:
    """Write money in full: thousands parted, decimals only where there are some.

    >>> money(Fraction(1234567)), money(Fraction(5, 2)), money(Fraction(10, 3))
    ('1,234,567', '2.5', '10/3')
    """
    try:
        text = decimal_text(amount)
    except NotWritable:
        return f"{amount.numerator}/{amount.denominator}"
    whole, point, part = text.partition(".")
    return f"{int(whole):,}{point}{part}"


def picture(election: Election, outcome: Outcome, *, title: str = "") -> str:
    """Draw an outcome as an SVG document.

    title   : what stands above; the rule's name and the sums are always told
    Returns the SVG text, no script and no outside reference; at most 400 bars, the rest counted
    """
    votes = election.votes()
    title = "".join(letter for letter in title if letter.isprintable())
    won = list(outcome.winners)
    others = sorted(
        set(range(len(election.projects))) - set(won),
        key=lambda at: (-votes[at], election.projects[at].id),
    )
    shown = (won + others)[:SHOWN_MAX]
    hidden = len(won) + len(others) - len(shown)
    height = TOP + STEP * len(shown) + 40
    widest = max([election.budget, *(election.projects[at].cost for at in shown)], default=None)
    scale = Fraction(WIDTH - LEFT - 130) / widest if widest else Fraction(0)
    budget_x = LEFT + round(election.budget * scale)
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
            f'aria-labelledby="t d" font-family="sans-serif" font-size="13">'
        ),
        f'<title id="t">{escape(title or label(outcome.rule))}</title>',
        f'<desc id="d">{escape(_told(election, outcome))}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        f'<text x="12" y="26" font-size="18" font-weight="bold">{escape(title)}</text>',
        f'<text x="12" y="50">{escape(_told(election, outcome))}</text>',
    ]
    filled = Fraction(0)
    for row, at in enumerate(shown):
        project = election.projects[at]
        top = TOP + STEP * row
        is_won = row < len(won)
        begin = LEFT + round(filled * scale) if is_won else LEFT
        length = max(round(project.cost * scale), 1)
        mark = f"{row + 1}. " if is_won else ""
        name = f"{mark}{project.name or project.id}"
        lines.append(
            f'<text x="{LEFT - 10}" y="{top + 16}" text-anchor="end">{escape(_short(name))}</text>'
            f'<rect x="{begin}" y="{top}" width="{length}" height="{BAR}" rx="2" '
            f'fill="{WON if is_won else LOST}"><title>{escape(_short(project.id))}: '
            f"{money(project.cost)}, {votes[at]}</title></rect>"
            f'<text x="{begin + length + 6}" y="{top + 16}" fill="#333">'
            f"{money(project.cost)} · {votes[at]}표</text>"
        )
        filled += project.cost if is_won else 0
    bottom = TOP + STEP * len(shown)
    lines.append(
        f'<line x1="{budget_x}" y1="{TOP - 14}" x2="{budget_x}" y2="{bottom}" stroke="{LINE}" '
        f'stroke-width="2" stroke-dasharray="6 4"/>'
        f'<text x="{budget_x}" y="{TOP - 18}" text-anchor="end" fill="{LINE}">'
        f"예산 Budget {money(election.budget)}</text>"
    )
    if hidden:
        lines.append(f'<text x="12" y="{bottom + 24}">+ {hidden}</text>')
    return "\n".join([*lines, "</svg>", ""])


def _told(election: Election, outcome: Outcome) -> str:
    currency = election.meta.get("currency", "")
    return (
        f"{label(outcome.rule)}: {len(outcome.winners)} / {len(election.projects)} · "
        f"{money(outcome.spent)} / {money(election.budget)} {currency} · "
        f"{election.ballots.count:,}표"
    )


def _short(text: str) -> str:
    """At most about 38 half-width columns, no control characters."""
    used, kept = 0, ""
    for letter in " ".join(text.split()):
        if not letter.isprintable():
            continue
        used += 20 if ord(letter) > 0x1100 else 14 if letter.isupper() else 10
        if used > 390:
            return kept + "…"
        kept += letter
    return kept
