"""Tables of exchange."""

from .agreements import Agreement, Attestation, Party, Timer
from .pools import HELPING, HOSTING, Pool
from .specs import Spec

__all__ = (
    "HELPING",
    "HOSTING",
    "Agreement",
    "Attestation",
    "Party",
    "Pool",
    "Spec",
    "Timer",
)
