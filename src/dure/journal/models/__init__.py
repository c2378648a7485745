"""Tables of journal."""

from .events import Event
from .factors import Factor
from .labels import EVIDENCE_ORDER, EvidenceClass, Label
from .seals import Seal

__all__ = ("EVIDENCE_ORDER", "Event", "EvidenceClass", "Factor", "Label", "Seal")
