"""Actions of the exchange, one module a noun."""

from . import agreements, carbon, events, repairs, specs

__all__ = ("agreements", "carbon", "events", "repairs", "specs")
