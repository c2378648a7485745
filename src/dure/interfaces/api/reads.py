"""The routers of all reads, in the order of the API page."""

from ninja import Router

from dure.interfaces.api import (
    reads_budgeting,
    reads_core,
    reads_exchange,
    reads_indicators,
    reads_journal,
    reads_own,
    reads_registry,
    reads_sharing,
)

READERS: tuple[tuple[str, Router], ...] = (
    ("", reads_core.router),
    ("", reads_registry.router),
    ("", reads_journal.router),
    ("", reads_exchange.router),
    ("", reads_sharing.router),
    ("", reads_own.router),
    ("", reads_budgeting.router),
    ("", reads_indicators.router),
)
