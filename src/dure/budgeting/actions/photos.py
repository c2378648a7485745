"""Photos: taken in without what the camera wrote beside the picture, kept under their hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from uuid import uuid4

from pydantic import Field as Bound

from dure.budgeting import policies
from dure.budgeting.errors import BudgetCode
from dure.core import clock, stored
from dure.core.actions import action, line
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.models import Upload
from dure.engines import pictures

Content = Annotated[bytes, Bound(min_length=1, max_length=pictures.BYTES_MAX)]


@dataclass(frozen=True, slots=True)
class PhotoRef:
    """A stored photo; its id goes into a proposal's `photos`."""

    id: str
    kind: str
    width: int
    height: int


@action(
    "budgeting.photo.store",
    ko="제안에 붙일 사진을 올립니다.",
    en="Upload a photo for a proposal.",
    policy=policies.may_propose,
    letters=policies.EVERYBODY,
    idempotent=True,
    for_another=True,
    faces=("web", "cli"),
    writes=("core_upload",),
    refusals=(BudgetCode.NO_PICTURE,),
)
def store_photo(content: Content, *, actor: Actor) -> PhotoRef:
    """Keep a JPEG or PNG, rewritten: no place, no time, no maker stays in it.

    Effects: Upload; the file lies under its hash outside the web root and is shown only through
    a page that asks who may see it.
    """
    assert actor.behalf is not None, "the policy lets persons alone through"
    try:
        made = pictures.cleaned(content)
    except pictures.NoPicture:
        raise Refusal(BudgetCode.NO_PICTURE, field="content") from None
    sha256 = stored.keep(made.content)
    row = Upload(
        id=uuid4(),
        owner=actor.behalf,
        scope_kind="person",
        scope_id=str(actor.behalf),
        sha256=sha256,
        kind=made.kind,
        size=len(made.content),
        made_at=clock.now(),
        audit=line().id,
    )
    row.save(force_insert=True)
    line().object("core.upload", row.id)
    return PhotoRef(str(row.id), made.kind, made.width, made.height)
