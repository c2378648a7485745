"""Actions of the ledger, one module a noun."""

from . import units

__all__ = ("units",)
