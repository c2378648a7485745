"""Effects and guards, each by its name; a declaration names them, the interpreter runs them."""

from . import (
    claiming,
    extending,
    giving,
    guards,
    linking,
    queueing,
    riding,
    slots,
    stating,
    stock,
    telling,
    value,
)
from .underway import EFFECTS, GUARDS, Underway

__all__ = (
    "EFFECTS",
    "GUARDS",
    "Underway",
    "claiming",
    "extending",
    "giving",
    "guards",
    "linking",
    "queueing",
    "riding",
    "slots",
    "stating",
    "stock",
    "telling",
    "value",
)
