"""Types of bodies, and the rule of counting as it is stored and handed to the engine."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from dure.core.errors import Refusal
from dure.core.text import T
from dure.core.types import CodeText, IsoInstant, Line, Name, Part, UuidText, Won
from dure.engines.pb import rules as pb

from .errors import BudgetCode

Ppm = Annotated[int, Field(ge=0, le=1_000_000)]
Small = Annotated[int, Field(ge=1, le=1_000)]
Marks = Annotated[int, Field(ge=0, le=1_000)]
Points = Annotated[int, Field(ge=1, le=1_000_000)]
Year = Annotated[int, Field(ge=2000, le=2200)]
LatitudeE5 = Annotated[int, Field(ge=3_300_000, le=4_300_000)]
LongitudeE5 = Annotated[int, Field(ge=12_400_000, le=13_200_000)]
Shown = Annotated[str, Field(max_length=40)]
BallotKind = Literal["approval", "choose-1", "cumulative", "ordinal", "knapsack"]
PhaseKind = Literal["proposing", "reviewing", "listing", "voting", "counting"]
ReviewKindText = Literal["legality", "feasibility", "cost"]


class WeightIn(Part):
    """A part of a hybrid score: what is measured, its weight, how it is made comparable."""

    measure: CodeText
    ppm: Ppm
    norm: Literal["share-of-max", "share-of-total", "rank", "raw"]


class RuleIn(Part):
    """A rule of counting with every parameter it needs; what is missing is refused.

    step_won       : money added per ballot by add1
    threshold      : least score that stays in, for greedy-threshold; or as a share of ballots
    order          : codes of projects for the tie step `list`
    """

    name: Literal[
        "greedy", "greedy-no-skip", "greedy-threshold", "density", "mes", "phragmen", "scores"
    ]
    satisfaction: Literal["cost", "cardinality", "points", "borda"] | None = None
    completion: Literal["none", "add1", "utilitarian", "comparison", "exhaustive"] = "none"
    step_won: Won | None = None
    start: Literal["exact", "floor"] | None = None
    stop: Literal["exhaustive", "overspend"] | None = None
    threshold: Annotated[int, Field(ge=0, le=10**9)] | None = None
    threshold_share_ppm: Ppm | None = None
    ties: Annotated[tuple[CodeText, ...], Field(min_length=1, max_length=7, strict=False)]
    order: Annotated[tuple[Line, ...], Field(max_length=1_000, strict=False)] = ()
    weights: Annotated[tuple[WeightIn, ...], Field(max_length=6, strict=False)] = ()


class PhaseIn(Part):
    """One phase and its half-open dates."""

    kind: PhaseKind
    begins: IsoInstant
    ends: IsoInstant


class EnvelopeIn(Part):
    """Money for one part of the ballot; `part` = the dong whose people vote on it."""

    code: CodeText
    name: Name
    name_en: Line | None = None
    amount_won: Won
    part: CodeText | None = None


class FieldIn(Part):
    """A field of work with its caps."""

    code: CodeText
    name: Name
    name_en: Line | None = None
    marks_max: Small | None = None
    amount_max_won: Won | None = None


class BallotIn(Part):
    """How people vote, with the limits of a ballot."""

    kind: BallotKind
    marks_min: Marks = 0
    marks_max: Small | None = None
    points_max: Points | None = None
    points_sum: Points | None = None
    spend_max_won: Won | None = None


class PhotoIn(Part):
    """An uploaded photo with what it shows."""

    upload_id: UuidText
    alt: Line


def to_json(rule: RuleIn) -> dict[str, object]:
    """The rule as it is stored and hashed."""
    return rule.model_dump(mode="json")


def checked(rule: RuleIn) -> RuleIn:
    """The same rule when the engine takes it. Raises Refusal(BAD_RULE) naming what is wrong."""
    engine_rule(to_json(rule), seed=b"\0", call="check")
    return rule


def engine_rule(
    stored: Mapping[str, object],
    *,
    seed: bytes,
    call: str,
    caps: tuple[tuple[str, Fraction], ...] = (),
) -> pb.Rule:
    """The stored rule as the engine knows it.

    seed : of the lot; not empty. call : the call's id, mixed into the lot
    caps : money that may be won in a field, by its code
    Raises Refusal(BAD_RULE) with the engine's own sentence
    """
    given = RuleIn.model_validate(dict(stored))
    if given.threshold is not None and given.threshold_share_ppm is not None:
        why = T(
            "최저 표수와 최저 표 비율 가운데 하나만 정해 주세요.",
            "give a least number of votes or a least share, not both.",
        )
        raise Refusal(BudgetCode.BAD_RULE, field="rule", why=why)
    try:
        return pb.Rule(
            name=pb.Name(given.name),
            satisfaction=pb.Satisfaction(given.satisfaction) if given.satisfaction else None,
            completion=pb.Completion(given.completion),
            step=Fraction(given.step_won) if given.step_won is not None else None,
            start=pb.Start(given.start) if given.start else None,
            stop=pb.Stop(given.stop) if given.stop else None,
            threshold=_threshold(given),
            share=given.threshold_share_ppm is not None,
            ties=given.ties,
            seed=seed if "lot" in given.ties else None,
            call=call if "lot" in given.ties else "",
            order=given.order,
            weights=tuple(pb.Weight(w.measure, w.ppm, pb.Norm(w.norm)) for w in given.weights),
            caps=caps,
        )
    except pb.RuleError as error:
        why = T(error.ko, error.en)
        raise Refusal(BudgetCode.BAD_RULE, field="rule", why=why) from None


def _threshold(given: RuleIn) -> Fraction | None:
    if given.threshold_share_ppm is not None:
        return Fraction(given.threshold_share_ppm, 1_000_000)
    return Fraction(given.threshold) if given.threshold is not None else None
