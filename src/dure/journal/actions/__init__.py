"""Actions of the journal, one module a noun."""

from . import factors, labels, seals

__all__ = ("factors", "labels", "seals")
