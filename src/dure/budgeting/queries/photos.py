"""The bytes of a photo for whoever may see it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from dure.budgeting.queries.awards import stands_in_report
from dure.budgeting.queries.proposals import may_see_photo
from dure.core.actors import Actor
from dure.core.models import Upload
from dure.core.stored import path_of


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A photo's type and bytes; `sha256` serves as its tag."""

    kind: str
    content: bytes
    sha256: str


def photo(upload_id: UUID | str, actor: Actor) -> PhotoFile | None:
    """A photo of a proposal or report that the actor may see, or that the actor uploaded."""
    found: Upload | None = Upload.rows.filter(pk=upload_id, kind__startswith="image/").first()
    if found is None:
        return None
    seen = may_see_photo(found.pk, actor) or stands_in_report(found.pk, actor)
    if not (actor.behalf == found.owner or seen):
        return None
    path = path_of(found.sha256)
    if not path.is_file():
        return None
    return PhotoFile(found.kind, path.read_bytes(), found.sha256)
