"""Actions of budgeting, one module a noun."""

from . import calls, phases

__all__ = ("calls", "phases")
