"""Order cycles and their products as anybody may read them; who runs and who supplies them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from dure.core import clock
from dure.core.actors import Actor
from dure.core.models.rules import RuleVersion
from dure.core.text import T
from dure.engines import hangul
from dure.engines.case_orders import case_order
from dure.exchange import interpreter
from dure.exchange.food_terms import ORIGINS, cycle_terms, product_terms
from dure.exchange.models import HOSTING, Agreement, Claim, Party, Pool
from dure.exchange.processes.food_order import BUYER, FOOD_ORDER
from dure.registry.models import Organisation
from dure.registry.queries import search

COUNT_MAX = 1_000
PLACES_MAX = 50
FOUND_MAX = 50
PUBLIC = "cycles, their products and their rules are public; people in them are not"
GONE = ("cancelled", "dropped")
FROM_THE_START = "dure"
UNVOTED = T(
    "조합원이 아직 투표로 정하지 않은, 처음부터 있던 규칙입니다.",
    "It is the rule from the start; members have not voted on it yet.",
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asked for; empty means everything."""

    text: str = ""
    district: str = ""
    place: str = ""
    on: date | None = None
    past: bool = False


@dataclass(frozen=True, slots=True)
class CycleRow:
    """A cycle as a list shows it. `mine`: the reader's own basket in it."""

    id: UUID
    title: str
    hub: str
    hub_id: UUID
    district: str
    place: str
    opens: datetime
    closes: datetime
    pickup: datetime
    state: str
    is_open: bool
    is_cancelled: bool
    products: int
    baskets: int
    pays: str
    mine: UUID | None
    deposit: int = 0


@dataclass(frozen=True, slots=True)
class Cycle:
    """One cycle. `adopted`: who voted its rule; `tie_salt`: shown once orders are closed;
    `produces`: producers of it that the reader works for."""

    row: CycleRow
    text: str
    rule: str
    adopted: T
    tie_commitment: str
    tie_salt: str
    can_run: bool
    produces: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """A product of a cycle; amounts in its unit, the price of one lot, `case` 0 = any amount;
    `orders`: how many claims ask for it."""

    id: UUID
    cycle_id: UUID
    title: str
    spec_id: int
    producer: str
    producer_id: UUID
    price: int
    lot: int
    unit: str
    estate: int
    asked: int
    tolerated: int
    orders: int
    case: int
    margin_ppm: int
    origin: str
    season: str
    note: str
    allergens: str
    is_withdrawn: bool

    @property
    def unfilled(self) -> int:
        """How much of what is asked now fills no case, though there is more of it; 0 = nothing."""
        if self.case <= self.lot or self.is_withdrawn:
            return 0
        most = self.estate // self.case
        order = case_order(self.asked, self.tolerated, self.case, cases_max=most)
        return order.short if order.cases < most else 0

    @property
    def to_fill(self) -> int:
        """How much more has to be asked or tolerated until that case is full."""
        return self.case - self.unfilled - self.tolerated if self.unfilled else 0


def _cycles() -> QuerySet[Pool]:
    rows = Pool.objects.everything(PUBLIC)
    return rows.filter(kind=Pool.Kind.ORDER_CYCLE, parent=None, external_ref=None)


def cycles(filters: Filters, actor: Actor) -> QuerySet[Pool]:
    """Cycles that take orders or soon will, the next to close first; or those of the past."""
    now = clock.now()
    here = Q(closes__gt=now, cancelled=False, state=Pool.State.OPEN)
    rows = _cycles().exclude(state=Pool.State.REPLACED)
    rows = rows.exclude(here) if filters.past else rows.filter(here)
    if filters.district:
        rows = rows.filter(district_id=filters.district)
    if filters.place:
        rows = rows.filter(place=filters.place)
    if filters.on is not None:
        day = datetime.combine(filters.on, time(), clock.SEOUL)
        rows = rows.filter(pickup__gte=day, pickup__lt=day + timedelta(days=1))
    if filters.text:
        named = Q(title__icontains=filters.text) | Q(place__icontains=filters.text)
        named |= Q(organisation__name__icontains=filters.text)
        named |= Q(parts__title__icontains=filters.text)
        rows = rows.filter(pk__in=_cycles().filter(named).values("pk"))
    rows = rows.order_by("-closes", "id") if filters.past else rows.order_by("closes", "id")
    return rows[:COUNT_MAX]


