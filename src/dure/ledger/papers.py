"""Papers of the ledger that a face draws, since fonts and how people read amounts are its affair.

A paper is drawn inside the action that records it: so the record holds the hash of what left.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from dure.core.ports import Port
from dure.ledger.queries.passages import Statement

STATEMENT: Port[Callable[[Statement, datetime], bytes]] = Port(
    "ledger.statement_paper", served_by="interfaces", late=True
)
