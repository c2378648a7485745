"""Letters to an address of the vault: opened and sent after the commit of the action that read it.

A link in a letter is computed here and stored nowhere: it stands in no notice and no job.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.notices import ADDRESS, Device, Ways
from dure.core.text import T
from dure.registry.models import Device as DeviceRow
from dure.registry.models.devices import SLOTS
from dure.registry.vault import records
from dure.registry.vault.sealed import Sealed

SENDER = "core.notices"
WHY = "알림을 보냅니다."


class NoticeWays:
    """The ways to a person, sealed until the log row of their reading is committed."""

    def __init__(self, answer: Sealed[dict[str, str]]) -> None:
        self._answer = answer

    def open(self) -> Ways:
        """Return the confirmed mail address and the devices. Raises NotYet."""
        cells = self._answer.open()
        devices = (
            Device(slot, **json.loads(cells[f"push_{slot}"]))
            for slot in SLOTS
            if f"push_{slot}" in cells
        )
        return Ways(cells.get("mail"), tuple(devices))


@ADDRESS.plug
def ways_to(person_id: UUID) -> NoticeWays | None:
    """Read where notices of a person go; None for whoever has no confirmed mail and no device."""
    fields = ["mail"] if "mail" in records.address_schemes(person_id) else []
    slots = DeviceRow.rows.filter(person_id=person_id, dropped_at=None).values_list(
        "slot", flat=True
    )
    fields += [f"push_{slot}" for slot in slots]
    if not fields:
        return None
    try:
        answer = records.read(
            person_id, fields, actor=Actor.timer(SENDER), purpose="notice", reason=WHY
        )
    except Refusal:
        return None
    return NoticeWays(answer)


def send_after_commit(
    answer: Sealed[dict[str, str]], field: str, subject: T, text: T, path: Callable[[], str]
) -> None:
    """Send one letter when the running transaction is committed; nobody is told when it fails.

    text : both languages; the link stands below it
    path : of the page the letter leads to, asked after the commit
    """

    def send() -> None:
        address = answer.open().get(field)
        if not address:
            return
        base, page = getattr(settings, "DURE_ADDRESS", ""), path()
        body = f"{text.ko}\n{base}{page}\n\n---\n\n{text.en}\n{base}/en{page}\n"
        EmailMessage(subject=f"{subject.ko} · {subject.en}", body=body, to=[address]).send(
            fail_silently=True
        )

    transaction.on_commit(send)
