"""Actions of the exchange, one module a noun."""

from . import agreements, carbon, demo, events, processes, repairs, specs

__all__ = ("agreements", "carbon", "demo", "events", "processes", "repairs", "specs")
