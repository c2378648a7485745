"""Tables of the ledger."""

from .accounts import Account, LimitChange
from .grants import LotGrant, LotList
from .periods import Closing, Period
from .programmes import Lot, Programme, ProgrammeShop
from .requests import ClearingConsent, ClearingRound, PaymentRequest, Schedule, SetOff
from .statements import Match, StatementLine
from .transfers import AMOUNT_MAX, Transfer
from .units import KEEPING, Book, Unit, kept_q

__all__ = (
    "AMOUNT_MAX",
    "KEEPING",
    "Account",
    "Book",
    "ClearingConsent",
    "ClearingRound",
    "Closing",
    "LimitChange",
    "Lot",
    "LotGrant",
    "LotList",
    "Match",
    "PaymentRequest",
    "Period",
    "Programme",
    "ProgrammeShop",
    "Schedule",
    "SetOff",
    "StatementLine",
    "Transfer",
    "Unit",
    "kept_q",
)
