"""Actions of the ledger, one module a noun."""

from . import (
    accounts,
    asking_back,
    batches,
    books,
    checks,
    holds,
    periods,
    seals,
    transfers,
    units,
)

__all__ = (
    "accounts",
    "asking_back",
    "batches",
    "books",
    "checks",
    "holds",
    "periods",
    "seals",
    "transfers",
    "units",
)
