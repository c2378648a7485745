"""Actions of the ledger, one module a noun."""

from . import accounts, batches, books, checks, holds, periods, seals, transfers, units

__all__ = (
    "accounts",
    "batches",
    "books",
    "checks",
    "holds",
    "periods",
    "seals",
    "transfers",
    "units",
)
