"""What to call the people of the exchange: by the handle they chose, never by their name."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from dure.core.actors import Actor
from dure.core.text import T
from dure.ledger.models import Account

NEIGHBOUR = T("이웃", "a neighbour")


def person_called(handle: str) -> UUID | None:
    """Who chose this handle, with or without its @; None when nobody did."""
    wanted = handle.strip().removeprefix("@").lower()
    rows = Account.rows.filter(handle=wanted, owner_person__isnull=False)
    found: UUID | None = rows.values_list("owner_person_id", flat=True).first()
    return found if wanted else None


def names_of(people: Iterable[UUID | None]) -> dict[UUID, str]:
    """The handle of each person who has one; who has none is a neighbour."""
    wanted = {one for one in people if one is not None}
    found = dict.fromkeys(wanted, str(NEIGHBOUR))
    rows = Account.rows.filter(owner_person_id__in=wanted, handle__isnull=False)
    for person, handle in rows.order_by("-id").values_list("owner_person_id", "handle"):
        found[person] = f"@{handle}"
    return found


def names_for(people: Iterable[UUID | None], reader: Actor) -> dict[UUID, str]:
    """The same for who is signed in; to a visitor everybody is a neighbour, where a name beside a
    place and an hour would tell where somebody stands."""
    wanted = [one for one in people if one is not None]
    return names_of(wanted) if reader.id is not None else dict.fromkeys(wanted, str(NEIGHBOUR))
