"""Tables of governance."""

from .recusals import Recusal
from .rolls import Roll, RollEntry, RollObjection
from .rules import RuleSet

__all__ = ("Recusal", "Roll", "RollEntry", "RollObjection", "RuleSet")
