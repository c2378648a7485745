"""Actions of indicators, one module a noun."""

from dure.indicators.actions import definitions, demo, freezing, releases

__all__ = ["definitions", "demo", "freezing", "releases"]
