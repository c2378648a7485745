"""Actions of the exchange, one module a noun."""

from . import (
    agreements,
    assets,
    carbon,
    corrections,
    demo,
    demo_sharing,
    events,
    hand_overs,
    listings,
    matches,
    photos,
    pools,
    processes,
    repairs,
    specs,
    timers,
)

__all__ = (
    "agreements",
    "assets",
    "carbon",
    "corrections",
    "demo",
    "demo_sharing",
    "events",
    "hand_overs",
    "listings",
    "matches",
    "photos",
    "pools",
    "processes",
    "repairs",
    "specs",
    "timers",
)
