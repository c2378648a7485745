"""Bringing lists of organisations: file, columns, verdicts, store all, undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from dure.core import actions, clock, progress
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.text import T
from dure.engines.cells import CAPS, Reason, SheetRefused
from dure.engines.issues import MATTERS
from dure.interfaces.web import import_files
from dure.interfaces.web.base import (
    Form,
    act,
    actor_of,
    known_actor,
    page,
    paged,
    picked,
    refused,
    see,
)
from dure.interfaces.web.import_words import (
    AGAINST,
    ENCODINGS,
    KINDS,
    LABELS,
    STATE_KINDS,
    STATES,
    STEPS,
    VERDICTS,
)
from dure.interfaces.web.uploads import TOO_LARGE
from dure.registry import spool
from dure.registry.import_errors import refusal_of
from dure.registry.queries import imports as queries

SMALL_BYTES = 200_000
SMALL_ROWS = 1_000


def imports(request: HttpRequest) -> HttpResponse:
    """The lists brought so far, and the form to bring one."""
    actor = known_actor(request)
    if actor.id is None:
        return see(f"{reverse('account_login')}?next={request.path}")
    if request.method == "POST":
        return _bring(request, actor)
    return _list(request, actor)


def _list(request: HttpRequest, actor: Actor, form: Form | None = None) -> HttpResponse:
    scopes = _scopes(actor)
    context = {
        "rows": [_told(imp) for imp in queries.recent(actor)],
        "scopes": scopes,
        "years": [(str(y), str(y)) for y in range(clock.today().year, clock.today().year - 10, -1)],
        "year": clock.today().year - 1,
        "encodings": [(code, str(text)) for code, text in ENCODINGS],
        "cap_mb": CAPS.file_bytes // 1024**2,
        "cap_rows": CAPS.rows,
        "steps": STEPS,
    }
    if form is not None:
        context["form"] = form
    return page(request, "imports/imports.html", context, status=form.status if form else 200)


def _scopes(actor: Actor) -> list[tuple[str, str]]:
    codes = actor.scope_ids(Role.STAFF, "district")
    found = [(code, name) for code, name in queries.district_names(actor) if code in codes]
    if any(g.role is Role.STAFF and g.scope_kind == "city" for g in actor.grants):
        found = [
            (queries.CITY, str(T("서울 전체", "The whole city"))),
            *queries.district_names(actor),
        ]
    return found


def _told(
    imp: Any,
) -> dict[str, object]:  # Any: a row of the room, whose models a face does not name
    return {
        "imp": imp,
        "href": reverse("web:import", args=[imp.pk]),
        "scope": imp.district.name if imp.district else str(T("서울 전체", "The whole city")),
        "state": state_words(imp.state),
        "kind": STATE_KINDS.get(imp.state, "draft"),
    }


def state_words(state: str) -> str:
    """The state of an import in words."""
    return str(STATES[state])


def _bring(request: HttpRequest, actor: Actor) -> HttpResponse:
    def again(form: Form) -> HttpResponse:
        return _list(request, actor, form)

    file = request.FILES.get("file")
    try:
        if TOO_LARGE in request.META:
            found = int(request.META[TOO_LARGE])
            raise refusal_of(SheetRefused(Reason.FILE_BYTES, found=found, cap=CAPS.file_bytes))
        if file is None or not file.name:
            raise refusal_of(SheetRefused(Reason.EMPTY))
        name = spool.put(file.chunks(), file.name)
    except Refusal as refusal:
        return refused(request, refusal, again=again, labels=LABELS)
    year = request.POST.get("year", "")
    body: dict[str, object] = {
        "file": name,
        "file_name": file.name[-200:],
        "district": request.POST.get("district", ""),
        "year": int(year) if year.isascii() and year.isdigit() and len(year) == 4 else 0,
        "encoding": request.POST.get("encoding", ""),
    }
    if sheet := request.POST.get("sheet", "").strip():
        body["sheet"] = sheet
    response = act(
        request,
        "registry.import.open",
        body,
        success_url=lambda outcome: reverse("web:import", args=[outcome.result.id]),
        again=again,
        labels=LABELS,
    )
    assert isinstance(response, HttpResponse)
    if response.status_code != 303:
        spool.drop(name)
    return response


def one(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """One list, at whatever step it stands."""
    actor = known_actor(request)
    imp = queries.of(import_id, actor)
    return _draw(request, imp, actor)


def _draw(
    request: HttpRequest,
    imp: Any,
    actor: Actor,
    form: Form | None = None,  # Any: as in `_told`
) -> HttpResponse:
    context: dict[str, object] = {**_told(imp), "steps": STEPS, "address": reverse("web:imports")}
    if form is not None:
        context["form"] = form
    status = form.status if form else 200
    job = _job(imp, actor)
    if job is not None:
        context |= {"job": job, "now": 3 if imp.state == "opened" else 4}
        return page(request, "imports/progress.html", context, status=status)
    if imp.state == "opened":
        return page(request, "imports/columns.html", context | _columns(imp), status=status)
    if imp.state in ("judged", "refused"):
        context |= _verdicts(request, imp, actor)
        return page(request, "imports/verdicts.html", context, status=status)
    if imp.state == "applied":
        context |= {"result": queries.stored(imp)}
    return page(request, "imports/receipt.html", context, status=status)


def _job(imp: Any, actor: Actor) -> progress.View | None:  # Any: as in `_told`
    """The job that works on this list now; one that ended badly is told on the page."""
    if imp.job is None or imp.state not in ("opened", "judged"):
        return None
    try:
        job = progress.one(imp.job, actor)
    except Refusal:
        return None
    if job.is_over and (job.state != "refused" or imp.state == "judged"):
        return None
    return job


def _columns(imp: Any) -> dict[str, object]:  # Any: as in `_told`
    options = [(field.value, str(text)) for field, text in queries.FIELD_NAMES.items()]
    lines = [
        (f"c{number}", label or str(T("(제목 없음)", "(no label)")), chosen)
        for number, (label, chosen) in enumerate(zip(imp.labels, imp.columns, strict=True))
    ]
    return {"lines": lines, "options": options, "now": 2}


def _verdicts(
    request: HttpRequest, imp: Any, actor: Actor
) -> dict[str, object]:  # Any: as in `_told`
    verdict = picked(request, "verdict", VERDICTS, "reject" if imp.state == "refused" else "")
    against = picked(request, "against", AGAINST)
    rows = paged(request, queries.staged(imp, verdict=verdict, against=against))
    counts = imp.counts
    questions = [
        {
            "code": code,
            "count": number,
            "what": T(MATTERS[code].ko, MATTERS[code].en),
            "remedy": T(MATTERS[code].remedy_ko, MATTERS[code].remedy_en),
            "answer": imp.answers.get(code, ""),
        }
        for code, number in sorted(counts.get("warnings", {}).items())
    ]
    waiting = [q for q in questions if not q["answer"]]
    second = imp.state == "judged" and queries.waits_for_second(imp, actor)
    return {
        "now": 3,
        "page_rows": rows,
        "lines": [_row(imp, row) for row in rows],
        "tabs": [
            {
                "href": f"?verdict={code}",
                "title": str(text),
                "here": code == verdict and not against,
                "count": counts.get(code) if code else sum(counts.get(v, 0) for v in KINDS),
            }
            for code, text in VERDICTS.items()
        ],
        "against": [
            {
                "href": f"?against={code}",
                "title": str(text),
                "here": code == against,
                "count": counts.get(code, 0),
            }
            for code, text in AGAINST.items()
            if code
        ],
        "questions": questions,
        "choices": [
            ("so", str(T("이대로 저장", "Store so"))),
            ("hold", str(T("미뤄 두기", "Hold"))),
        ],
        "waiting": len(waiting),
        "second": second,
        "may_approve": second and imp.opener != actor.id,
        "counts": counts,
        "totals": imp.totals,
    }


def _row(imp: Any, row: Any) -> dict[str, object]:  # Any: as in `_told`
    changes = [
        (str(queries.FIELD_NAMES_BY_CODE[name]), old, new)
        for name, (old, new) in (row.changes or {}).items()
    ]
    return {
        "line": row.line,
        "name": row.name or "—",
        "kind": KINDS[row.verdict],
        "verdict": str(VERDICTS[row.verdict]),
        "against": str(AGAINST[row.against]) if row.verdict != "reject" else "",
        "held": row.held,
        "issues": queries.found(imp, row),
        "changes": changes,
    }


def _step(
    name: str, body_of: Callable[[HttpRequest, Any], dict[str, object]]
) -> Any:  # Any: a view
    """A view that posts one action on one list and comes back to its page."""

    def view(request: HttpRequest, import_id: UUID) -> HttpResponse:
        href = reverse("web:import", args=[import_id])
        if request.method != "POST":
            return see(href)
        imp = queries.of(import_id, known_actor(request))
        response = act(
            request,
            name,
            {"import_id": str(import_id), **body_of(request, imp)},
            success_url=href,
            again=lambda form: _draw(request, imp, known_actor(request), form),
            labels=LABELS,
        )
        assert isinstance(response, HttpResponse)
        return response

    return view


def columns(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Settle the columns; a short list is judged at once, a long one by the worker."""
    href = reverse("web:import", args=[import_id])
    if request.method != "POST":
        return see(href)
    actor = known_actor(request)
    imp = queries.of(import_id, actor)
    body = {
        "import_id": str(import_id),
        "columns": tuple(request.POST.get(f"c{n}", "") for n in range(len(imp.labels))),
        "later": imp.size > SMALL_BYTES,
    }

    def again(form: Form) -> HttpResponse:
        return _draw(request, imp, actor, form)

    answer = act(request, "registry.import.map", body, again=again, labels=LABELS)
    if isinstance(answer, HttpResponse):
        return answer
    if answer.result.same_as:
        return see(reverse("web:import", args=[answer.result.same_as]) + "?again=1")
    if not answer.result.job:
        try:
            actions.run("registry.import.judge", {"import_id": str(import_id)}, actor_of(request))
        except Refusal as refusal:
            return refused(request, refusal, again=again, labels=LABELS)
    return see(href)


