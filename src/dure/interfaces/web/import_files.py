"""Files that leave: refused rows of a list, the register as CSV and XLSX; and lists that wait."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse

from dure.core import clock
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.engines.tables_out import csv_lines
from dure.interfaces.web.base import actor_of, known_actor, refused
from dure.interfaces.web.things import Thing, provider
from dure.registry import spool
from dure.registry.queries import imports as queries


def refused_rows(request: HttpRequest, import_id: UUID) -> StreamingHttpResponse:
    """The refused rows as CSV: line, column, value (masked where personal), why, what to do."""
    actor = known_actor(request)
    imp = queries.of(import_id, actor)
    if imp.state != "refused":
        raise Refusal(CoreCode.NOT_FOUND)
    head = ("줄 line", "열 column", "값 value", "까닭", "할 일", "why", "what to do")
    body = (
        (f.line, f.column, f.value, f.what.ko, f.remedy.ko, f.what.en, f.remedy.en)
        for f in queries.refused(imp)
    )
    response = StreamingHttpResponse(csv_lines(head, body), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="refused-{imp.pk}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def export(request: HttpRequest, form: str) -> HttpResponse | FileResponse:
    """Download the public columns of the register, of one district or the city."""
    if request.method != "POST":
        raise Refusal(CoreCode.NOT_FOUND)
    body = {"district": request.POST.get("district") or queries.CITY, "form": form}
    try:  # without the form's key: each download is a new one, with its own record
        answer = run("registry.organisation.export", body, actor_of(request))
    except Refusal as refusal:
        return refused(request, refusal)
    kind = "text/csv; charset=utf-8" if form == "csv" else XLSX
    path_of = spool.path_of(answer.result.file)
    response = FileResponse(path_of.open("rb"), content_type=kind, as_attachment=True)
    response["Content-Disposition"] = f'attachment; filename="organisations-{clock.today()}.{form}"'
    response["Cache-Control"] = "private, no-store"
    spool.drop(answer.result.file)  # the open file lives until it is sent
    return response


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@provider
def waiting_imports(actor: Actor) -> list[Thing]:
    """Lists that wait for an answer, or for me as the second person."""
    if actor.id is None or not any(g.role in (Role.STAFF, Role.OFFICIAL) for g in actor.grants):
        return []
    told = []
    for imp in queries.recent(actor, limit=10):
        href = reverse("web:import", args=[imp.pk])
        if imp.state == "judged" and imp.opener == actor.id:
            title, why = (
                T("올린 명단 확인하기", "Check a list you brought"),
                T("아직 저장하지 않았습니다.", "It is not stored yet."),
            )
        elif imp.state == "judged" and imp.approver is None and queries.is_long(imp):
            title, why = (
                T("명단 승인하기", "Approve a list"),
                T("긴 명단은 두 번째 사람이 봅니다.", "A long list needs a second person."),
            )
        else:
            continue
        told.append(Thing(str(title), f"{imp.file_name} · {why}", href, icon="upload"))
    return told[:3]
