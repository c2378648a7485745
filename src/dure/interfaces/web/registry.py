"""The public register: search, map, one organisation, open list as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.urls import path, reverse

from dure.core import parsers
from dure.core.errors import Refusal
from dure.core.text import T
from dure.interfaces.web import formats, registry_desk, registry_forms, registry_mine, registry_ties
from dure.interfaces.web.base import known_actor, page, picked, refused, see
from dure.interfaces.web.charts import Point
from dure.interfaces.web.maps import district_map
from dure.registry import words
from dure.registry.queries import desk
from dure.registry.queries import organisations as queries
from dure.registry.queries.search import COUNT_MAX, Filters, Found, Result, search

EXPORT_MAX = 20_000
EXPORT_PAGE = 500
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MAP_BOUNDS = (5, 10, 50, 500)


def filters_of(request: HttpRequest) -> Filters:
    """What the address asks for; values that are on no list are left out."""
    districts = frozenset(code for code, _ in queries.district_options())
    return Filters(
        text=request.GET.get("q", "")[:100],
        district=picked(request, "district", districts),
        status=picked(request, "status", words.STATUSES),
        state=picked(request, "state", words.STATES),
        on=_day(request.GET.get("on", "")),
    )


def _day(text: str) -> date | None:
    try:
        return parsers.form_date(text) if text else None
    except parsers.ParseError:
        return None


def organisations(request: HttpRequest) -> HttpResponse:
    """Search and filter; cards on a phone, a table on a desk."""
    filters = filters_of(request)
    after = request.GET.get("after", "")
    found = Result((), 0, False, None) if filters.too_short else search(filters, after=after)
    actor = known_actor(request)
    context = {
        "filters": filters,
        "rows": [_row(row) for row in found.rows],
        "count": _counted(found),
        "next": _address(request, after=found.after) if found.after else "",
        "first": _address(request) if after else "",
        "short": filters.too_short,
        "is_filtered": bool(request.GET.get("q") or _query(filters)),
        "export": f"{reverse('web:organisations_found')}?{_address(request).lstrip('?')}",
        "map": f"{reverse('web:organisations_map')}?{_query(filters)}",
        **_options(),
        "may_register": registry_forms.may_register(actor),
    }
    return page(request, "registry/organisations.html", context)


def _options() -> dict[str, object]:
    return {
        "districts": queries.district_options(),
        "statuses": words.options(words.STATUSES),
        "states": words.options(words.STATES),
    }


def _row(row: Found) -> dict[str, object]:
    return {
        "href": reverse("web:organisation", args=[row.id]),
        "name": row.name,
        "former": row.former,
        "district": queries.district_name(row.district),
        "state": words.word(words.STATES, row.state),
        "state_kind": words.STATE_KINDS.get(row.state or "", "draft"),
        "statuses": [words.word(words.STATUSES, code) for code in row.statuses],
    }


def _counted(found: Result) -> str:
    return f"{COUNT_MAX:,}+" if found.is_more else f"{found.count:,}"


def _address(request: HttpRequest, **changes: str | None) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    for name, value in changes.items():
        if value:
            query[name] = value
    return f"?{query.urlencode()}"


def _query(filters: Filters) -> str:
    query = QueryDict(mutable=True)
    for name in ("district", "status", "state"):
        if getattr(filters, name):
            query[name] = getattr(filters, name)
    if filters.on:
        query["on"] = filters.on.isoformat()
    return query.urlencode()


def organisations_map(request: HttpRequest) -> HttpResponse:
    """How many organisations stand in each district; each leads to its list."""
    asked = filters_of(request)
    filters = Filters(status=asked.status, state=asked.state, on=asked.on)
    counts = queries.counts_by_district(filters)
    here = reverse("web:organisations")
    points = {
        code: Point(
            name,
            counts.get(code, 0),
            str(T("%(n)s곳", "%(n)s") % {"n": f"{counts.get(code, 0):,}"}),
            href=f"{here}?{_query(Filters('', code, filters.status, filters.state, filters.on))}",
        )
        for code, name in queries.district_options()
    }
    when = formats.day(filters.on) if filters.on else str(T("오늘", "today"))
    drawn = district_map(
        str(T("자치구마다 있는 조직", "Organisations by district")),
        points,
        MAP_BOUNDS,
        unit=str(T("곳", "organisations")),
        period=when,
        source=str(T("두레 등록부", "Dure register")),
        tiles=request.GET.get("tiles") == "1",
    )
    context = {"map": drawn, "filters": filters, "total": f"{sum(counts.values()):,}", **_options()}
    return page(request, "registry/map.html", context)


def organisation(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """One organisation; a merged entry leads to the one that was kept."""
    actor = known_actor(request)
    try:
        one = queries.detail(str(organisation_id), actor)
    except Refusal as refusal:
        return refused(request, refusal)
    kept = queries.kept_id(str(organisation_id), actor)
    if kept is not None:
        return see(reverse("web:organisation", args=[kept]))
    context = {
        "one": one,
        "facts": _facts(one),
        "state": words.word(words.STATES, one.state),
        "state_kind": words.STATE_KINDS.get(one.state or "", "draft"),
        "statuses": [_status(row) for row in one.statuses],
        "years": [_year(row) for row in one.years],
        "history": queries.history(one.id),
        "merges": desk.merges_of(one.id, actor) if one.may.merge else [],
        "district_href": f"{reverse('web:organisations')}?district={one.district}",
    }
    return page(request, "registry/organisation.html", context)


def _facts(one: queries.Detail) -> list[tuple[str, str]]:
    names = {"biz": "biz_number", "corp": "corp_number"}
    told = [
        ("form", words.word(words.FORMS, one.form)),
        ("name_en", one.name_en),
        ("district", queries.district_name(one.district)),
        ("address", one.address),
        ("founded_on", formats.day(one.founded_on, weekday=False) if one.founded_on else ""),
        ("ended_on", formats.day(one.ended_on, weekday=False) if one.ended_on else ""),
        *((names[scheme], digits) for scheme, digits in one.numbers),
        *one.contacts,
    ]
    return [(words.word(words.FIELDS, name), value) for name, value in told if value]


def _status(row: queries.StatusRow) -> dict[str, object]:
    return {
        "id": row.id,
        "name": words.word(words.STATUSES, row.code),
        "begins": row.begins,
        "ends": row.ends,
        "known": words.word(words.CLASSES, row.evidence_class),
        "is_confirmed": row.evidence_class == "C",
        "issuer": row.issuer,
        "is_now": row.is_now,
    }


def _year(row: queries.YearRow) -> dict[str, object]:
    return {
        "id": row.id,
        "year": row.year,
        "kind": words.word(words.YEAR_KINDS, row.kind),
        "value": _amount(row.kind, row.value),
        "before": _amount(row.kind, row.before) if row.before is not None else "",
        "source": row.source,
        "known": words.word(words.CLASSES, row.evidence_class),
        "stated_at": row.stated_at,
    }


def _amount(kind: str, value: int) -> str:
    if kind in ("sales", "capital"):
        return formats.won(value)
    if kind == "fte_minutes":
        return formats.hours(value)
    return str(T("%(n)s명", "%(n)s") % {"n": f"{value:,}"})


def organisations_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The public columns of what was found, at most 20,000 rows; UTF-8 with a byte order mark."""
    filters = filters_of(request)
    answer = StreamingHttpResponse(_lines(filters), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="organisations.csv"'
    return answer


def _lines(filters: Filters) -> Iterator[str]:
    names = ("id", "name", "name_en", "form", "district", "state", "statuses")
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow(names))
    after: str | None = ""
    for _ in range(EXPORT_MAX // EXPORT_PAGE):
        found = search(filters, after=after, size=EXPORT_PAGE)
        for row in found.rows:
            cells = (
                str(row.id), row.name, row.name_en, row.form, row.district, row.state or "",
                " ".join(row.statuses),
            )  # fmt: skip
            yield str(writer.writerow([_neutral(cell) for cell in cells]))
        after = found.after
        if after is None:
            return


class _Echo:
    """A file that gives each line back instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def _neutral(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


urlpatterns = [
    path("organisations/", organisations, name="organisations"),
    path("organisations/map/", organisations_map, name="organisations_map"),
    path("organisations.csv", organisations_csv, name="organisations_found"),
    *registry_forms.urlpatterns,
    *registry_ties.urlpatterns,
    *registry_mine.urlpatterns,
    *registry_desk.urlpatterns,
    path("organisations/<uuid:organisation_id>/", organisation, name="organisation"),
]
