"""Lists of a food cycle and records of repairs as files: each download leaves one record."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from dure.core.actions import Reason, Who, action, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.types import District, UuidText
from dure.engines.dfc import write_exchange
from dure.exchange import food_subjects, policies, queries
from dure.exchange.food_subjects import Supply
from dure.exchange.models import Pool
from dure.exchange.queries import food_tables
from dure.exchange.queries.food_linked import linked
from dure.registry.errors import RegistryCode
from dure.registry.exporting import RECORD, Export, ExportRef, Form, table, text

from .events import HOSTS

NAMED = 100
REFUSED = (CoreCode.NOT_FOUND, RegistryCode.EXPORT_TOO_LONG)


@action(
    "exchange.packing.export",
    ko="꾸릴 바구니 목록을 파일로 내려받습니다.",
    en="Download the packing list of a cycle as a file.",
    policy=policies.may_edit_event,
    letters=HOSTS,
    who=(Who.PERSON, Who.OPERATOR),
    subject=food_subjects.cycle,
    reason=Reason.REQUIRED,
    faces=("web",),
    long=True,
    writes=RECORD,
    refusals=REFUSED,
)
def export_packing(cycle_id: UuidText, form: Form, *, actor: Actor) -> ExportRef:
    """Write every line of every basket for a stated reason; members by handle, never by name."""
    found = food_tables.packing(subject(Pool).id, actor)
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    head = [str(one) for one in food_tables.PACKING]
    export = Export("exchange.packing", form, {"cycle": cycle_id}, head)
    return table(export, "packing", food_tables.packing_rows(found), actor=actor)


@action(
    "exchange.delivery.export",
    ko="생산자가 낼 것을 파일로 내려받습니다.",
    en="Download what a producer delivers as a file.",
    policy=policies.may_supply,
    letters=policies.COORDINATORS,
    subject=food_subjects.supply,
    reason=Reason.OPTIONAL,
    faces=("web",),
    writes=RECORD,
    refusals=REFUSED,
)
def export_delivery(
    cycle_id: UuidText, producer_id: UuidText, form: Form, *, actor: Actor
) -> ExportRef:
    """Write the lines of one producer of a cycle; nobody's orders stand in it, only their sums."""
    lines = food_tables.delivery(subject(Supply).cycle.id, UUID(producer_id), actor)
    if lines is None:
        raise Refusal(CoreCode.NOT_FOUND)
    head = [str(one) for one in food_tables.DELIVERY]
    query = {"cycle": cycle_id, "producer": producer_id}
    export = Export("exchange.delivery", form, query, head)
    return table(export, "delivery", food_tables.delivery_rows(lines), actor=actor)


@action(
    "exchange.cycle.export",
    ko="회차와 그 주문을 이어진 자료(DFC) 파일로 내려받습니다.",
    en="Download a cycle with its orders as linked data (DFC).",
    policy=policies.may_edit_event,
    letters=HOSTS,
    who=(Who.PERSON, Who.OPERATOR),
    subject=food_subjects.cycle,
    reason=Reason.OPTIONAL,
    faces=("web",),
    long=True,
    writes=RECORD,
    refusals=REFUSED,
)
def export_cycle(cycle_id: UuidText, *, actor: Actor) -> ExportRef:
    """Write catalogue and orders; an order names its basket, never its buyer.

    The catalogue alone is open to everybody and leaves no record.
    """
    found = linked(subject(Pool).id, actor, settings.DURE_ADDRESS)
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    data = json.dumps(write_exchange(found), ensure_ascii=False).encode()
    export = Export("exchange.cycle", "jsonld", {"cycle": cycle_id})
    return text(export, [data], len(found.orders), actor=actor)


@dataclass(frozen=True, slots=True)
class RecordsRef:
    """A written download of repairs, and what the standard's schema does not take.

    left_out : how many records    named : the first hundred of them, each with its wrong fields
    """

    id: str
    file: str
    rows: int
    sha256: str
    left_out: int
    named: tuple[str, ...]


@action(
    "exchange.repair.export",
    ko="수리 기록을 공개 표준(ORDS)으로 내려받습니다.",
    en="Download repair records as the Open Repair Data Standard.",
    policy=policies.may_report,
    letters=HOSTS,
    who=(Who.PERSON, Who.OPERATOR),
    reason=Reason.OPTIONAL,
    faces=("web", "cli"),
    long=True,
    writes=RECORD,
    refusals=REFUSED,
)
def export_repairs(district: District | None = None, *, actor: Actor) -> RecordsRef:
    """Write the records of the actor's scope, without free text."""
    return _repairs(district, problem=False, actor=actor)


@action(
    "exchange.repair.export_texts",
    ko="수리 기록을 봉사자가 적은 글까지 내려받습니다.",
    en="Download repair records with what volunteers wrote.",
    policy=policies.may_install,
    letters={},
    who=Who.OPERATOR,
    reason=Reason.REQUIRED,
    faces=("cli",),
    long=True,
    writes=RECORD,
    refusals=REFUSED,
)
def export_texts(district: District | None = None, *, actor: Actor) -> RecordsRef:
    """Write the records with the free text, for a stated reason; it may name people."""
    return _repairs(district, problem=True, actor=actor)


def _repairs(district: str | None, *, problem: bool, actor: Actor) -> RecordsRef:
    written = queries.ords_export(actor, district=district, problem=problem)
    export = Export("exchange.repairs", "csv", {"district": district, "problem": problem})
    made = text(export, [written.text.encode()], written.row_count, actor=actor)
    left_out = written.left_out
    named = tuple(f"{name}: {', '.join(fields)}" for name, fields in left_out[:NAMED])
    return RecordsRef(made.id, made.file, made.rows, made.sha256, len(left_out), named)
