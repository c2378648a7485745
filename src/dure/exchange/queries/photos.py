"""Photos of cases, for their parties and for those who work for the host."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dure.core.actors import Actor
from dure.core.models import Upload
from dure.core.stored import path_of
from dure.exchange.models import Agreement, Attestation


@dataclass(frozen=True, slots=True)
class CasePhoto:
    """A photo in the order taken: of which moment, and what it shows."""

    upload: str
    moment: str
    alt: str
    at: datetime
    is_mine: bool


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A photo's type and bytes; `sha256` serves as its tag."""

    kind: str
    content: bytes
    sha256: str


def of_case(agreement: Agreement, actor: Actor) -> list[CasePhoto]:
    """The photos of a case that the reader sees, oldest first."""
    rows = Attestation.rows.filter(agreement=agreement, kind=Attestation.Kind.PHOTO)
    return [
        CasePhoto(
            str(row.value["upload"]),
            str(row.value["moment"]),
            str(row.value["alt"]),
            row.made_at,
            actor.behalf is not None and actor.behalf in (row.by, row.acted_for),
        )
        for row in rows.order_by("seq")
    ]


def photo(upload_id: UUID, actor: Actor) -> PhotoFile | None:
    """A photo of a case in the actor's scope, or None."""
    found: Upload | None = Upload.rows.filter(pk=upload_id, scope_kind="agreement").first()
    if found is None:
        return None
    if not Agreement.objects.within(actor).filter(id=found.scope_id).exists():
        return None
    path = path_of(found.sha256)
    if not path.is_file():
        return None
    return PhotoFile(found.kind, path.read_bytes(), found.sha256)
