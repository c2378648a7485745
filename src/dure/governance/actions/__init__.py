"""Actions of governance, one module a noun."""

from . import rolls

__all__ = ("rolls",)
