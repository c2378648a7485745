"""Actions of the exchange, one module a noun."""

from . import agreements, carbon, demo, events, repairs, specs

__all__ = ("agreements", "carbon", "demo", "events", "repairs", "specs")
