"""Counting (개표): the ballots of a call as elections of the engine, one an envelope.

Nouns: part (재원 하나를 규칙 하나로 센 것), beside (나란히 보이는 다른 규칙).
Law: n is the number of ballots that could vote on the envelope, empty ones included; what is left
of a part's money goes where the call says; a result names everything it was made of.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction

import numpy as np
from django.db.models import Count, QuerySet

from dure.core import clock
from dure.core.errors import Refusal
from dure.core.text import T
from dure.engines.pb import election as pb
from dure.engines.pb.outcome import Outcome
from dure.engines.pb.rules import Name, Rule, RuleError
from dure.engines.pb.tally import label, plain_rules, tally
from dure.registry.vault import draw_seeds

from .errors import BudgetCode
from .models import Call, Envelope, MoneyBallot, Project, ProjectLink
from .types import engine_rule

MOMENT = timedelta(microseconds=1)  # a vote that ends at midnight ends on the day before
KINDS = {
    Call.Ballot.APPROVAL: pb.BallotKind.APPROVAL,
    Call.Ballot.KNAPSACK: pb.BallotKind.APPROVAL,
    Call.Ballot.CHOOSE_1: pb.BallotKind.CHOOSE_1,
    Call.Ballot.CUMULATIVE: pb.BallotKind.CUMULATIVE,
    Call.Ballot.ORDINAL: pb.BallotKind.ORDINAL,
}
LIMITS = {
    "min_length": "marks_min",
    "max_length": "marks_max",
    "max_points": "points_max",
    "max_sum_points": "points_sum",
    "max_sum_cost": "spend_max_won",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One envelope counted by one rule."""

    envelope: Envelope
    rule_name: str
    is_official: bool
    election: pb.Election
    outcome: Outcome

    @property
    def winners(self) -> list[str]:
        """Codes in the order chosen."""
        return [self.election.projects[at].id for at in self.outcome.winners]


def seed_of(call: Call) -> bytes:
    """The seed that the call committed to. Raises Refusal(NOT_READY) when its key is gone."""
    for seed in draw_seeds(f"budgeting.call:{call.id}"):
        if hashlib.sha256(seed).hexdigest() == call.seed_commit:
            return seed
    raise Refusal(
        BudgetCode.NOT_READY,
        why=T("추첨 씨앗의 열쇠를 찾지 못했습니다.", "the key of the lot's seed was not found."),
    )


def lot_of(seed: bytes, public_value: str) -> bytes:
    """The seed of the lot: what was committed to, mixed with a value nobody knew at the freeze.

    Source: budgeting design, *Tie chain*; SHA-256 over both.
    """
    return hashlib.sha256(seed + public_value.encode("utf-8")).digest()


def official_rule(call: Call, lot: bytes) -> Rule:
    """The call's own rule as the engine takes it. Raises Refusal(BAD_RULE)."""
    caps = tuple(
        (code, Fraction(won))
        for code, won in call.fields.order_by("code").values_list("code", "amount_max_won")
        if won is not None
    )
    return engine_rule(call.rule, seed=lot, call=str(call.id), caps=caps)


def counted(
    call: Call,
    lot: bytes,
    report: Callable[[int, int], None] = lambda done, total: None,
    *,
    take: Callable[[Call, Envelope], pb.Election] | None = None,
    is_beside: bool = True,
) -> Iterator[Part]:
    """Count every envelope by the call's rule and, unless told otherwise, the plain rules beside.

    Parts of dongs come first, so that what they leave can go to the whole. `report` is told
    (parts counted, parts in all); `take` gives the ballots where the stored ones are not meant.
    Raises Refusal(BAD_RULE).
    """
    official = official_rule(call, lot)
    envelopes = sorted(call.envelopes.all(), key=lambda one: (one.part == "", one.position))
    left = Fraction(0)
    for done, envelope in enumerate(envelopes, 1):
        given = (take or election_of)(call, envelope)
        if envelope.part == "" and call.leftover == Call.Leftover.TO_CITY:
            given, left = replace(given, budget=given.budget + left), Fraction(0)
        rules = [official, *(_beside(given, official) if is_beside else ())]
        for rule in rules:
            try:
                outcome = tally(given, rule)
            except RuleError as error:
                raise Refusal(BudgetCode.BAD_RULE, why=T(error.ko, error.en)) from None
            if rule is official and envelope.part != "":
                left += outcome.left
            yield Part(envelope, label(rule), rule is official, given, outcome)
        report(done, len(envelopes))


