"""Tables of exchange."""

from .agreements import Agreement, Attestation, Party, ProcessState, Timer
from .assets import Asset
from .claims import Claim
from .commitments import Commitment
from .listings import Listing, Match
from .places import HELPING, HOSTING, Audience, hosted_q
from .points import MeetingPoint
from .pools import Pool
from .specs import Spec

__all__ = (
    "HELPING",
    "HOSTING",
    "Agreement",
    "Asset",
    "Attestation",
    "Audience",
    "Claim",
    "Commitment",
    "Listing",
    "Match",
    "MeetingPoint",
    "Party",
    "Pool",
    "ProcessState",
    "Spec",
    "Timer",
    "hosted_q",
)