def cycle_rows(rows: Sequence[Pool], actor: Actor) -> list[CycleRow]:
    """A page of cycles in words, in five queries."""
    ids = [one.id for one in rows]
    hubs = {
        one.id: one for one in Organisation.rows.filter(id__in={r.organisation_id for r in rows})
    }
    full = {one.id: one for one in _cycles().filter(id__in=ids).select_related("district")}
    products = dict(
        Pool.rows.filter(parent__in=ids, cancelled=False)
        .values_list("parent_id")
        .annotate(n=Count("id"))
    )
    baskets = Agreement.rows.filter(pool__in=ids, process=FOOD_ORDER.key).exclude(state__in=GONE)
    counted = dict(baskets.values_list("pool_id").annotate(n=Count("id")))
    mine = _mine(ids, actor)
    now = clock.now()
    return [
        _row(full[one.id], hubs[one.organisation_id], products.get(one.id, 0),
             counted.get(one.id, 0), mine.get(one.id), now)
        for one in rows
        if one.organisation_id is not None
    ]  # fmt: skip


def _mine(ids: Sequence[UUID], actor: Actor) -> dict[UUID, UUID]:
    """The reader's newest basket of each cycle; one that is over gives way to one that runs."""
    if actor.behalf is None:
        return {}
    own = Party.rows.filter(person=actor.behalf, role=BUYER.key).values("agreement_id")
    rows = Agreement.rows.filter(pool__in=ids, process=FOOD_ORDER.key, id__in=own)
    found: dict[UUID, UUID] = {}
    for pool, key, state in rows.order_by("opened_at").values_list("pool_id", "id", "state"):
        if state not in GONE or pool not in found:
            found[pool] = key
    return found


def _row(
    one: Pool, hub: Organisation, products: int, baskets: int, mine: UUID | None, now: datetime
) -> CycleRow:
    return CycleRow(
        id=one.id,
        title=one.title,
        hub=hub.name,
        hub_id=hub.id,
        district=str(T(one.district.name, one.district.name_en)),
        place=one.place,
        opens=one.opens,
        closes=one.closes,
        pickup=one.pickup or one.closes,
        state=one.state,
        is_open=one.opens <= now < one.closes
        and one.state == Pool.State.OPEN
        and not one.cancelled,
        is_cancelled=one.cancelled,
        products=products,
        baskets=baskets,
        pays=cycle_terms(one).pays,
        mine=mine,
        deposit=cycle_terms(one).deposit,
    )


def cycle(cycle_id: UUID, actor: Actor) -> Cycle | None:
    """One cycle, or None."""
    found = _cycles().filter(id=cycle_id).first()
    if found is None or found.organisation_id is None:
        return None
    terms = cycle_terms(found)
    is_over = found.closes <= clock.now() or found.state != Pool.State.OPEN
    return Cycle(
        row=cycle_rows([found], actor)[0],
        text=terms.text or "",
        rule=terms.rule,
        adopted=adopted(found),
        tie_commitment=found.tie_commitment,
        tie_salt=bytes(found.tie_salt).hex() if found.tie_salt and is_over else "",
        can_run=runs(found, actor),
        produces=_produces(found, actor),
    )


def runs(cycle: Pool, actor: Actor) -> bool:
    """Whether the actor runs this cycle."""
    return interpreter.works_for(actor, cycle.organisation_id, cycle.district_id, HOSTING)


def adopted(cycle: Pool) -> T:
    """By which vote the rule of a cycle stands."""
    version = RuleVersion.rows.filter(id=cycle.rule_version).first() if cycle.rule_version else None
    if version is None or version.adopted_by in ("", FROM_THE_START):
        return UNVOTED
    by = version.adopted_by
    return T(f"정한 곳: {by}.", f"Voted by: {by}.")


def _ours(actor: Actor) -> set[str]:
    return {str(scope) for role in HOSTING for scope in actor.scope_ids(role, "organisation")}


def _produces(cycle: Pool, actor: Actor) -> tuple[UUID, ...]:
    ours = _ours(actor)
    if not ours:
        return ()
    rows = Pool.rows.filter(parent=cycle, organisation__in=ours)
    return tuple(sorted(set(rows.values_list("organisation_id", flat=True)), key=str))


# --- products


def products(cycle_id: UUID, words: str = "", producer: UUID | None = None) -> list[Product]:
    """The products of a cycle by producer and name; `words` may be initials (ㄱㅈ)."""
    rows = Pool.objects.everything(PUBLIC).filter(parent=cycle_id).select_related(*RELATED)
    if producer is not None:
        rows = rows.filter(organisation=producer)
    found = rows.order_by("organisation__name_key", "organisation_id", "title", "id")
    return _told([one for one in found if _answers(one, words)])


RELATED = ("organisation", "spec")


def product(product_id: UUID) -> Product | None:
    """One product of a cycle, or None."""
    found = product_pool(product_id)
    return _told([found])[0] if found is not None else None


