"""Actions of the ledger, one module a noun."""

from . import accounts, books, transfers, units

__all__ = ("accounts", "books", "transfers", "units")
