"""The end of an order cycle: closed to orders, and each product of it allotted once.

Law: whoever allots holds every open case of the cycle, then the cycle, its products and their
stock, so that nothing is asked or taken back meanwhile; a product is allotted from what is there
(its estate, and no more than the producer's free stock), and stands as it was allotted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Sum

from dure.core import clock, progress
from dure.core.actions import line
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.engines.rationing import Rule
from dure.exchange.allotting import Ask, ProductInput, allot_product
from dure.exchange.errors import ExchangeCode
from dure.exchange.food_terms import cycle_terms, product_terms
from dure.exchange.models import Agreement, Asset, Claim, Commitment, Pool, Timer
from dure.exchange.processes import BY_VERSION

KIND = Pool.Kind.ORDER_CYCLE
STAGE = T("나누는 중", "Sharing out")
AT_ONCE = 20_000


def cycle(cycle_id: str, actor: Actor, *, everywhere: bool = False) -> Pool:
    """An order cycle that the actor runs. Raises NOT_FOUND."""
    rows = (
        Pool.objects.everything("time closes every cycle")
        if everywhere
        else Pool.objects.within(actor)
    )
    found: Pool | None = rows.filter(id=cycle_id, kind=KIND, parent=None).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="cycle_id")
    return found


def lock(found: Pool) -> Pool:
    """The cycle behind its open cases, all locked; ids rising."""
    open_cases = Agreement.rows.filter(pool=found, closed_at=None).order_by("pk")
    list(open_cases.select_for_update(of=("self",), no_key=True).values_list("pk"))
    locked: Pool = Pool.rows.filter(pk=found.pk).select_for_update(no_key=True).get()
    return locked


def close(found: Pool) -> None:
    """Take no more orders from now on; what was due at the closing is due now.

    Raises  NO_ORDERS_NOW where it has not begun, was closed before, or is cancelled
    """
    now = clock.now()
    if found.state != Pool.State.OPEN or found.cancelled or found.opens >= now:
        raise Refusal(ExchangeCode.NO_ORDERS_NOW)
    if found.closes > now:
        _earlier(found, now)
        line().changed("closes", found.closes, now)
        found.closes = now
    found.state = Pool.State.CLOSED
    found.audit = line().id
    found.save(update_fields=["closes", "state", "audit"])
    products = Pool.rows.filter(parent=found, state=Pool.State.OPEN)
    products.update(closes=found.closes, state=Pool.State.CLOSED, audit=line().id)


def _earlier(found: Pool, now: datetime) -> None:
    """Move the timers that hang on the closing."""
    for process in BY_VERSION.values():
        names = [t.name for t in process.transitions if t.due and t.due.anchor == "closes"]
        waiting = Timer.rows.filter(
            agreement__pool=found,
            agreement__process=process.key,
            agreement__version=process.version,
            transition__in=names,
            fired_at=None,
        )
        if names:
            waiting.update(due_at=F("due_at") - (found.closes - now), audit=line().id)


def steps_after(found: Pool) -> tuple[str, ...]:
    """What the engine does with the cases of a cycle once it is allotted, in the order declared:
    the pool's own steps, then what is due at the closing."""
    running = Agreement.rows.filter(pool=found, closed_at=None).values_list("process", "version")
    known = [BY_VERSION[key] for key in sorted(set(running))]
    steps = [t for process in known for t in process.transitions]
    own = [t.name for t in steps if t.by and all(role.works == "nobody" for role in t.by)]
    due = [t.name for t in steps if t.due and (t.due.anchor, t.due.rule) == ("closes", "")]
    return tuple(dict.fromkeys((*own, *due)))


@dataclass(frozen=True, slots=True)
class Shared:
    """How many products and claims were allotted, and how many products were short."""

    products: int
    claims: int
    short: int


def allot_all(found: Pool) -> Shared:
    """Allot every product of a locked cycle, once; awards and reasons stand on its claims.

    Raises  NO_ORDERS_NOW before the cycle has closed, or when it was allotted before
    """
    allotted = (Pool.State.AWARDED, Pool.State.SETTLED, Pool.State.REPLACED)
    if found.closes > clock.now() or found.state in allotted or found.cancelled:
        raise Refusal(ExchangeCode.NO_ORDERS_NOW)
    products = list(Pool.rows.filter(parent=found).order_by("pk").select_for_update(no_key=True))
    free = _free([one.asset_id for one in products if one.asset_id is not None])
    claims = _claims(products)
    awards: list[tuple[UUID, int, str]] = []
    short = 0
    for number, product in enumerate(products, 1):
        asked = claims.get(product.pk, [])
        short += _allot(found, product, asked, free, awards)
        progress.report(STAGE.ko, STAGE.en, number, len(products))
    _write(awards)
    digest = hashlib.sha256("\n".join(one.input_hash for one in products).encode())
    found.state = Pool.State.AWARDED
    found.input_hash = digest.hexdigest()
    found.audit = line().id
    found.save(update_fields=["state", "input_hash", "audit"])
    fields = ["state", "estate", "input_hash", "audit"]
    Pool.rows.bulk_update(products, fields, batch_size=500)
    return Shared(len(products), len(awards), short)


