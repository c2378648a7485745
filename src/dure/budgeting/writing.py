"""Writing what a proposal says: versions are added, never changed; numbers follow each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max

from dure.core import clock
from dure.core.actions import line
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.models import Upload

from .errors import BudgetCode
from .models import Call, Envelope, Field, Proposal, ProposalPhoto, ProposalVersion
from .types import PhotoIn


@dataclass(frozen=True, slots=True)
class Told:
    """What an author says of a proposal; every text parsed already."""

    title: str
    need: str
    benefits: str | None
    place: str | None
    dong: str | None
    latitude_e5: int | None
    longitude_e5: int | None
    estimate_won: int | None
    envelope: str | None
    field: str | None
    photos: Sequence[PhotoIn]


def write_version(proposal: Proposal, told: Told, actor: Actor, *, note: str = "") -> None:
    """Add the next version of a proposal with its photos.

    Raises Refusal(UNKNOWN_CODE) for an envelope or field of another call, Refusal(PHOTO) for a
    photo that the author did not upload.
    """
    call = proposal.call
    made = ProposalVersion.rows.create(
        proposal=proposal,
        number=proposal.version_count,
        title=told.title,
        need=told.need,
        benefits=told.benefits or "",
        place=told.place or "",
        dong=told.dong or "",
        latitude_e5=told.latitude_e5 if told.longitude_e5 is not None else None,
        longitude_e5=told.longitude_e5 if told.latitude_e5 is not None else None,
        estimate_won=told.estimate_won,
        envelope=envelope_of(call, told.envelope) if told.envelope else None,
        field=field_of(call, told.field) if told.field else None,
        change_note=note,
        made_by=actor.id,
        made_at=clock.now(),
        audit=line().id,
    )
    _add_photos(made, told.photos, actor)


def must_own(photos: Sequence[PhotoIn], actor: Actor) -> None:
    """Raise Refusal(PHOTO) unless each photo is another one that the actor uploaded."""
    ids = {photo.upload_id for photo in photos}
    own = [one for one in (actor.id, actor.acting_for) if one is not None]
    rows = Upload.rows.filter(id__in=ids, owner__in=own, kind__startswith="image/")
    if len(ids) != len(photos) or rows.count() != len(ids):
        raise Refusal(BudgetCode.PHOTO, field="photos")


def _add_photos(version: ProposalVersion, photos: Sequence[PhotoIn], actor: Actor) -> None:
    ids = [photo.upload_id for photo in photos]
    own = [one for one in (actor.id, actor.acting_for) if one is not None]
    rows = Upload.rows.filter(id__in=ids, owner__in=own, kind__startswith="image/")
    if len(set(ids)) != len(ids) or rows.count() != len(ids):
        kept = ProposalPhoto.rows.filter(
            version__proposal=version.proposal_id, upload__in=ids
        ).values_list("upload", flat=True)
        found = {str(one) for one in (*rows.values_list("id", flat=True), *kept)}
        if found != set(ids) or len(set(ids)) != len(ids):
            raise Refusal(BudgetCode.PHOTO, field="photos")
    ProposalPhoto.rows.bulk_create(
        ProposalPhoto(
            version=version,
            upload=photo.upload_id,
            alt=photo.alt,
            position=position,
            audit=line().id,
        )
        for position, photo in enumerate(photos)
    )


def envelope_of(call: Call, code: str) -> Envelope:
    """The envelope of a call by its code. Raises Refusal(UNKNOWN_CODE)."""
    found: Envelope | None = Envelope.rows.filter(call=call, code=code).first()
    if found is None:
        raise Refusal(BudgetCode.UNKNOWN_CODE, field="envelope", name=code)
    return found


def field_of(call: Call, code: str) -> Field:
    """The field of a call by its code. Raises Refusal(UNKNOWN_CODE)."""
    found: Field | None = Field.rows.filter(call=call, code=code).first()
    if found is None:
        raise Refusal(BudgetCode.UNKNOWN_CODE, field="field", name=code)
    return found


def next_number(call: Call) -> int:
    """The number of the next proposal of a locked call."""
    last = Proposal.rows.filter(call=call).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1


def newest(proposal: Proposal) -> ProposalVersion:
    """What a proposal says now."""
    found: ProposalVersion = proposal.versions.order_by("-number")[0]
    return found


def move(proposal: Proposal, state: Proposal.State, *, reason: str = "") -> None:
    """Give a locked proposal its new state, with the public reason where there is one."""
    line().changed("state", proposal.state, state.value)
    proposal.state, proposal.state_reason = state, reason
    proposal.entered_at, proposal.audit = clock.now(), line().id
    proposal.save(update_fields=["state", "state_reason", "entered_at", "audit"])
