"""Actions of indicators, one module a noun."""

from dure.indicators.actions import asking, definitions, demo, freezing, releases

__all__ = ["asking", "definitions", "demo", "freezing", "releases"]
