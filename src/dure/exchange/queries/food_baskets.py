"""Baskets in words: what was ordered, what came and why, what is held and what was paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from django.db.models import Count, QuerySet

from dure.core.actors import Actor
from dure.core.text import T
from dure.exchange import answers as typed
from dure.exchange import baskets, why
from dure.exchange.models import Agreement, Attestation, Claim, Party
from dure.exchange.processes.food_order import BUYER, CRATE_BACK, DEPOSIT, FOOD_ORDER
from dure.exchange.queries.food_cycles import CycleRow, Product, cycle_rows, products
from dure.exchange.queries.neighbours import NEIGHBOUR, names_of
from dure.ledger.models import Transfer

Crate = Literal["none", "promised", "out", "kept", "back"]
ENDS_HOLD = (Transfer.Kind.SETTLE, Transfer.Kind.VOID, Transfer.Kind.EXPIRE)
BEFORE = ("cart", "ordered", "allocated", "packed")


@dataclass(frozen=True, slots=True)
class Line:
    """One product of a basket; `value` of what came, before that of what was ordered."""

    product: Product
    asked: int
    tolerance: int
    awarded: int | None
    weighed: int | None
    reason: T | None
    value: int
    most: int


@dataclass(frozen=True, slots=True)
class Complaint:
    """What its buyer said is missing, and how much of it the hub agreed to."""

    title: str
    missing: int
    unit: str
    note: str
    agreed: int | None


@dataclass(frozen=True, slots=True)
class Basket:
    """One basket. `number` is stable within its cycle; `total` of what was ordered; `charged` for
    food alone; `crate`: where the crate is and its deposit with it, `kept` once it was paid."""

    id: UUID
    number: str
    cycle: CycleRow
    state: str
    buyer: str
    is_mine: bool
    lines: tuple[Line, ...]
    total: int
    held: int
    charged: int | None
    complaint: Complaint | None = None
    crate: Crate = "none"


def rows_of(cycle_id: UUID) -> QuerySet[Agreement]:
    """The baskets of a cycle in the order in which they were begun."""
    rows = Agreement.rows.filter(pool=cycle_id, process=FOOD_ORDER.key)
    return rows.order_by("opened_at", "id")


def basket(agreement_id: UUID, actor: Actor) -> Basket | None:
    """One basket of the reader's scope, or None."""
    rows = Agreement.objects.within(actor).filter(process=FOOD_ORDER.key, id=agreement_id)
    found = rows.select_related("pool").first()
    if found is None or found.pool is None:
        return None
    made = told([found], cycle_rows([found.pool], actor)[0], actor)[0]
    return replace(made, complaint=_complaint(found, made))


def _complaint(found: Agreement, made: Basket) -> Complaint | None:
    """What was said to be missing, from the proofs of the case."""
    said = {row.transition: row.value for row in found.attestations.order_by("seq")}
    value = said.get("claim")
    if not value:
        return None
    goods = {str(line.product.id): line.product for line in made.lines}
    product = goods.get(str(value.get("product")))
    agreed = said.get("resolve", {}).get("missing")
    return Complaint(
        title=product.title if product else "–",
        missing=int(value.get("missing", 0)),
        unit=product.unit if product else baskets.GRAM,
        note=str(value.get("note") or ""),
        agreed=int(agreed) if agreed is not None else None,
    )


def counts(cycle_id: UUID) -> dict[str, int]:
    """How many baskets of a cycle stand in each state."""
    rows = Agreement.rows.filter(pool=cycle_id, process=FOOD_ORDER.key)
    return dict(rows.values_list("state").annotate(n=Count("id")))


