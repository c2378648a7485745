"""The actions of core itself; importing this module puts them into the catalogue."""

from dure.core import cancelling, heads, noticing, rulebook, sealing, sending, tokens

__all__ = ["cancelling", "heads", "noticing", "rulebook", "sealing", "sending", "tokens"]
