"""The queue of a repair event: who is next, and every number behind a place in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Sum

from dure.core import clock, rulebook
from dure.core.actors import Actor
from dure.core.text import T
from dure.engines import triage
from dure.engines.ords_words import Outcome
from dure.engines.triage import PPM, Place, Waiting
from dure.exchange import answers as typed
from dure.exchange import skills
from dure.exchange.effects.slots import free_lanes, lanes_of
from dure.exchange.models import Agreement, Asset, Attestation, Claim, Listing, Party, Pool, Spec
from dure.exchange.processes.repair import Parts, Triage
from dure.exchange.words import category as category_words
from dure.journal.models import Event

WAIT, UNSKILLED = "exchange.repair.wait_ppm", "exchange.repair.unskilled_ppm"
PARTS_RULES = {
    Parts.UNKNOWN: "exchange.repair.parts_unknown_ppm",
    Parts.MISSING: "exchange.repair.parts_missing_ppm",
}
PARTS_WORDS = {
    Parts.NONE: T("부품이 필요 없음", "no parts needed"),
    Parts.HERE: T("부품이 있음", "the parts are here"),
    Parts.MISSING: T("부품이나 공구가 지금 없음", "a part or a tool is missing now"),
    Parts.UNKNOWN: T("부품은 열어 보아야 앎", "parts not known before it is opened"),
}
KNOWN = (Outcome.FIXED, Outcome.REPAIRABLE, Outcome.END_OF_LIFE)


@dataclass(frozen=True, slots=True)
class Standing:
    """One place in a queue. `repaired` of `tried` are the category's own record; ppm of one."""

    agreement: Agreement
    number: int
    of: int
    kind: str
    repaired: int
    tried: int
    chance_ppm: int
    skilled: int
    skill_ppm: int
    parts: Parts
    parts_ppm: int
    tools: tuple[str, ...]
    waited_min: int
    prospect_ppm: int
    penalty_ppm: int
    fits_me: bool

    @property
    def rank_ppm(self) -> int:
        """Prospect less penalty: what the queue is ordered by."""
        return self.prospect_ppm - self.penalty_ppm

    @property
    def why(self) -> tuple[str, ...]:
        """The place in sentences, one a term."""
        return (
            T(
                "이런 물건 %(n)s건 가운데 %(k)s건을 고쳤습니다. 고칠 가망 %(p)s%%",
                "%(k)s of %(n)s such items were fixed: a chance of %(p)s%%",
            )
            % {"n": self.tried, "k": self.repaired, "p": _percent(self.chance_ppm)},
            T("이런 물건을 안다는 봉사자 %(n)s명", "%(n)s volunteers know this kind of item")
            % {"n": self.skilled},
            str(PARTS_WORDS[self.parts]),
            T(
                "%(m)s분 기다렸습니다. 덜 기다린 만큼 뺀 점수 %(p)s%%",
                "waited %(m)s min; less for having waited less than others: %(p)s%%",
            )
            % {"m": self.waited_min, "p": _percent(self.penalty_ppm)},
        )


def _percent(ppm: int) -> str:
    return f"{ppm / 10_000:.1f}"


