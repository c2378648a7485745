"""A rule of counting with every parameter it needs, and the refusal of a half-named one.

Nouns
    rule         : how winners are found; its name and all its parameters
    satisfaction : what a voter gets from a project that was marked
    completion   : what is done when equal shares leave money unspent (보충)
Law
    A parameter that the rule needs and nobody gave is refused, never assumed; one that the rule
    does not know is refused as well. The tie chain ends in `lot` or `id`, so nothing stays tied.
Source
    Budgeting design, *The engine*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final


class Name(StrEnum):
    """Rules by name."""

    GREEDY = "greedy"
    GREEDY_NO_SKIP = "greedy-no-skip"
    GREEDY_THRESHOLD = "greedy-threshold"
    DENSITY = "density"
    MES = "mes"
    PHRAGMEN = "phragmen"
    SCORES = "scores"


class Satisfaction(StrEnum):
    """What a voter gets from a winner."""

    COST = "cost"
    CARDINALITY = "cardinality"
    POINTS = "points"
    BORDA = "borda"


class Completion(StrEnum):
    """What follows one run of equal shares."""

    NONE = "none"
    ADD1 = "add1"
    UTILITARIAN = "utilitarian"
    COMPARISON = "comparison"
    EXHAUSTIVE = "exhaustive"


class Start(StrEnum):
    """Money of a ballot in the first run: budget / n, or its whole part."""

    EXACT = "exact"
    FLOOR = "floor"


class Stop(StrEnum):
    """When add1 ends: no supported project fits any more, or a run costs more than the budget."""

    EXHAUSTIVE = "exhaustive"
    OVERSPEND = "overspend"


class Norm(StrEnum):
    """How a measure becomes comparable with another one."""

    SHARE_OF_MAX = "share-of-max"
    SHARE_OF_TOTAL = "share-of-total"
    RANK = "rank"
    RAW = "raw"


@dataclass(frozen=True, slots=True)
class Weight:
    """A part of a hybrid score: measure (`votes`, `points`, or one of the election's), parts per
    million, and how it is made comparable.
    """

    measure: str
    ppm: int
    norm: Norm


TIE_STEPS: Final = ("max_votes", "min_cost", "max_cost", "earliest_received", "list", "lot", "id")
GREEDY_NAMES: Final = frozenset(
    {Name.GREEDY, Name.GREEDY_NO_SKIP, Name.GREEDY_THRESHOLD, Name.DENSITY}
)
NEEDS_STEP: Final = frozenset({Completion.ADD1, Completion.EXHAUSTIVE})
# After add1, when a step is given; else after one plain run.
AFTER_ADD1: Final = frozenset({Completion.UTILITARIAN, Completion.COMPARISON})

REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "pb.satisfaction_missing": (
        "이 규칙에는 만족 척도(satisfaction)가 필요합니다: %(choices)s.",
        "This rule needs a satisfaction: %(choices)s.",
    ),
    "pb.satisfaction_unknown": (
        "이 규칙에는 만족 척도 %(given)s을(를) 쓸 수 없습니다. 쓸 수 있는 것: %(choices)s.",
        "This rule does not take the satisfaction %(given)s. It takes: %(choices)s.",
    ),
    "pb.greedy_or_density": (
        "표가 많은 순서면 satisfaction 없이(또는 cost로), 표 ÷ 비용 순서면 density 규칙을 쓰세요.",
        "For most votes give no satisfaction (or cost); for votes by cost use the rule density.",
    ),
    "pb.completion_unknown": (
        "보충은 균등지분법(mes)에만 있습니다.",
        "Only equal shares (mes) has a completion.",
    ),
    "pb.step_missing": (
        "add1에는 한 표당 늘릴 금액(step)이 필요합니다.",
        "add1 needs a step: the money added per ballot.",
    ),
    "pb.step_not_positive": ("step은 0보다 커야 합니다.", "The step must be above zero."),
    "pb.start_missing": (
        "add1에는 시작(start) exact 또는 floor가 필요합니다.",
        "add1 needs a start: exact or floor.",
    ),
    "pb.stop_missing": (
        "add1에는 멈춤(stop) exhaustive 또는 overspend가 필요합니다.",
        "add1 needs a stop: exhaustive or overspend.",
    ),
    "pb.add1_only": (
        "step, start, stop은 add1 보충에만 씁니다.",
        "Step, start and stop belong to the completion add1.",
    ),
    "pb.threshold_missing": (
        "greedy-threshold에는 최저 표수(threshold)가 필요합니다.",
        "greedy-threshold needs a threshold.",
    ),
    "pb.threshold_unknown": (
        "threshold는 greedy-threshold에만 씁니다.",
        "A threshold belongs to greedy-threshold alone.",
    ),
    "pb.threshold_negative": (
        "threshold는 0 이상이어야 합니다.",
        "The threshold must not be below zero.",
    ),
    "pb.ties_unknown": (
        "동점 처리 단계 %(step)s을(를) 모릅니다. 쓸 수 있는 것: %(choices)s.",
        "The tie step %(step)s is not known. Known are: %(choices)s.",
    ),
    "pb.ties_open": (
        "동점 처리는 lot(추첨) 또는 id로 끝나야 합니다.",
        "The tie chain must end in lot or id.",
    ),
    "pb.ties_repeated": (
        "동점 처리 단계가 두 번 적혔습니다.",
        "A step of the tie chain stands twice.",
    ),
    "pb.seed_missing": (
        "추첨(lot)에는 공개한 씨앗값(seed)과 공모 번호(call)가 필요합니다.",
        "The lot needs the published seed and the call.",
    ),
    "pb.order_missing": (
        "list 단계에는 사업 순서가 필요합니다.",
        "The tie step list needs an order of projects.",
    ),
    "pb.no_points": ("이 투표용지에는 점수가 없습니다.", "These ballots carry no points."),
    "pb.negative_points": (
        "0보다 작은 점수가 있어 이 규칙으로 셀 수 없습니다.",
        "Some points are below zero; this rule cannot count them.",
    ),
    "pb.points_too_large": (
        "한 사업이 받은 점수의 합이 너무 커서 정확히 셀 수 없습니다. 점수의 단위를 줄이세요.",
        "The points of a project sum to more than can be counted exactly; use a smaller unit.",
    ),
    "pb.step_too_small": (
        "step이 너무 작아 백만 번 넘게 다시 계산해야 합니다. 더 큰 step을 쓰세요.",
        "The step asks for more than a million runs; use a larger one.",
    ),
    "pb.too_many_runs": (
        "너무 여러 번 다시 세어야 합니다. 한 표당 늘릴 돈(step)을 크게 하거나 다른 보충을 쓰세요.",
        "This asks for too many runs to wait for; use a larger step or another completion.",
    ),
    "pb.no_ranks": ("이 투표용지에는 순위가 없습니다.", "These ballots carry no ranks."),
    "pb.no_ballots": (
        "투표용지가 한 장도 없어 균등지분법을 계산할 수 없습니다.",
        "There is no ballot, so no share can be given.",
    ),
    "pb.weights_missing": (
        "혼합 점수에는 가중치가 필요합니다.",
        "The hybrid score needs weights.",
    ),
    "pb.weights_sum": (
        "가중치의 합은 1,000,000이어야 합니다.",
        "The weights must sum to 1,000,000.",
    ),
    "pb.weights_unknown": (
        "가중치는 혼합 점수(scores)에만 씁니다.",
        "Weights belong to the rule scores alone.",
    ),
    "pb.measure_missing": (
        "척도 %(measure)s의 값이 없습니다.",
        "The election has no measure %(measure)s.",
    ),
    "pb.caps_unknown": (
        "분야별 한도는 다득표와 혼합 점수에만 씁니다.",
        "Caps per field belong to greedy and scores alone.",
    ),
    "pb.links_unknown": (
        "사업 사이의 관계(필요·배타)는 이 규칙에서 셀 수 없습니다.",
        "Links between projects cannot be counted by this rule.",
    ),
}


class RuleError(ValueError):
    """A rule that cannot be counted as it stands; `code`, and a sentence in both languages.

    >>> RuleError("pb.ties_open").en
    'The tie chain must end in lot or id.'
    """

    def __init__(self, code: str, **fields: str) -> None:
        ko, en = REASONS[code]
        self.code = code
        self.ko = ko % fields
        self.en = en % fields
        self.fields = fields
        super().__init__(self.en)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with all its parameters; made complete or not at all.

    satisfaction : equal shares need one. Greedy by votes takes none or `cost`, else `points` or
                   `borda` (an election with points or ranks must say which); density takes
                   `cardinality`, `points` or `borda`
    completion   : add1 needs step, start and stop; exhaustive needs step and start; utilitarian
                   and comparison follow add1 when all three are given, else one plain run
    step         : money per ballot added by add1, > 0
    threshold    : greedy-threshold alone: least score that stays in
    share        : True when `threshold` is a share of all ballots
    ties, seed, call, order : the chain, what the lot draws from, the explicit list of ids
    weights      : the hybrid score's parts; caps: (category, money) that may be won in it
    Raises         RuleError naming the parameter that is missing or too many.

    >>> Rule(Name.MES, Satisfaction.COST).completion.value
    'none'
    >>> Rule(Name.GREEDY_THRESHOLD)
    Traceback (most recent call last):
        ...
    dure.engines.pb.rules.RuleError: greedy-threshold needs a threshold.
    """

    name: Name
    satisfaction: Satisfaction | None = None
    completion: Completion = Completion.NONE
    step: Fraction | None = None
    start: Start | None = None
    stop: Stop | None = None
    threshold: Fraction | None = None
    share: bool = False
    ties: tuple[str, ...] = ("id",)
    seed: bytes | None = None
    call: str = ""
    order: tuple[str, ...] = ()
    weights: tuple[Weight, ...] = ()
    caps: tuple[tuple[str, Fraction], ...] = ()

    def __post_init__(self) -> None:
        _check_satisfaction(self)
        _check_completion(self)
        _check_threshold(self)
        _check_ties(self)
        _check_weights(self)


def _check_satisfaction(rule: Rule) -> None:
    given = rule.satisfaction
    takes: tuple[Satisfaction | None, ...]
    if rule.name is Name.MES:
        takes = tuple(Satisfaction)
    elif rule.name is Name.DENSITY:
        takes = (None, Satisfaction.CARDINALITY, Satisfaction.POINTS, Satisfaction.BORDA)
    elif rule.name in GREEDY_NAMES:
        takes = (None, Satisfaction.COST, Satisfaction.POINTS, Satisfaction.BORDA)
        if given is Satisfaction.CARDINALITY:
            raise RuleError("pb.greedy_or_density")
    else:
        takes = (None,)
    if given in takes:
        return
    choices = ", ".join(one.value for one in takes if one) or "-"
    if given is None:
        raise RuleError("pb.satisfaction_missing", choices=choices)
    raise RuleError("pb.satisfaction_unknown", given=given.value, choices=choices)


def _check_completion(rule: Rule) -> None:
    if rule.completion is not Completion.NONE and rule.name is not Name.MES:
        raise RuleError("pb.completion_unknown")
    if rule.completion not in NEEDS_STEP:
        if rule.step is None and rule.start is None and rule.stop is None:
            return
        if rule.completion not in AFTER_ADD1:
            raise RuleError("pb.add1_only")
    if rule.step is None:
        raise RuleError("pb.step_missing")
    if rule.step <= 0:
        raise RuleError("pb.step_not_positive")
    if rule.start is None:
        raise RuleError("pb.start_missing")
    if rule.completion is Completion.EXHAUSTIVE:
        if rule.stop not in (None, Stop.EXHAUSTIVE):
            raise RuleError("pb.add1_only")
    elif rule.stop is None:
        raise RuleError("pb.stop_missing")


def _check_threshold(rule: Rule) -> None:
    if rule.name is not Name.GREEDY_THRESHOLD:
        if rule.threshold is not None:
            raise RuleError("pb.threshold_unknown")
    elif rule.threshold is None:
        raise RuleError("pb.threshold_missing")
    elif rule.threshold < 0:
        raise RuleError("pb.threshold_negative")


def _check_ties(rule: Rule) -> None:
    for step in rule.ties:
        if step not in TIE_STEPS:
            raise RuleError("pb.ties_unknown", step=step, choices=", ".join(TIE_STEPS))
    if not rule.ties or rule.ties[-1] not in ("lot", "id"):
        raise RuleError("pb.ties_open")
    if len(set(rule.ties)) != len(rule.ties):
        raise RuleError("pb.ties_repeated")
    if "lot" in rule.ties and (not rule.seed or not rule.call):
        raise RuleError("pb.seed_missing")
    if "list" in rule.ties and not rule.order:
        raise RuleError("pb.order_missing")


def _check_weights(rule: Rule) -> None:
    if rule.name is Name.SCORES:
        if not rule.weights:
            raise RuleError("pb.weights_missing")
        if sum(one.ppm for one in rule.weights) != 10**6 or min(w.ppm for w in rule.weights) < 0:
            raise RuleError("pb.weights_sum")
    elif rule.weights:
        raise RuleError("pb.weights_unknown")
    if rule.caps and rule.name not in GREEDY_NAMES and rule.name is not Name.SCORES:
        raise RuleError("pb.caps_unknown")
