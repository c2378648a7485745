"""Opening cases whose result is known already: record sheets and partner files, set-wise.

Law: the same checks and the same facts as a single step; a thousand cases cost a few statements.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from dure.core import clock
from dure.core.actions import line
from dure.core.actors import Actor
from dure.exchange import answers as typed
from dure.exchange import recording
from dure.exchange.declaration import Process, Transition
from dure.exchange.models import Pool
from dure.exchange.processes.repair import Result
from dure.exchange.proofs import check_result
from dure.exchange.recording import Recorded
from dure.exchange.repairing import moment_of, origin_of
from dure.exchange.storing import copy_rows


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case to be opened by a start that leads to the end: its terms and its result."""

    pool: Pool
    terms: object
    result: Result
    spec_id: int | None
    category: int | None
    external_ref: str | None = None
    external_digest: str | None = None


AGREEMENT_COLUMNS = (
    "id", "process", "version", "state", "organisation_id", "district_id", "case_id", "pool_id",
    "parent_id", "spec_id", "terms", "opened_at", "entered_at", "closed_at", "external_ref",
    "external_digest", "audit",
)  # fmt: skip
ATTESTATION_COLUMNS = ("uid", "agreement_id", '"by"', "role", "kind", "value", "made_at", "audit")


@dataclass(frozen=True, slots=True)
class Opened:
    """The new cases in the order given, and how many events the journal took."""

    ids: tuple[UUID, ...]
    event_count: int


def open_recorded(
    process: Process, start: Transition, cases: Sequence[NewCase], actor: Actor
) -> Opened:
    """Open and close many cases at once.

    start : a start of `process` that records and whose target is terminal
    Raises  Refusal as a single step would; then nothing is written
    """
    assert start.source is None, start
    assert process.is_terminal(start.target), start
    now = clock.now()
    for case in cases:
        check_result(case.result)
    ids = [uuid4() for _ in cases]
    moments = {
        pool.id: moment_of(pool, now)
        for pool in {case.pool.id: case.pool for case in cases}.values()
    }
    told = [
        Recorded(
            agreement_id=new_id,
            case_id=uuid4(),
            organisation_id=case.pool.organisation_id,
            district=case.pool.district_id,
            category=case.category,
            origin=origin_of(case.pool),
            ended=moments[case.pool.id],
            result=case.result,
        )
        for new_id, case in zip(ids, cases, strict=True)
    ]
    pairs = list(zip(told, cases, strict=True))
    copy_rows(
        "exchange_agreement",
        AGREEMENT_COLUMNS,
        (_agreement(process, start, one, case, now) for one, case in pairs),
    )
    role = start.by[0].key
    copy_rows(
        "exchange_attestation",
        ATTESTATION_COLUMNS,
        (_attestation(one, actor.id, role, now) for one in told),
    )
    return Opened(tuple(ids), recording.state(told))


def _agreement(
    process: Process, start: Transition, one: Recorded, case: NewCase, now: datetime
) -> Sequence[object]:
    terms = json.dumps(typed.to_json(case.terms), ensure_ascii=False)
    return (
        one.agreement_id, process.key, process.version, start.target.key, one.organisation_id,
        one.district, one.case_id, case.pool.id, None, case.spec_id, terms, now, now, now,
        case.external_ref, case.external_digest, line().id,
    )  # fmt: skip


def _attestation(one: Recorded, by: UUID | None, role: str, now: datetime) -> Sequence[object]:
    value = json.dumps(typed.to_json(one.result))
    return uuid4(), one.agreement_id, by, role, "outcome", value, now, line().id
