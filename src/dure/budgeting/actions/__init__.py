"""Actions of budgeting, one module a noun."""

from . import (
    awards,
    ballots,
    calls,
    demo,
    elections,
    merging,
    moderation,
    papers,
    phases,
    photos,
    projects,
    proposals,
    results,
    reviews,
    spending,
)

__all__ = (
    "awards",
    "ballots",
    "calls",
    "demo",
    "elections",
    "merging",
    "moderation",
    "papers",
    "phases",
    "photos",
    "projects",
    "proposals",
    "results",
    "reviews",
    "spending",
)
