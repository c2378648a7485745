"""What a Pabulib file of the past says, before anything of it is taken in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from dure.budgeting.past_files import dates_of, read_file
from dure.budgeting.words import BALLOTS
from dure.core import clock
from dure.core.text import T

SHOWN_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class PastProject:
    """A project of the file; `selected` as the file says, None where it says nothing."""

    code: str
    name: str
    cost_won: int
    votes: int
    selected: bool | None


@dataclass(frozen=True, slots=True)
class PastElection:
    """What was read. `rule_word` is the file's own word for its rule, never taken over.

    notes  : (line, sentence) of every difference and lenient reading; line 0 = the whole file
    shown  : the projects with most votes, at most SHOWN_MAX
    """

    title: str
    unit: str
    kind_text: T
    budget_won: int
    ballots: int
    empty_ballots: int
    projects: int
    begins: date
    ends: date
    rule_word: str
    selected: int | None
    notes: tuple[tuple[int, T], ...]
    shown: tuple[PastProject, ...]


def past_election(content: bytes) -> PastElection:
    """Read a file as the import would. Raises Refusal(BAD_FILE), by line or reason."""
    election = read_file(content)
    begins, ends = dates_of(election)
    is_told = any(one.selected is not None for one in election.projects)
    rows = [
        PastProject(one.id, one.name or one.id, int(one.cost), votes,
                    one.selected == 1 if is_told else None)
        for one, votes in zip(election.projects, election.votes(), strict=True)
    ]  # fmt: skip
    rows.sort(key=lambda row: (-row.votes, row.code))
    meta = election.meta
    return PastElection(
        title=meta.get("description", ""),
        unit=" ".join(meta[key] for key in ("unit", "subunit") if meta.get(key)),
        kind_text=BALLOTS[str(election.kind)],
        budget_won=int(election.budget),
        ballots=election.ballots.count,
        empty_ballots=int((np.diff(election.ballots.starts) == 0).sum()),
        projects=len(rows),
        begins=clock.kst_date(begins),
        ends=clock.kst_date(ends - timedelta(microseconds=1)),
        rule_word=meta.get("rule", ""),
        selected=sum(bool(row.selected) for row in rows) if is_told else None,
        notes=tuple((one.line, T(one.ko, one.en)) for one in election.notes),
        shown=tuple(rows[:SHOWN_MAX]),
    )
