"""Actions of the exchange, one module a noun."""

from . import agreements, carbon, corrections, demo, events, processes, repairs, specs, timers

__all__ = (
    "agreements",
    "carbon",
    "corrections",
    "demo",
    "events",
    "processes",
    "repairs",
    "specs",
    "timers",
)
