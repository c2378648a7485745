"""Products of a cycle: a producer's list comes in as a whole; one of them changed or withdrawn."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal
from uuid import uuid4

from pydantic import Field

from dure.core import clock
from dure.core.actions import action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.core.types import Line, Part, UuidText
from dure.exchange import answers as typed
from dure.exchange import food_subjects, policies
from dure.exchange.baskets import GRAM
from dure.exchange.cases import works_for
from dure.exchange.errors import ExchangeCode
from dure.exchange.food_subjects import Supply
from dure.exchange.food_terms import GIFT, OriginCode, ProductTerms, cycle_terms, product_terms
from dure.exchange.models import HOSTING, Asset, Claim, Pool, Spec
from dure.exchange.searching import key_of

from .assets import Flag

LINES_MAX = 500
SCHEME = "food"
AMOUNT_MAX = 10**8
Amount = Annotated[int, Field(ge=1, le=AMOUNT_MAX)]
Stock = Annotated[int, Field(ge=0, le=AMOUNT_MAX)]
WonPrice = Annotated[int, Field(ge=0, le=10**8)]
MarginPpm = Annotated[int, Field(ge=0, le=500_000)]
TITLE_MAX = 60


class CatalogueItem(Part):
    """One product of a list; amounts in its unit, the price of one lot."""

    title: Line
    title_en: Line | None = None
    unit: Literal["GRM", "H87"]
    lot: Amount
    price: WonPrice
    estate: Stock
    case: Stock = 0
    gram_each: Stock = 0
    margin_ppm: MarginPpm = 0
    origin: OriginCode = "korea"
    origin_text: Line | None = None
    season: Line | None = None
    note: Line | None = None
    allergens: Line | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many products are new in the cycle, and how many changed."""

    new: int
    changed: int


@action(
    "exchange.catalogue.load",
    ko="생산자의 물건 목록을 주문 회차에 올립니다.",
    en="Load a producer's list into an order cycle.",
    policy=policies.may_supply,
    letters=policies.COORDINATORS,
    subject=food_subjects.supply,
    lock=food_subjects.lock_supply,
    idempotent=True,
    writes=("exchange_pool", "exchange_asset", "exchange_spec"),
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.NO_ORDERS_NOW,
        ExchangeCode.BAD_LINE,
        ExchangeCode.IN_USE,
    ),
)
def load_catalogue(
    cycle_id: UuidText,
    producer_id: UuidText,
    lines: Annotated[tuple[CatalogueItem, ...], Field(strict=False, min_length=1, max_length=500)],
    *,
    actor: Actor,
) -> Loaded:
    """Bring a whole list in, or none of it; a product of the same name is changed.

    What the list says is what the producer has to give now: hubs that share a producer share it,
    and once two do, only the producer's own people say how much there is.
    Effects: Pool below the cycle, Asset of kind stock, Spec of kind food.
    Raises  BAD_LINE with the line's number; IN_USE where price or lot of what is ordered changes
    """
    supply = subject(Supply)
    food_subjects.check_open(supply.cycle)
    gift = cycle_terms(supply.cycle).pays == GIFT
    check_lines(lines, gift=gift)
    specs = _specs(supply, lines)
    known = {
        one.spec_id: one
        for one in Pool.rows.filter(parent=supply.cycle, organisation=supply.producer)
    }
    stocks = _stocks(supply, specs, lines, actor)
    new = 0
    for item, spec in zip(lines, specs, strict=True):
        product = known.get(spec.id)
        if product is None:
            new += 1
            product = _new(supply, spec, stocks[spec.id])
        _fill(product, item)
        product.save()
    line().object("exchange.pool", supply.cycle.id)
    line().organisation(supply.organisation_id)
    line().changed("products", None, len(lines))
    return Loaded(new=new, changed=len(lines) - new)


def name_key(title: str) -> str:
    """What makes two names the same: width, case and blanks do not count."""
    return "".join(unicodedata.normalize("NFKC", title).casefold().split())


