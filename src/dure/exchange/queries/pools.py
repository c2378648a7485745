"""A pool as anybody may read it: its rule and vote, who asked for how much, who got what and why.

People are pseudonyms to each other: the beginning of their claim's random id, which stands for
them in this pool alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from dure.core import clock, rulebook
from dure.core.actors import Actor
from dure.core.models.rules import RuleVersion
from dure.core.text import T
from dure.engines.allotment import Allotment
from dure.engines.rationing import Rule
from dure.exchange import interpreter
from dure.exchange.models import HELPING, HOSTING, Claim, Pool
from dure.exchange.pool_inputs import claims_of, digest_of, divided, inputs_of, rule_of, salt_of

__all__ = (
    "RulesBeside",
    "Told",
    "inputs_of",
    "listed",
    "one",
    "parts",
    "rule_of",
    "rules_beside",
    "told",
)

SHOWN_MAX = 200
SHOWN_RULE = "exchange.pool.shown_from"
RULES: dict[Rule, T] = {
    Rule.PROPORTIONAL: T("비례", "In proportion"),
    Rule.EQUAL_AWARDS: T("똑같이 받기", "Equal awards"),
    Rule.WEIGHTED_AWARDS: T("가중치대로 받기", "Weighted awards"),
    Rule.EQUAL_LOSSES: T("똑같이 줄이기", "Equal losses"),
    Rule.TALMUD: T("탈무드", "Talmud"),
    Rule.FIRST_COME: T("선착순", "First come"),
}
SENTENCES: dict[Rule, T] = {
    Rule.PROPORTIONAL: T(
        "모두 바란 양의 같은 비율을 받습니다.",
        "All get the same portion of what they asked.",
    ),
    Rule.EQUAL_AWARDS: T(
        "바란 양을 넘지 않으면서 모두 똑같이 받습니다. 적게 바란 사람은 다 받습니다.",
        "Everybody gets the same, never above what they asked; who asked for little gets it all.",
    ),
    Rule.WEIGHTED_AWARDS: T(
        "바란 양을 넘지 않으면서 무게(식구 수 같은 것)에 따라 받습니다.",
        "Everybody gets by weight (the size of a household, say), never above what they asked.",
    ),
    Rule.EQUAL_LOSSES: T(
        "바란 양에서 모두 똑같은 양을 덜 받습니다.",
        "Everybody gets the same amount less than what they asked.",
    ),
    Rule.TALMUD: T(
        "모자람이 크면 바란 양의 절반 안에서 똑같이 받고, 작으면 절반을 넘은 데서 똑같이 줄입니다.",
        "If little is there, equal awards up to half of each claim; else equal losses above half.",
    ),
    Rule.FIRST_COME: T(
        "먼저 신청한 차례로 받습니다. 견주어 보려고 둡니다.",
        "In the order of asking; kept for comparison.",
    ),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One rule of the table; `is_ours` = the one that was voted."""

    rule: str
    text: T
    is_ours: bool
    left: int


@dataclass(frozen=True, slots=True)
class Cell:
    """What one claim gets under one rule; `exact` is the fraction before rounding, when it is
    not whole."""

    award: int
    exact: str
    rule: T
    is_ours: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """One claim under every rule."""

    name: str
    is_mine: bool
    asked: int
    tolerance: int
    protected: bool
    weight: int
    awarded: int | None
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class RulesBeside:
    """What every rule would give, side by side, from the stored inputs; own rows come first.

    `hidden` rows are left out: there are more than a page shows, or too few for the reader.
    """

    columns: tuple[Column, ...]
    rows: tuple[Beside, ...]
    unit: str
    estate: int
    asked: int
    claims: int
    hidden: int

    @property
    def left(self) -> int:
        """What no claim can take: the same under every rule."""
        return self.columns[0].left

    @property
    def is_told(self) -> bool:
        """Whether sums are told: those of a few claims would tell what one of them is."""
        return bool(self.rows) or not self.claims

    @property
    def is_short(self) -> bool:
        """Whether there is less than what is asked."""
        return self.asked > self.estate


def rules_beside(pool: Pool, actor: Actor) -> RulesBeside:
    """Divide the pool anew by every rule; others are pseudonyms, the reader's own claim is named.

    Who has no part in a pool sees single claims only where there are as many as the rulebook says.
    """
    claims = claims_of(pool)
    ours = rule_of(pool)
    tried = [(rule, divided(pool, claims, rule)) for rule in Rule]
    columns = tuple(Column(rule.value, RULES[rule], rule is ours, got.left) for rule, got in tried)
    mine = {n for n, one in enumerate(claims) if _is_mine(one, actor)}
    order = sorted(range(len(claims)), key=lambda n: (n not in mine, n))
    if not mine and not _works(pool, actor) and len(claims) < rulebook.value(SHOWN_RULE).integer:
        order = []
    rows = tuple(_beside(claims[n], n, n in mine, tried, ours) for n in order[:SHOWN_MAX])
    return RulesBeside(
        columns=columns,
        rows=rows,
        unit=pool.unit,
        estate=pool.estate or 0,
        asked=sum(one.asked for one in claims),
        claims=len(claims),
        hidden=len(claims) - len(rows),
    )


def _beside(
    claim: Claim,
    place: int,
    is_mine: bool,
    tried: Sequence[tuple[Rule, Allotment]],
    ours: Rule | None,
) -> Beside:
    return Beside(
        name=str(T("나", "I")) if is_mine else pseudonym(claim.id),
        is_mine=is_mine,
        asked=claim.asked,
        tolerance=claim.tolerance,
        protected=claim.protected,
        weight=claim.weight,
        awarded=claim.awarded,
        cells=tuple(_cell(got, place, rule, rule is ours) for rule, got in tried),
    )


