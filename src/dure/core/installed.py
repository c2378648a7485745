"""The actions of core itself; importing this module puts them into the catalogue."""

from dure.core import rulebook, sending

__all__ = ["rulebook", "sending"]