def check_lines(lines: Sequence[CatalogueItem], *, gift: bool) -> None:
    """Refuse the first line that no cycle could sell."""
    seen: set[str] = set()
    for place, item in enumerate(lines, start=1):
        why = why_not(item, gift=gift)
        if why is None and name_key(item.title) in seen:
            why = T("같은 이름이 두 번 있습니다.", "the same name stands twice.")
        if why is not None:
            raise Refusal(
                ExchangeCode.BAD_LINE, field="lines", place=place, name=item.title, why=why
            )
        seen.add(name_key(item.title))


def why_not(item: CatalogueItem, *, gift: bool) -> T | None:
    """Why a product cannot be sold like this; None = it can."""
    if len(item.title) > TITLE_MAX or len(item.title_en or "") > TITLE_MAX:
        return T(f"이름은 {TITLE_MAX}자까지입니다.", f"a name has at most {TITLE_MAX} characters.")
    if item.case % item.lot:
        return T(
            "상자는 파는 단위의 배수여야 합니다.", "a case must be a multiple of what is sold."
        )
    if item.unit != GRAM and not item.gram_each:
        return T("한 개의 무게(g)를 적어 주세요.", "please give the weight of one piece in g.")
    if gift and item.price:
        return T("나눔 회차의 값은 0입니다.", "in a cycle without a price it is 0.")
    if not gift and not item.price:
        return T("값을 적어 주세요.", "please give a price.")
    return None


def _specs(supply: Supply, lines: Sequence[CatalogueItem]) -> list[Spec]:
    """The kind of each product: the producer's own, made where it is new."""
    codes = [hashlib.sha256(name_key(item.title).encode()).hexdigest()[:24] for item in lines]
    rows = Spec.rows.filter(organisation=supply.producer, scheme=SCHEME, code__in=codes)
    known = {one.code: one for one in rows}
    missing = [
        Spec(
            organisation=supply.producer,
            scheme=SCHEME,
            code=code,
            kind=Spec.Kind.FOOD,
            ko=item.title,
            en=item.title_en or item.title,
            label="food.delivered",
            unit=item.unit,
            allergens=_words(item.allergens),
            audit=line().id,
        )
        for code, item in zip(codes, lines, strict=True)
        if code not in known
    ]
    known |= {one.code: one for one in Spec.rows.bulk_create(missing)}
    return [known[code] for code in codes]


def _words(text: str | None) -> list[str]:
    return [one.strip() for one in (text or "").split(",") if one.strip()]


def _stocks(
    supply: Supply, specs: Sequence[Spec], lines: Sequence[CatalogueItem], actor: Actor
) -> dict[int, Asset]:
    """The producer's stock rows, locked, with what the list says is there now; what other hubs
    sell from, too, only its producer changes."""
    rows = Asset.rows.filter(
        kind=Asset.Kind.STOCK, organisation=supply.producer, spec__in=specs, retired_at=None
    )
    found = {one.spec_id: one for one in rows.select_for_update().order_by("id")}
    for spec, item in zip(specs, lines, strict=True):
        if spec.id in found:
            if says_how_much(supply, found[spec.id], actor):
                restock(found[spec.id], item.estate)
            continue
        found[spec.id] = Asset(
            id=uuid4(),
            kind=Asset.Kind.STOCK,
            title=item.title,
            search_key=key_of(item.title, most=200),
            organisation=supply.producer,
            district_id=supply.producer.district_id,
            spec=spec,
            audience="members",
            stock=item.estate,
            created_at=clock.now(),
            audit=line().id,
        )
        found[spec.id].save(force_insert=True)
    return {key: one for key, one in found.items() if key is not None}


def says_how_much(supply: Supply, stock: Asset, actor: Actor) -> bool:
    """Whether the actor may say how much of a stock there is: who works for its producer, and the
    hub as long as no other hub has ever sold from it."""
    producer = supply.producer
    if works_for(actor, producer.id, producer.district_id, HOSTING):
        return True
    others = Pool.rows.filter(asset=stock, parent__isnull=False)
    return not others.exclude(parent__organisation=supply.cycle.organisation_id).exists()


def restock(stock: Asset, there: int) -> None:
    """Say how much there is to give now, beside what is promised already."""
    stock.stock = stock.reserved + there
    stock.audit = line().id
    stock.save(update_fields=["stock", "audit"])