def _cell(got: Allotment, place: int, rule: Rule, is_ours: bool) -> Cell:
    award = got.awards[place]
    exact = sum(part.exact for part in got.parts(place))
    return Cell(award, "" if exact == award else str(exact), RULES[rule], is_ours)


def pseudonym(claim_id: UUID) -> str:
    """What a claim is called in front of others: the beginning of its random id."""
    return f"#{str(claim_id)[:8]}"


def _is_mine(claim: Claim, actor: Actor) -> bool:
    if actor.behalf is not None and claim.person == actor.behalf:
        return True
    ours = {scope for role in HOSTING for scope in actor.scope_ids(role, "organisation")}
    return claim.organisation_id is not None and str(claim.organisation_id) in map(str, ours)


def _works(pool: Pool, actor: Actor) -> bool:
    return interpreter.works_for(actor, pool.organisation_id, pool.district_id, HELPING)


# --- the page of a pool

KINDS = (Pool.Kind.ORDER_CYCLE, Pool.Kind.CLEARING_ROUND, Pool.Kind.FUND_CALL)


@dataclass(frozen=True, slots=True)
class Voted:
    """The rule of a pool: in a sentence, and by which vote it stands."""

    text: T
    sentence: T
    key: str
    adopted_by: str
    source: str
    begins: date | None
    is_decided: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One pool in words."""

    id: UUID
    kind: str
    title: str
    host: str
    state: str
    opens: datetime
    closes: datetime
    is_open: bool
    is_over: bool
    is_cancelled: bool
    unit: str
    lot: int
    estate: int | None
    rule: Voted | None
    commitment: str
    salt: str
    input_hash: str
    is_proved: bool
    replaces: UUID | None
    replaced_by: UUID | None
    parent: UUID | None
    can_run: bool
    works_here: bool


def one(pool_id: UUID, actor: Actor) -> Pool | None:
    """One pool that was opened here; that it exists, and its rule, are public."""
    rows = Pool.objects.everything("pools and their rules are public; people in them are not")
    rows = rows.filter(id=pool_id, kind__in=KINDS, external_ref=None)
    return rows.select_related("organisation", "parent", "spec").first()


def listed() -> QuerySet[Pool]:
    """Pools that stand by themselves, those that close last first."""
    rows = Pool.objects.everything("that a pool exists is public")
    rows = rows.filter(parent=None, kind__in=KINDS, external_ref=None).exclude(state="replaced")
    return rows.select_related("organisation").order_by("-closes", "id")


def parts(pool: Pool) -> QuerySet[Pool]:
    """The products of a cycle."""
    rows = Pool.objects.everything("products of a cycle are public")
    return rows.filter(parent=pool, kind=pool.kind).order_by("title", "id")


def told(pool: Pool, actor: Actor, *, proves: bool = True) -> Told:
    """A pool in words, for this reader; a list does not compute every file of inputs anew."""
    now = clock.now()
    is_over = pool.state != Pool.State.OPEN or pool.closes <= now
    salt = salt_of(pool).hex() if is_over else ""
    rerun = Pool.rows.filter(rerun_of=pool).values_list("id", flat=True).first()
    return Told(
        id=pool.id,
        kind=pool.kind,
        title=pool.title,
        host=pool.organisation.name if pool.organisation else "",
        state=pool.state,
        opens=pool.opens,
        closes=pool.closes,
        is_open=not is_over and not pool.cancelled and pool.opens <= now,
        is_over=is_over,
        is_cancelled=pool.cancelled,
        unit=pool.unit,
        lot=pool.lot,
        estate=pool.estate,
        rule=_voted(pool),
        commitment=pool.tie_commitment,
        salt=salt,
        input_hash=pool.input_hash,
        is_proved=proves and bool(pool.input_hash) and pool.input_hash == digest_of(pool),
        replaces=pool.rerun_of_id,
        replaced_by=rerun,
        parent=pool.parent_id,
        can_run=interpreter.works_for(actor, pool.organisation_id, pool.district_id, HOSTING),
        works_here=_works(pool, actor),
    )


def _voted(pool: Pool) -> Voted | None:
    rule = rule_of(pool)
    if rule is None:
        return None
    named = pool if pool.rule_key or pool.parent is None else pool.parent
    rows = RuleVersion.rows.filter(id=named.rule_version) if named.rule_version else None
    version = rows.first() if rows is not None else None
    return Voted(
        text=RULES[rule],
        sentence=SENTENCES[rule],
        key=version.rule_id if version is not None else "",
        adopted_by=_vote(version),
        source=version.source if version is not None else "",
        begins=version.valid.lower if version is not None else None,
        is_decided=version is not None and version.status == "decided",
    )


INSTALLED = "dure"  # what the rulebook brings with it nobody has voted yet


def _vote(version: RuleVersion | None) -> str:
    """The vote that adopted a rule; empty where there was none."""
    return version.adopted_by if version is not None and version.adopted_by != INSTALLED else ""


def my_claims(pool: Pool, actor: Actor) -> list[Claim]:
    """The reader's own claims, in the order of asking."""
    return [claim for claim in claims_of(pool) if _is_mine(claim, actor)]


def may_read_inputs(pool: Pool, actor: Actor) -> bool:
    """Whether the file of inputs may be had: once nobody can change a claim any more, by those
    who may see single claims."""
    if pool.state == Pool.State.OPEN and pool.closes > clock.now():
        return False
    claims = claims_of(pool)
    if _works(pool, actor) or any(_is_mine(one, actor) for one in claims):
        return True
    return len(claims) >= rulebook.value(SHOWN_RULE).integer
