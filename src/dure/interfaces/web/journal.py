"""The journal's public pages, labels and factors, and the steward's desk."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from dure.core.actors import Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.interfaces.web.base import known_actor, page, paged
from dure.journal import queries, words

STEWARDS = (Role.OFFICIAL, Role.ANALYST, Role.AUDITOR, Role.STAFF)


def labels(request: HttpRequest) -> HttpResponse:
    """All labels in use: what is counted, in which unit, what is left out."""
    rows = [
        {"label": label, "unit": words.unit(label.unit), "sector": words.sector(label.sector)}
        for label in queries.labels_in_use()
    ]
    return page(request, "journal/labels.html", {"rows": rows})


def label(request: HttpRequest, code: str) -> HttpResponse:
    """One label with all its versions."""
    versions = queries.label_versions(code)
    if not versions:
        raise Http404
    newest = versions[0]
    return page(
        request,
        "journal/label.html",
        {
            "label": newest,
            "versions": versions,
            "unit": words.unit(newest.unit),
            "sector": words.sector(newest.sector),
            "place": words.DISTRICT_RULES[newest.district_rule],
            "floor": words.EVIDENCE[newest.evidence_floor],
            "evidence": list(words.EVIDENCE.items()),
            "dims": [(words.dim(key), len(values)) for key, values in newest.dims.items()],
            "codes": sorted(newest.codes.items()),
        },
    )


def factors(request: HttpRequest) -> HttpResponse:
    """Conversion factors with their source; one that is not known yet says so."""
    rows = paged(request, queries.factors(), 50)
    shown = [{"factor": factor, "value": words.factor_value(factor)} for factor in rows]
    return page(request, "journal/factors.html", {"rows": rows, "shown": shown})


def desk(request: HttpRequest) -> HttpResponse:
    """The steward's desk: late, weak and factorless events by label; no event itself."""
    actor = known_actor(request)
    if not any(actor.has(role) for role in STEWARDS):
        role = T("라벨 관리자", "data steward")
        raise Refusal(CoreCode.NOT_ALLOWED, role=role)
    return page(request, "journal/desk.html", {"rows": queries.steward_desk()})


urlpatterns = [
    path("data/labels/", labels, name="labels"),
    path("data/labels/<str:code>/", label, name="label"),
    path("data/factors/", factors, name="factors"),
    path("desk/labels/", desk, name="label_desk"),
]
