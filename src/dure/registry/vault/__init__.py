"""The identity vault: names, phones, addresses, encrypted per person, every read logged.

Rooms above use: `store`, `store_many`, `read`, `masked_names`, `find`, `find_named`, `erase`,
`holding`/`held`, `keep`/`collect`, `number_token`, `purpose_token`.
"""

from dure.registry.vault.held import NotHeld, held, holding
from dure.registry.vault.records import (
    Access,
    Entry,
    accesses,
    address_schemes,
    address_stamp,
    erase,
    find,
    find_named,
    masked,
    masked_names,
    read,
    store,
    store_many,
)
from dure.registry.vault.ring import draw_seeds, number_token, purpose_token, ring, roll_tokens
from dure.registry.vault.sealed import NotYet, Sealed, collect, keep

__all__ = (
    "Access", "Entry", "NotHeld", "NotYet", "Sealed", "accesses", "address_schemes",
    "address_stamp", "collect", "draw_seeds", "erase", "find", "find_named", "held", "holding",
    "keep", "masked", "masked_names", "number_token", "purpose_token", "read", "ring",
    "roll_tokens", "store", "store_many",
)  # fmt: skip
