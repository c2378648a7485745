"""Actions of budgeting, one module a noun."""

from . import (
    ballots,
    calls,
    demo,
    elections,
    merging,
    papers,
    phases,
    photos,
    projects,
    proposals,
    results,
    reviews,
)

__all__ = (
    "ballots",
    "calls",
    "demo",
    "elections",
    "merging",
    "papers",
    "phases",
    "photos",
    "projects",
    "proposals",
    "results",
    "reviews",
)
