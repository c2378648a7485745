"""What the keeper of a book or a payee gives back, told to the room whose case had paid it.

Law: in the same transaction, after the posting. The ledger knows no cases: it names its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dure.core.ports import Port

GivenBack = Callable[[Sequence[int]], None]  # ids of the rows that went back, whole or in part
GIVEN_BACK: Port[GivenBack] = Port("ledger.given_back", served_by="exchange")