def _free(assets: Sequence[UUID]) -> dict[UUID, int]:
    """What of each stock nobody has reserved or was awarded, under lock: another cycle may be
    allotted already, with baskets that have not moved yet."""
    rows = Asset.rows.filter(pk__in=set(assets)).order_by("pk").select_for_update(no_key=True)
    found = {key: stock - held for key, stock, held in rows.values_list("pk", "stock", "reserved")}
    for key, awarded in _awarded(list(found)):
        found[key] = max(0, found[key] - awarded)
    return found


def _awarded(assets: Sequence[UUID]) -> list[tuple[UUID, int]]:
    """What open cases were awarded of these stocks and have not reserved yet."""
    reserved = Commitment.rows.filter(
        agreement=OuterRef("agreement"), asset=OuterRef("pool__asset")
    )
    rows = Claim.rows.filter(
        pool__asset__in=assets, awarded__gt=0, withdrawn_at=None, agreement__closed_at=None
    )
    waiting = rows.exclude(Exists(reserved)).order_by().values("pool__asset")
    return list(waiting.annotate(total=Sum("awarded")).values_list("pool__asset", "total"))


Asked = tuple[UUID, int, int, int, int, bool]


def _claims(products: Sequence[Pool]) -> dict[UUID, list[Asked]]:
    """The claims of open cases, in the order of asking, by product."""
    rows = Claim.rows.filter(
        pool__in=[one.pk for one in products], withdrawn_at=None, agreement__closed_at=None
    ).order_by("made_at", "pk")
    found: dict[UUID, list[Asked]] = {}
    fields = ("pool_id", "pk", "asked", "firm", "tolerance", "weight", "protected")
    for pool, *claim in rows.values_list(*fields):
        found.setdefault(pool, []).append(tuple(claim))
    return found


def _allot(
    found: Pool,
    product: Pool,
    asked: Sequence[Asked],
    free: dict[UUID, int],
    awards: list[tuple[UUID, int, str]],
) -> bool:
    """Allot one product; whether somebody did not get what was asked."""
    product.state = Pool.State.AWARDED
    product.audit = line().id
    if product.cancelled:
        why = json.dumps({"why": "withdrawn"})
        awards += [(one[0], 0, why) for one in asked]
        return bool(asked)
    stock = free.get(product.asset_id) if product.asset_id is not None else None
    there = [one for one in (product.estate, stock) if one is not None]
    asks = [Ask(str(one[0]), *one[1:], order=place) for place, one in enumerate(asked)]
    product.estate = min(there) if there else sum(one.asked + one.tolerance for one in asks)
    made = allot_product(_input(found, product), asks)
    product.input_hash = made.input_hash
    if product.asset_id in free:
        free[product.asset_id] -= sum(made.awards)
    reasons = _texts(made.reasons)
    awards += [
        (one[0], got, why) for one, got, why in zip(asked, made.awards, reasons, strict=True)
    ]
    return any(got < one.asked for got, one in zip(made.awards, asks, strict=True))


def _input(found: Pool, product: Pool) -> ProductInput:
    return ProductInput(
        estate=product.estate or 0,
        lot=product.lot,
        case=product_terms(product).case,
        price=product.price or 0,
        rule=Rule(cycle_terms(found).rule),
        salt=bytes(found.tie_salt or b""),
        rule_version=str(found.rule_version or ""),
    )


def _texts(reasons: Sequence[object]) -> Iterator[str]:
    return (json.dumps(one, ensure_ascii=False) for one in reasons)


AWARD = """
UPDATE exchange_claim c SET awarded = d.awarded, reason = d.reason::jsonb, audit = %s
FROM unnest(%s::uuid[], %s::bigint[], %s::text[]) AS d (id, awarded, reason)
WHERE c.id = d.id
"""


def _write(awards: Sequence[tuple[UUID, int, str]]) -> None:
    with connection.cursor() as cursor:
        for begin in range(0, len(awards), AT_ONCE):
            ids, got, why = zip(*awards[begin : begin + AT_ONCE], strict=True)
            cursor.execute(AWARD, [line().id, list(ids), list(got), list(why)])
