"""Outcome (결과): what one rule made of one election, written so that anybody can replay it.

Nouns: payers, supporters who held the same money and paid the same; round, one project bought;
dropped, a project whose supporters can no longer pay for it; run, the rounds from one starting
money; completed run, one line of a completion that tries many starts; outcome, the final run
with what completed it.
Law: payments of a round sum to the cost of its winner; winners cost at most the budget; nothing
is left tied in silence: a round with more than one tied project names the step that decided.
Projects are indices into `Election.projects`; money is exact, in the currency of the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from dure.engines.canonical import sha256_hex
from dure.engines.pb.rules import Rule


class Ended(StrEnum):
    """Why a run bought nothing more."""

    UNAFFORDABLE = "unaffordable"  # no project left is covered by the money of its supporters
    ALL_WON = "all-won"  # every project that could win has won
    DOES_NOT_FIT = "does-not-fit"  # the next one passes the budget, and the rule does not skip
    CONSIDERED = "considered"  # every project was looked at once (rules that skip)


class Stopped(StrEnum):
    """Why a completion that tries many starts tried no further one."""

    EXHAUSTIVE = "exhaustive"  # no supported project outside still fits
    OVERSPENT = "overspent"  # the run costs more than the budget; the one before it is the outcome
    ALL_WON = "all-won"  # every supported project has won
    ALL_FIT = "all-fit"  # all projects together cost no more than the budget: one run is enough


@dataclass(frozen=True, slots=True)
class Payers:
    """Supporters of the winner who held `before` each and paid `payment` each.

    before  : money held before the round; for Phragmén the load carried before it
    count   : ballots, >= 1
    payment : money each of them pays; for Phragmén the load each of them takes on
    """

    before: Fraction
    count: int
    payment: Fraction


@dataclass(frozen=True, slots=True)
class Dropped:
    """A project that its supporters could no longer pay for, and the money they still held."""

    project: int
    behind: Fraction


@dataclass(frozen=True, slots=True)
class Round:
    """One project chosen.

    winner  : index of the project
    rate    : rho for equal shares, t for Phragmén, the score for greedy rules
    tied    : all projects with this rate, the winner among them, ascending
    by      : step of the tie chain that decided; None when nothing was tied
    payers  : classes of payers, ascending by (before, payment); empty for greedy rules. Supporters
              without money are a class too, with payment 0
    dropped : projects that were still affordable at the start of the round before and are not at
              the start of this one, ascending; equal shares only
    """

    winner: int
    rate: Fraction
    tied: tuple[int, ...]
    by: str | None = None
    payers: tuple[Payers, ...] = ()
    dropped: tuple[Dropped, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """The rounds from one start.

    start   : money each ballot begins with; None where the rule gives none
    rounds  : in order
    cost    : sum of the costs of the winners
    ended   : why nothing more was bought
    dropped : projects dropped after the last round, ascending
    """

    start: Fraction | None
    rounds: tuple[Round, ...]
    cost: Fraction
    ended: Ended
    dropped: tuple[Dropped, ...] = ()

    @property
    def winners(self) -> tuple[int, ...]:
        """Indices of the projects in the order chosen."""
        return tuple(step.winner for step in self.rounds)


@dataclass(frozen=True, slots=True)
class CompletedRun:
    """One try of a completion: the start, the hash of its winners in order, their cost."""

    start: Fraction
    hash: str
    cost: Fraction


@dataclass(frozen=True, slots=True)
class Comparison:
    """Equal shares beside greedy: ballots that approve more winners of the one than of the other.

    Greedy replaces equal shares only when strictly more ballots prefer it.
    """

    shares: tuple[int, ...]
    greedy: tuple[int, ...]
    prefer_shares: int
    prefer_greedy: int

    @property
    def is_replaced(self) -> bool:
        """True when greedy is the outcome."""
        return self.prefer_greedy > self.prefer_shares


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule made of an election.

    winners    : indices in the order chosen, completion included
    spent, left: sum of their costs, and the budget minus it
    final      : the run the outcome rests on
    after      : the run that ended a completion of many runs by costing too much, else None
    runs       : every run of such a completion in order, the final and the one after included
    stopped    : why it tried no further start; None without such a completion
    added      : rounds of greedy by score over what was left (completions that add projects)
    comparison : the comparison step, where the rule has one
    """

    rule: Rule
    winners: tuple[int, ...]
    spent: Fraction
    left: Fraction
    final: Run
    after: Run | None = None
    runs: tuple[CompletedRun, ...] = ()
    stopped: Stopped | None = None
    added: tuple[Round, ...] = ()
    comparison: Comparison | None = None


def winners_hash(ids: Sequence[str]) -> str:
    """Name a list of winners by its content: SHA-256 of the canonical JSON of the ids in order.

    ids     : project ids in the order chosen
    Returns 64 hexadecimal digits.

    >>> winners_hash(("A", "D"))[:16]
    '40777caf492d02e7'
    """
    return sha256_hex(list(ids))
