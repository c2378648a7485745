"""Everything that steps leave behind, without what differs between two runs of the same thing."""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import UUID

from dure.core.models.work import Notice
from dure.exchange.models import Agreement, Asset, Attestation, Commitment, Party, Timer
from dure.journal.models import Event
from dure.ledger.models import Account, Transfer

Snapshot = dict[str, Counter[Any]]  # Any: rows as tuples


def snapshot() -> Snapshot:
    """Rows of the exchange, the ledger and the journal as countable tuples; ids of new rows are
    told by what they name."""
    said = {
        row.uid: (row.agreement_id, row.transition, row.kind, row.role, row.by)
        for row in Attestation.rows.all()
    }
    rows = list(Transfer.rows.all())
    held = {row.pk: (row.kind, row.debit_id, row.credit_id, row.amount, row.grp) for row in rows}
    keys = {row.ikey: held[row.pk] for row in rows}
    return {
        "agreements": _rows(Agreement, "id", "state", "entered_at", "closed_at"),
        "parties": _rows(Party, "agreement_id", "role", "person", "acted_for"),
        "attestations": Counter(
            (*said[row.uid], row.acted_for, _plain(row.value, said), row.made_at)
            for row in Attestation.rows.all()
        ),
        "timers": _rows(Timer, "agreement_id", "transition", "due_at", "fired_at"),
        "commitments": _rows(
            Commitment,
            "agreement_id",
            "action",
            "giver",
            "taker",
            "spec_id",
            "asset_id",
            "lane",
            "qty",
            "unit",
            "slot",
            "state",
            "version",
        ),
        "assets": _rows(Asset, "id", "stock", "reserved"),
        "accounts": _rows(Account, "id", "balance", "held_out", "held_in"),
        "transfers": Counter(
            (*held[row.pk], held.get(row.ref_id), row.purpose, row.expires_at, row.lot)
            for row in rows
        ),
        "events": Counter(
            (
                row.source.replace(str(row.transfer), str(keys.get(row.transfer))),
                row.label_id,
                row.qty,
                row.sign,
                row.began,
                row.ended,
                row.evidence,
                row.case_id,
                row.org_id,
                row.district,
                str(row.dims),
                said.get(row.proof, keys.get(row.proof)) if row.proof else None,
                row.amount,
                keys.get(row.transfer),
            )
            for row in Event.rows.all()
        ),
        "notices": Counter(
            (row.person, row.template, str(sorted(row.places.items())), row.urgency, row.due_at)
            for row in Notice.rows.all()
        ),
    }


def _rows(model: Any, *fields: str) -> Counter[Any]:  # Any: a model
    return Counter(model._base_manager.values_list(*fields))


def _plain(value: dict[str, Any], said: dict[UUID, Any]) -> str:  # Any: JSON
    named = {k: said[UUID(v)] if k == "of" else v for k, v in value.items()}
    return str(sorted(named.items(), key=str))