def _beside(election: pb.Election, official: Rule) -> Iterator[Rule]:
    """The other rules shown beside the official one, with the same tie chain.

    Equal shares have nothing to share out where nobody voted; they are left out there.
    """
    for rule in plain_rules(election):
        if rule.name is Name.MES and not election.ballots.count:
            continue
        asked = replace(
            rule,
            ties=official.ties,
            seed=official.seed,
            call=official.call,
            order=official.order,
        )
        if label(asked) != label(official):
            yield asked


def election_of(call: Call, envelope: Envelope) -> pb.Election:
    """The ballots on one envelope as the engine takes them, with META for a Pabulib file."""
    projects = list(
        Project.rows.filter(call=call, envelope=envelope, is_dropped=False)
        .select_related("field")
        .order_by("code")
    )
    place = {one.code: at for at, one in enumerate(projects)}
    index = {one.id: at for at, one in enumerate(projects)}
    kind = KINDS[Call.Ballot(call.ballot_kind)]
    starts, items, points = [0], [], []
    rows = MoneyBallot.rows.filter(envelope=envelope).order_by("id")
    for chosen, given in rows.values_list("items", "points").iterator(chunk_size=5_000):
        marks = [(place[code], 1 if given is None else given[at]) for at, code in enumerate(chosen)]
        if kind is not pb.BallotKind.ORDINAL:
            marks.sort()
        items += [at for at, _ in marks]
        points += [n for _, n in marks]
        starts.append(len(items))
    links = {
        wanted: tuple(
            (index[one.project_id], index[one.other_id])
            for one in ProjectLink.rows.filter(call=call, kind=wanted).order_by("id")
            if one.project_id in index and one.other_id in index
        )
        for wanted in (ProjectLink.Kind.REQUIRES, ProjectLink.Kind.EXCLUDES)
    }
    return pb.Election(
        projects=tuple(
            pb.Project(
                one.code,
                Fraction(one.cost_won),
                one.name,
                (one.field.code,) if one.field else (),
                (),
                one.received,
            )
            for one in projects
        ),
        budget=Fraction(envelope.amount_won),
        kind=kind,
        ballots=pb.Ballots(
            np.array(starts, dtype=np.int64),
            np.array(items, dtype=np.int32),
            np.array(points, dtype=np.int64) if kind in pb.HAS_POINTS else None,
        ),
        meta=_meta(call, envelope),
        requires=links[ProjectLink.Kind.REQUIRES],
        excludes=links[ProjectLink.Kind.EXCLUDES],
    )


def _meta(call: Call, envelope: Envelope) -> dict[str, str]:
    """META of the Pabulib file."""
    voting = call.phases.filter(kind="voting").first()
    told = {
        "description": f"{call.title} {envelope.name}",
        "country": "South Korea",
        "unit": call.district.name,
        "subunit": envelope.name,
        "instance": str(call.year),
        "rule": str(call.rule["name"]),
        "currency": "KRW",
    }
    if voting is not None:
        told["date_begin"] = clock.kst_date(voting.during.lower).strftime("%d.%m.%Y")
        told["date_end"] = clock.kst_date(voting.during.upper - MOMENT).strftime("%d.%m.%Y")
    for key, column in LIMITS.items():
        limit = getattr(call, column)
        if limit:
            told[key] = str(limit)
    return told


def voters(rows: QuerySet[MoneyBallot], channel: str) -> int:
    """How many people's ballots were counted on one way of voting: on each envelope of the whole
    there is one of everybody; where there is none, each person has one part.
    """
    by_envelope = (
        rows.filter(channel=channel).values("envelope__part", "envelope").annotate(n=Count("id"))
    )
    whole = [row["n"] for row in by_envelope if row["envelope__part"] == ""]
    return max(whole) if whole else sum(row["n"] for row in by_envelope)
