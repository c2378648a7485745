"""Actions of budgeting, one module a noun."""

from . import calls, merging, phases, projects, proposals, reviews

__all__ = ("calls", "merging", "phases", "projects", "proposals", "reviews")