def queue(pool: Pool, actor: Actor | None = None) -> list[Standing]:
    """Those who wait at an event, the next one first.

    actor : a fixer, whose own skills then say what fits her; the order stays the event's
    """
    rows = Agreement.objects.everything("the queue of an event; a page shows what its reader may")
    cases = list(rows.filter(pool=pool, state="queued").select_related("spec", "pool"))
    triaged = _triaged(cases)
    fixers = _fixers(pool)
    mine = fixers.get(actor.behalf, frozenset()) if actor is not None and actor.behalf else None
    counted = Counter(code for known in fixers.values() for code in known)
    chances = _chances()
    since = dict(
        Claim.rows.filter(agreement__in=cases, pool=pool).values_list("agreement_id", "made_at")
    )
    parts, tools = _parts(pool, triaged)
    unskilled = rulebook.value(UNSKILLED).integer
    now = clock.now()
    held: dict[str, tuple[Agreement, Waiting, int]] = {}
    for case in cases:
        group = skills.group_of(category_of(case))
        skilled = counted[group] if group is not None else 0
        waited = now - since.get(case.id, case.entered_at)
        one = Waiting(
            str(case.id),
            chances.get(category_of(case), chances[None])[2],
            PPM if skilled else unskilled,
            parts[case.id][1],
            max(0, int(waited.total_seconds()) // 60),
        )
        held[one.id] = (case, one, skilled)
    places = triage.queue_order(
        [one for _, one, _ in held.values()], penalty_ppm_a_minute=rulebook.value(WAIT).integer
    )
    return [
        _standing(place, *held[place.id], chances, parts, tools, mine, len(places))
        for place in places
    ]


Chance = tuple[int, int, Fraction]


def _standing(
    place: Place,
    case: Agreement,
    one: Waiting,
    skilled: int,
    chances: Mapping[int | None, Chance],
    parts: Mapping[UUID, tuple[Parts, int]],
    tools: Mapping[UUID, tuple[str, ...]],
    mine: frozenset[str] | None,
    count: int,
) -> Standing:
    category = category_of(case)
    repaired, tried, chance = chances.get(category, chances[None])
    return Standing(
        agreement=case,
        number=place.number,
        of=count,
        kind=str(category_words(category)),
        repaired=repaired,
        tried=tried,
        chance_ppm=int(chance * PPM),
        skilled=skilled,
        skill_ppm=one.skill_ppm,
        parts=parts[case.id][0],
        parts_ppm=one.parts_ppm,
        tools=tools[case.id],
        waited_min=one.waited_min,
        prospect_ppm=int(place.prospect * PPM),
        penalty_ppm=int(place.penalty * PPM),
        fits_me=mine is not None and skills.group_of(category) in mine,
    )


def standing_of(agreement: Agreement) -> Standing | None:
    """The place of one case, while it waits."""
    if agreement.state != "queued" or agreement.pool is None:
        return None
    found = (one for one in queue(agreement.pool) if one.agreement.id == agreement.id)
    return next(found, None)


def category_of(case: Agreement) -> int | None:
    """The device category of a case, or None."""
    if case.spec is None or case.spec.scheme != "ords":
        return None
    return int(case.spec.code)


def _triaged(cases: Sequence[Agreement]) -> dict[UUID, Triage]:
    rows = Attestation.rows.filter(agreement__in=cases, transition="triage").order_by("seq")
    return {row.agreement_id: typed.restore(Triage, row.value) for row in rows}


def of_fixer(pool: Pool, actor: Actor) -> list[Agreement]:
    """What a fixer has in hand at an event, first taken first."""
    mine = Party.rows.filter(role="fixer", person=actor.behalf).values("agreement_id")
    rows = Agreement.objects.within(actor).filter(pool=pool, id__in=mine, closed_at=None)
    rows = rows.filter(state__in=("assigned", "in_repair"))
    return list(rows.select_related("spec", "pool", "asset").order_by("entered_at", "id"))


def triage_of(case: Agreement) -> Triage | None:
    """What the host saw of a case; None before triage."""
    return _triaged([case]).get(case.id)


def tools_at(place: Pool) -> list[tuple[str, str]]:
    """The things of the host that can be reserved for a repair, by name."""
    rows = Asset.objects.everything("the host's own tools, for those who work there")
    rows = rows.filter(
        organisation=place.organisation_id, kind=Asset.Kind.EQUIPMENT, retired_at=None
    ).exclude(condition=Asset.Condition.REPAIR)
    found = rows.order_by("title", "id").values_list("id", "title")[:200]
    return [(str(one), title) for one, title in found]


def skill_choices() -> list[tuple[str, str]]:
    """The repair skills with their names, in the order of the list."""
    rows = Spec.rows.filter(scheme=skills.SCHEME, code__in=list(skills.GROUPS))
    names = {one.code: str(T(one.ko, one.en)) for one in rows}
    return [(code, names[code]) for code in skills.GROUPS if code in names]


def titles(assets: Iterable[UUID]) -> dict[UUID, str]:
    """The names of tools."""
    rows = Asset.objects.everything("the tools that a case at hand needs")
    return dict(rows.filter(id__in=set(assets)).values_list("id", "title"))


def _parts(
    pool: Pool, triaged: Mapping[UUID, Triage]
) -> tuple[dict[UUID, tuple[Parts, int]], dict[UUID, tuple[str, ...]]]:
    """What is known of parts, as a factor; a tool that is out now counts as missing."""
    factors = dict.fromkeys(Parts, PPM)
    factors |= {part: rulebook.value(key).integer for part, key in PARTS_RULES.items()}
    wanted = sorted({tool for seen in triaged.values() for tool in seen.tools})
    names, free = titles(wanted), _free(wanted, pool)
    found: dict[UUID, tuple[Parts, int]] = defaultdict(
        lambda: (Parts.UNKNOWN, factors[Parts.UNKNOWN])
    )
    tools: dict[UUID, tuple[str, ...]] = defaultdict(tuple)
    for case, seen in triaged.items():
        is_out = any(tool not in free for tool in seen.tools)
        part = Parts.MISSING if is_out else seen.parts
        found[case] = (part, factors[part])
        tools[case] = tuple(names[tool] for tool in seen.tools if tool in names)
    return found, tools


def _free(assets: Sequence[UUID], pool: Pool) -> set[UUID]:
    now = clock.now()
    if not assets or now >= pool.closes:
        return set(assets)
    slot = DateTimeTZRange(max(now, pool.opens), pool.closes, "[)")
    return {one.id for one in lanes_of(assets).values() if free_lanes(one, slot)}


def _fixers(pool: Pool) -> dict[UUID, frozenset[str]]:
    """Who offers which repair skills at the host."""
    rows = Listing.rows.filter(
        side=Listing.Side.OFFER,
        state=Listing.State.OPEN,
        organisation=pool.organisation_id,
        person__isnull=False,
        spec__scheme=skills.SCHEME,
        spec__code__in=list(skills.GROUPS),
    )
    found: dict[UUID, set[str]] = defaultdict(set)
    for person, code in rows.values_list("person", "spec__code"):
        found[person].add(code)
    return {person: frozenset(codes) for person, codes in found.items()}


def skills_of(pool: Pool, actor: Actor) -> frozenset[str]:
    """The repair skills that a reader offers at the host of an event."""
    return _fixers(pool).get(actor.behalf, frozenset()) if actor.behalf else frozenset()


def _chances() -> dict[int | None, Chance]:
    """Repaired, tried and chance by category, from the journal; None = of what is not known."""
    rows = Event.rows.filter(label__code="repair.attempt", dims__outcome__in=KNOWN)
    counted: Counter[tuple[str, str]] = Counter()
    for category, outcome, count in rows.values_list("dims__category", "dims__outcome").annotate(
        n=Sum("sign")
    ):
        counted[(category, outcome)] += count
    tried: Counter[int] = Counter()
    fixed: Counter[int] = Counter()
    for (category, outcome), count in counted.items():
        if category.isdecimal():
            tried[int(category)] += count
            fixed[int(category)] += count if outcome == Outcome.FIXED else 0
    total, all_fixed = sum(tried.values()), sum(fixed.values())
    overall = Fraction(all_fixed, total) if total else Fraction(1, 2)
    found: dict[int | None, Chance] = {None: (all_fixed, total, overall)}
    for number in range(1, 41):
        group = skills.GROUPS.get(skills.group_of(number) or "", frozenset())
        of_group = sum(tried[one] for one in group)
        parent = Fraction(sum(fixed[one] for one in group), of_group) if of_group else overall
        chance = triage.repair_chance(fixed[number], tried[number], parent)
        found[number] = (fixed[number], tried[number], chance)
    return found