def product_pool(product_id: UUID) -> Pool | None:
    """The row of a product, with its cycle."""
    rows = Pool.objects.everything(PUBLIC).filter(parent__isnull=False)
    rows = rows.filter(kind=Pool.Kind.ORDER_CYCLE, id=product_id)
    return rows.select_related("parent", "asset", *RELATED).first()


def _answers(product: Pool, words: str) -> bool:
    """Whether a product is what these words look for: its name, its producer, their initials."""
    if not words.strip():
        return True
    names = [product.title, product.organisation.name if product.organisation else ""]
    if hangul.is_initials(words):
        wanted = hangul.initials_key(words)
        return any(wanted in hangul.initials_key(name) for name in names)
    keys = [key for key in (hangul.jamo_key(words), hangul.jamo_key_shifted(words)) if key]
    return any(key in hangul.jamo_key(name) for key in keys for name in names)


def _told(rows: Sequence[Pool]) -> list[Product]:
    claims = Claim.rows.filter(pool__in=[one.id for one in rows], withdrawn_at=None)
    sums = claims.values_list("pool_id").annotate(a=Sum("asked"), t=Sum("tolerance"), n=Count("id"))
    asked = {pool: (a, t, n) for pool, a, t, n in sums}
    return [_product(one, *asked.get(one.id, (0, 0, 0))) for one in rows]


def _product(one: Pool, asked: int, tolerated: int, orders: int) -> Product:
    terms = product_terms(one)
    assert one.organisation is not None and one.spec is not None and one.parent_id is not None
    return Product(
        id=one.id,
        cycle_id=one.parent_id,
        title=one.title,
        spec_id=one.spec.pk,
        producer=one.organisation.name,
        producer_id=one.organisation.id,
        price=one.price or 0,
        lot=one.lot,
        unit=one.unit,
        estate=one.estate or 0,
        asked=asked,
        tolerated=tolerated,
        orders=orders,
        case=terms.case,
        margin_ppm=terms.margin_ppm,
        origin=terms.origin_text or str(ORIGINS[terms.origin]),
        season=terms.season or "",
        note=terms.note or "",
        allergens=_allergens(one.spec.allergens),
        is_withdrawn=one.cancelled,
    )


def _allergens(kept: object) -> str:
    return ", ".join(map(str, kept)) if isinstance(kept, list | tuple) else str(kept or "")


# --- who runs and who supplies


def places(actor: Actor) -> list[str]:
    """Places where food of cycles that take orders is picked up."""
    rows = _cycles().filter(closes__gt=clock.now(), cancelled=False, state=Pool.State.OPEN)
    found = rows.exclude(place="").values_list("place", flat=True).order_by("place")
    return list(dict.fromkeys(found))[:PLACES_MAX]


def hubs(actor: Actor) -> list[tuple[UUID, str]]:
    """Organisations that may open a cycle by this actor's hand."""
    rows = Organisation.rows.filter(id__in=_ours(actor), merged_into=None, ended_on=None)
    return list(rows.order_by("name_key", "id").values_list("id", "name")[:FOUND_MAX])


def hosted(actor: Actor) -> QuerySet[Pool]:
    """Cycles that the actor runs, newest first."""
    districts = set(actor.scope_ids(HOSTING[0], "district"))
    rows = _cycles().filter(Q(organisation__in=_ours(actor)) | Q(district__in=districts))
    return rows.order_by("-closes", "id")[:COUNT_MAX]


def supplied(actor: Actor) -> QuerySet[Pool]:
    """Cycles in which an organisation that the actor works for is a producer."""
    parts = Pool.rows.filter(parent__isnull=False, organisation__in=_ours(actor))
    return _cycles().filter(id__in=parts.values("parent_id")).order_by("-closes", "id")


def producers_for(cycle_id: UUID, words: str = "") -> list[tuple[UUID, str]]:
    """Producers whose list may be brought: known ones of the hub, or those of a name."""
    if words.strip():
        found = search.search(search.Filters(text=words), size=FOUND_MAX)
        return [(one.id, one.name) for one in found.rows]
    host = _cycles().filter(id=cycle_id).values("organisation_id")
    known = Pool.rows.filter(parent__isnull=False, parent__organisation__in=host)
    rows = Organisation.rows.filter(id__in=known.values("organisation_id"))
    rows = rows.filter(merged_into=None, ended_on=None)
    return list(rows.order_by("name_key", "id").values_list("id", "name")[:FOUND_MAX])


def producer(producer_id: str) -> str | None:
    """The name of an organisation that may bring a list, or None."""
    try:
        key = UUID(producer_id)
    except ValueError:
        return None
    rows = Organisation.rows.filter(id=key, merged_into=None, ended_on=None)
    return rows.values_list("name", flat=True).first()
