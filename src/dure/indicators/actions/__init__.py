"""Actions of indicators, one module a noun."""

from dure.indicators.actions import definitions, freezing, releases

__all__ = ["definitions", "freezing", "releases"]
