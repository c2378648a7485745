"""Proposals like the one that is being written: by words and by place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from django.db.models import Count, F, Max

from dure.budgeting.models import Call, Moderation, ProposalVersion
from dure.core import rulebook
from dure.core.actors import Actor
from dure.engines import similarity

SHOWN_MAX = 5
ALIVE = ("sent", "returned", "accepted", "project")


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """A proposal that is alike in words (parts per million) or lies near (metres)."""

    id: UUID
    number: int
    title: str
    need: str
    likeness_ppm: int
    metres: int | None


@dataclass(frozen=True, slots=True)
class _Known:
    """The living proposals of a call, ready to be compared with."""

    rows: tuple[tuple[UUID, int, str, str, int | None, int | None], ...]
    corpus: similarity.Corpus


def similar(
    call_id: UUID | str,
    actor: Actor,
    *,
    title: str,
    need: str = "",
    latitude_e5: int | None = None,
    longitude_e5: int | None = None,
    without: UUID | None = None,
) -> tuple[SimilarRow, ...]:
    """At most five living proposals of a call that are like some words, the most alike first.

    Alike is whose text reaches the call's own threshold; who lies within the rule's distance
    needs half of it. Source: rulebook `budgeting.similar_ppm`, `budgeting.similar_metres`.
    """
    call: Call | None = Call.objects.within(actor).filter(pk=call_id).first()
    words = f"{title} {need}".strip()
    if call is None or len(words) < 2:
        return ()
    rows = _versions(call.pk)
    mark = rows.aggregate(last=Max("pk"), moved=Max("proposal__entered_at"), count=Count("pk"))
    acts = Moderation.rows.filter(proposal__call=call).aggregate(last=Max("pk"))
    known = _known(call.pk, mark["last"], f"{mark['moved']} {mark['count']} {acts['last']}")
    near_m = rulebook.value("budgeting.similar_metres").integer
    here = None
    if latitude_e5 is not None and longitude_e5 is not None:
        here = (latitude_e5, longitude_e5)
    found = []
    alike = similarity.likeness(words, known.corpus)
    for (pk, number, said, why, lat, lon), ppm in zip(known.rows, alike, strict=True):
        if pk == without:
            continue
        metres = None
        if here is not None and lat is not None and lon is not None:
            metres = similarity.metres_between(here, (lat, lon))
        is_near = metres is not None and metres <= near_m
        if ppm >= (call.similar_ppm // 2 if is_near else call.similar_ppm):
            found.append(SimilarRow(pk, number, said, why[:200], ppm, metres))
    found.sort(key=lambda row: (-row.likeness_ppm, row.number))
    return tuple(found[:SHOWN_MAX])


def _versions(call_id: UUID):  # type: ignore[no-untyped-def]  # a queryset of ProposalVersion
    return ProposalVersion.rows.filter(
        proposal__call=call_id,
        proposal__state__in=ALIVE,
        proposal__is_hidden=False,
        number=F("proposal__version_count"),
    )


@lru_cache(maxsize=16)
def _known(call_id: UUID, last: int | None, moved: str) -> _Known:
    """Kept until a version is written, or a proposal changes its state or is hidden."""
    rows = tuple(
        (
            one.proposal_id,
            one.proposal.number,
            one.title,
            one.need,
            one.latitude_e5,
            one.longitude_e5,
        )
        for one in _versions(call_id).select_related("proposal").order_by("proposal__number")
    )
    return _Known(rows, similarity.corpus([f"{row[2]} {row[3]}" for row in rows]))