def store(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Store the list: a short one at once, a long one by the worker."""
    actor = known_actor(request)
    imp = queries.of(import_id, actor)
    rows = sum(imp.counts.get(v, 0) for v in KINDS)
    name = "registry.import.apply" if rows <= SMALL_ROWS else "registry.import.hand"
    response: HttpResponse = _step(name, _nothing)(request, import_id)
    return response


def _answers(request: HttpRequest, imp: Any) -> dict[str, object]:  # Any: as in `_told`
    asked = imp.counts.get("warnings", {})
    given = {code: request.POST.get(f"a_{code}", "") for code in asked}
    return {
        kind: tuple(code for code, answer in given.items() if answer == kind)
        for kind in ("so", "hold")
    }


def _nothing(request: HttpRequest, imp: Any) -> dict[str, object]:  # Any: as in `_told`
    return {}


def stop(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Ask the job that works on this list to stop."""
    href = reverse("web:import", args=[import_id])
    imp = queries.of(import_id, known_actor(request))
    if request.method != "POST" or imp.job is None:
        return see(href)
    response = act(request, "core.job.cancel", {"job": str(imp.job)}, success_url=href)
    assert isinstance(response, HttpResponse)
    return response


urlpatterns = [
    path("organisations/list.csv", import_files.export, {"form": "csv"}, name="register_csv"),
    path(
        "organisations/list.xlsx",
        import_files.export,
        {"form": "xlsx"},
        name="register_xlsx",
    ),
    path("imports/", imports, name="imports"),
    path("imports/<uuid:import_id>/", one, name="import"),
    path("imports/<uuid:import_id>/columns/", columns, name="import_columns"),
    path(
        "imports/<uuid:import_id>/answer/",
        _step("registry.import.answer", _answers),
        name="import_answer",
    ),
    path(
        "imports/<uuid:import_id>/approve/",
        _step("registry.import.approve", _nothing),
        name="import_approve",
    ),
    path("imports/<uuid:import_id>/store/", store, name="import_store"),
    path(
        "imports/<uuid:import_id>/undo/",
        _step("registry.import.undo", _nothing),
        name="import_undo",
    ),
    path(
        "imports/<uuid:import_id>/cancel/",
        _step("registry.import.cancel", _nothing),
        name="import_cancel",
    ),
    path("imports/<uuid:import_id>/stop/", stop, name="import_stop"),
    path("imports/<uuid:import_id>/refused.csv", import_files.refused_rows, name="import_refused"),
]
