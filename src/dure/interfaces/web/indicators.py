"""Open data: releases, their files and cells, definitions, how to verify."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from dure.core.errors import Refusal
from dure.indicators import queries, words
from dure.interfaces.web import formats, numbers
from dure.interfaces.web.base import page, paged, picked
from dure.interfaces.web.releases import urlpatterns as desk

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "txt": "text/plain; charset=ascii",
}


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Draw the front page of open data."""
    return page(request, "indicators/data.html", {"releases": _told(), "newest": queries.newest()})


def _told() -> list[tuple[queries.Published, str, object]]:
    return [
        (one, numbers.period_text(one.period), words.VINTAGES[one.vintage])
        for one in queries.releases()
    ]


@require_safe
def release(request: HttpRequest, number: int) -> HttpResponse:
    """Draw one release: what it is, its files, its head, its cells by indicator."""
    one = queries.release_by_number(number)
    meanings = queries.meanings(one)
    return page(
        request,
        "indicators/release.html",
        {
            "release": one,
            "period": numbers.period_text(one.period),
            "vintage": words.VINTAGES[one.vintage],
            "files": queries.file_names(one),
            "meanings": [
                (m.code, numbers.name_of(m), m.measured, m.recomputable) for m in meanings
            ],
        },
    )


@require_safe
def cells(request: HttpRequest, number: int) -> HttpResponse:
    """Draw the cells of one indicator of a release, page by page."""
    one = queries.release_by_number(number)
    meanings = {m.code: m for m in queries.meanings(one)}
    code = picked(request, "indicator", meanings, "N4")
    known = queries.districts()
    place = picked(request, "district", frozenset(row[0] for row in known))
    names = {row[0]: row[1] if formats.in_korean() else row[2] for row in known}
    found = paged(request, queries.cell_table(one, code, place), size=60)
    rows = [
        (
            numbers.period_text(cell.period),
            names[cell.place],
            cell.breakdown,
            numbers.point("", cell, meanings[code]),
            cell,
        )
        for cell in found
    ]
    return page(
        request,
        "indicators/cells.html",
        {
            "release": one,
            "meaning": meanings[code],
            "name": numbers.name_of(meanings[code]),
            "unit": words.UNITS[meanings[code].unit],
            "indicators": [(c, f"{c} {numbers.name_of(m)}") for c, m in meanings.items()],
            "districts": list(names.items()),
            "code": code,
            "district": place,
            "rows": rows,
            "page": found,
        },
    )


@require_safe
def bundle(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """Send the container of a release; it never changes."""
    one = queries.release_by_number(number)
    if name != one.name:
        raise Http404
    return _unchanging(queries.bundle(one), "application/zip", f"{one.name}.zip", one.zip_digest)


@require_safe
def release_file(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """Send one file of a release."""
    one = queries.release_by_number(number)
    digests = dict(queries.file_names(one))
    content = queries.file(one, name)
    kind = TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    return _unchanging(content, kind, name.replace("/", "-"), digests[name])


def _unchanging(content: bytes, kind: str, name: str, digest: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["ETag"] = f'"{digest}"'
    return response


@require_safe
def definitions(request: HttpRequest) -> HttpResponse:
    """Draw every definition under its heading, the unmeasured ones too."""
    meanings = queries.meanings()
    sections = [
        (
            title,
            [(m, numbers.name_of(m), words.UNITS[m.unit]) for m in meanings if m.heading == code],
        )
        for code, title in words.HEADINGS.items()
    ]
    return page(request, "indicators/definitions.html", {"sections": sections})


@require_safe
def definition(request: HttpRequest, code: str) -> HttpResponse:
    """Draw one definition: what it is, formula, population, exclusions, rules, how to object."""
    versions = queries.meaning_versions(code)
    meaning = versions[0]
    newest = queries.newest()
    return page(
        request,
        "indicators/definition.html",
        {
            "meaning": meaning,
            "name": numbers.name_of(meaning),
            "unit": words.UNITS[meaning.unit],
            "heading": words.HEADINGS[meaning.heading],
            "aggregation": words.AGGREGATIONS[meaning.aggregation],
            "disclosure": words.CLASSES[meaning.disclosure],
            "rules": _rules(meaning),
            "factors": queries.factors(newest) if newest and meaning.all_of else [],
            "versions": versions,
            "newest": newest,
        },
    )


def _rules(meaning: queries.Meaning) -> list[tuple[str, str, str]]:
    keys = [meaning.floor_rule, meaning.k_rule, meaning.fte_rule]
    found = []
    for key in filter(None, keys):
        try:
            found.append((key, *queries.rule_text(key)))
        except Refusal:
            continue
    return found


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Tell how anybody checks a release with their own machine."""
    return page(request, "indicators/verify.html", {"newest": queries.newest()})


urlpatterns = [
    path("data/", data, name="data"),
    path("data/verify/", verify, name="verify"),
    path("data/definitions/", definitions, name="definitions"),
    path("data/definitions/<slug:code>/", definition, name="definition"),
    path("data/releases/<int:number>/", release, name="release"),
    path("data/releases/<int:number>/cells/", cells, name="release_cells"),
    path("data/releases/<int:number>/<slug:name>.zip", bundle, name="release_bundle"),
    path("data/releases/<int:number>/files/<path:name>", release_file, name="release_file"),
    *desk,
]