def _new(supply: Supply, spec: Spec, stock: Asset) -> Pool:
    cycle = supply.cycle
    return Pool(
        id=uuid4(),
        kind=Pool.Kind.ORDER_CYCLE,
        organisation=supply.producer,
        district_id=cycle.district_id,
        parent=cycle,
        spec=spec,
        asset=stock,
        opens=cycle.opens,
        closes=cycle.closes,
        pickup=cycle.pickup,
        is_synthetic=cycle.is_synthetic,
        created_at=clock.now(),
    )


def _fill(product: Pool, item: CatalogueItem) -> None:
    terms = ProductTerms(
        case=item.case,
        margin_ppm=item.margin_ppm,
        gram_each=item.gram_each,
        origin=item.origin,
        origin_text=item.origin_text,
        season=item.season,
        note=item.note,
    )
    shown = (item.price, item.lot, item.unit, item.margin_ppm)
    if not product._state.adding and shown != (
        product.price,
        product.lot,
        product.unit,
        product_terms(product).margin_ppm,
    ):
        check_unclaimed(product)
    product.title = item.title
    product.price = item.price
    product.lot = item.lot
    product.unit = item.unit
    product.estate = item.estate
    product.terms = typed.to_json(terms)
    product.cancelled = False
    product.audit = line().id


def check_unclaimed(product: Pool) -> None:
    """Refuse a change of what people have ordered by."""
    if Claim.rows.filter(pool=product, withdrawn_at=None).exists():
        raise Refusal(ExchangeCode.IN_USE)


@dataclass(frozen=True, slots=True)
class ProductRef:
    """The id of a product of a cycle."""

    id: str


@action(
    "exchange.product.change",
    ko="주문 회차의 물건을 고치거나 거둡니다.",
    en="Change or withdraw a product of a cycle.",
    policy=policies.may_supply,
    letters=policies.COORDINATORS,
    subject=food_subjects.product,
    lock=food_subjects.lock_product,
    idempotent=True,
    writes=("exchange_pool", "exchange_asset"),
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.NO_ORDERS_NOW,
        ExchangeCode.IN_USE,
        ExchangeCode.BAD_QUANTITY,
    ),
)
def change_product(
    product_id: UuidText,
    estate: Stock | None = None,
    price: WonPrice | None = None,
    season: Line | None = None,
    note: Line | None = None,
    withdrawn: Flag | None = None,
    *,
    actor: Actor,
) -> ProductRef:
    """Say that there is more or less of it, at another price, or none at all, until it is shared.

    Raises  IN_USE for a price where somebody has ordered by the old one
    """
    supply = subject(Supply)
    product = supply.product
    assert product is not None
    cycle = supply.cycle
    if cycle.cancelled or cycle.state not in (Pool.State.OPEN, Pool.State.CLOSED):
        raise Refusal(ExchangeCode.NO_ORDERS_NOW)
    if price is not None and price != product.price:
        _check_price(price, product, cycle)
        line().changed("price", product.price, price)
        product.price = price
    if estate is not None:
        line().changed("estate", product.estate, estate)
        product.estate = estate
        if product.asset_id is not None:
            stock = Asset.rows.select_for_update().get(id=product.asset_id)
            if says_how_much(supply, stock, actor):
                restock(stock, estate)
    if withdrawn is not None:
        line().changed("withdrawn", product.cancelled, withdrawn)
        product.cancelled = withdrawn
    terms = product_terms(product)
    terms = replace(terms, season=season or terms.season, note=note or terms.note)
    product.terms = typed.to_json(terms)
    product.audit = line().id
    product.save(update_fields=["price", "estate", "cancelled", "terms", "audit"])
    line().object("exchange.pool", product.id)
    line().organisation(supply.organisation_id)
    return ProductRef(str(product.id))


def _check_price(price: int, product: Pool, cycle: Pool) -> None:
    gift = cycle_terms(cycle).pays == GIFT
    if gift != (price == 0):
        why = T("나눔 회차의 값만 0입니다", "only in a cycle without a price it is 0")
        raise Refusal(ExchangeCode.BAD_QUANTITY, field="price", why=why)
    check_unclaimed(product)
