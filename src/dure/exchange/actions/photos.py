"""Photos of a case: how a thing was when it went out, came back or was handed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import uuid4

from pydantic import Field

from dure.core import clock, rulebook, stored
from dure.core.actions import action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.models import Upload
from dure.core.types import Line, UuidText
from dure.engines import pictures
from dure.exchange import policies, proofs, subjects
from dure.exchange.cases import is_party
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement, Attestation

from .agreements import PARTIES

Content = Annotated[bytes, Field(min_length=1, max_length=pictures.BYTES_MAX)]
Moment = Literal["check_out", "check_in", "damage", "complain", "handed_in", "other"]
MOST_RULE = "exchange.photo.most"


@dataclass(frozen=True, slots=True)
class PhotoRef:
    """A stored photo of a case."""

    id: str
    kind: str
    width: int
    height: int


@action(
    "exchange.photo.add",
    ko="약속에 사진을 붙입니다.",
    en="Add a photo to an agreement.",
    policy=policies.may_note,
    letters={**PARTIES, Role.STAFF: "od"},
    subject=subjects.agreement,
    lock=subjects.lock_agreement,
    idempotent=True,
    for_another=True,
    faces=("web", "cli"),
    writes=("core_upload", "exchange_attestation"),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.NO_PICTURE, ExchangeCode.TOO_MANY_PHOTOS),
)
def add_photo(
    agreement_id: UuidText,
    content: Content,
    moment: Moment = "other",
    alt: Line | None = None,
    *,
    actor: Actor,
) -> PhotoRef:
    """Keep a JPEG or PNG beside a case, rewritten: no place, no time, no maker stays in it.

    alt : what it shows, for who cannot see it
    Effects: Upload, and an Attestation of kind photo by whoever took it. The parties and those
    who work for the host see it, nobody else. Source: rulebook `exchange.photo.most`.
    """
    found = subject(Agreement)
    assert actor.behalf is not None, "the policy lets persons alone through"
    rows = Attestation.rows.filter(agreement=found, kind=Attestation.Kind.PHOTO)
    most = rulebook.value(MOST_RULE).integer
    if rows.count() >= most:
        raise Refusal(ExchangeCode.TOO_MANY_PHOTOS, count=most)
    try:
        made = pictures.cleaned(content)
    except pictures.NoPicture:
        raise Refusal(ExchangeCode.NO_PICTURE, field="content") from None
    row = Upload(
        id=uuid4(),
        owner=actor.behalf,
        scope_kind="agreement",
        scope_id=str(found.id),
        sha256=stored.keep(made.content),
        kind=made.kind,
        size=len(made.content),
        made_at=clock.now(),
        audit=line().id,
    )
    row.save(force_insert=True)
    value: dict[str, object] = {"upload": str(row.id), "moment": moment, "alt": alt or ""}
    role = "party" if is_party(found, actor) else "coordinator"
    proofs.attest(found, Attestation.Kind.PHOTO.value, value, actor, role)
    line().object("exchange.agreement", found.id)
    line().organisation(found.organisation_id)
    line().changed("photo", None, moment)
    return PhotoRef(str(row.id), made.kind, made.width, made.height)