def told(rows: Sequence[Agreement], cycle: CycleRow, actor: Actor) -> list[Basket]:
    """Baskets of one cycle in words, in eight queries."""
    ids = [one.id for one in rows]
    goods = {str(one.id): one for one in products(cycle.id)}
    claims: dict[UUID, dict[str, Claim]] = defaultdict(dict)
    for claim in Claim.rows.filter(agreement__in=ids, withdrawn_at=None):
        claims[claim.agreement_id][str(claim.pool_id)] = claim
    buyers = dict(
        Party.rows.filter(agreement__in=ids, role=BUYER.key).values_list("agreement_id", "person")
    )
    names = names_of(buyers.values())
    numbers = {key: n for n, key in enumerate(rows_of(cycle.id).values_list("id", flat=True), 1)}
    held, paid = _moved(ids)
    crates = _crates(rows, cycle.deposit)
    return [
        _basket(
            one,
            cycle,
            _lines(one, goods, claims[one.id]),
            number=f"{numbers[one.id]:02d}",
            buyer=names.get(buyers.get(one.id), str(NEIGHBOUR)),  # type: ignore[arg-type]  # None
            is_mine=actor.behalf is not None and buyers.get(one.id) == actor.behalf,
            held=held.get(one.id, 0),
            charged=paid.get(one.id, 0) if one.state == "settled" else None,
            crate=crates[one.id],
        )
        for one in rows
    ]


def _basket(
    one: Agreement,
    cycle: CycleRow,
    lines: tuple[Line, ...],
    *,
    number: str,
    buyer: str,
    is_mine: bool,
    held: int,
    charged: int | None,
    crate: Crate,
) -> Basket:
    total = sum(line.product.price * (line.asked // line.product.lot) for line in lines)
    return Basket(
        one.id, number, cycle, one.state, buyer, is_mine, lines, total, held, charged, crate=crate
    )


def _crates(rows: Sequence[Agreement], deposit: int) -> dict[UUID, Crate]:
    """Where the crate of each basket is."""
    found: dict[UUID, Crate] = {one.id: "none" for one in rows}
    if not deposit:
        return found
    said = Attestation.rows.filter(agreement__in=found)
    back = set(said.filter(value__noted=CRATE_BACK).values_list("agreement_id", flat=True))
    handed = said.filter(transition="hand_over").values_list("agreement_id", flat=True)
    charged = said.filter(transition="charge").values_list("agreement_id", flat=True)
    taken = set(handed) - set(charged)
    for one in rows:
        if one.id in back:
            found[one.id] = "back"
        elif one.state in BEFORE:
            found[one.id] = "promised"
        elif one.id in taken and one.state in ("delivered", "claimed", "review"):
            found[one.id] = "out"
        elif one.id in taken and one.state == "settled":
            found[one.id] = "kept"
    return found


def _lines(
    one: Agreement, goods: Mapping[str, Product], claims: Mapping[str, Claim]
) -> tuple[Line, ...]:
    terms = typed.restore(baskets.Terms, one.terms)
    return tuple(
        _line(line, goods[line.product], claims.get(line.product))
        for line in terms.lines
        if line.product in goods
    )


def _line(line: baskets.BasketLine, product: Product, claim: Claim | None) -> Line:
    awarded = claim.awarded if claim is not None else None
    weighed = claim.weighed if claim is not None else None
    value = line.price * (line.asked // line.lot)
    if awarded is not None:
        value = baskets.value(line, baskets.Got(awarded, weighed))
    reason = None
    if claim is not None and awarded is not None:
        reason = why.sentence(claim.reason, line.asked, awarded, line.unit)
    return Line(
        product, line.asked, line.tolerance, awarded, weighed, reason, value, baskets.held(line)
    )


def _moved(ids: Sequence[UUID]) -> tuple[dict[UUID, int], dict[UUID, int]]:
    """What is still held for each case, and what was paid for its food."""
    rows = Transfer.rows.filter(grp__in=ids)
    gone = set(rows.filter(kind__in=ENDS_HOLD).values_list("ref_id", flat=True))
    held: dict[UUID, int] = defaultdict(int)
    paid: dict[UUID, int] = defaultdict(int)
    kinds = (Transfer.Kind.HOLD, Transfer.Kind.SETTLE)
    for key, grp, kind, amount, purpose in rows.filter(kind__in=kinds).values_list(
        "pk", "grp", "kind", "amount", "purpose"
    ):
        if kind == Transfer.Kind.SETTLE:
            paid[grp] += amount if purpose != DEPOSIT else 0
        elif key not in gone:
            held[grp] += amount
    return held, paid
