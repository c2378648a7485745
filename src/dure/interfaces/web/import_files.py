"""Files that leave: refused rows of a list, the register as CSV and XLSX; and lists that wait."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse

from dure.core import clock
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.engines.tables_out import csv_lines
from dure.interfaces.web.base import known_actor
from dure.interfaces.web.downloads import TYPES, downloaded
from dure.interfaces.web.things import Thing, provider
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
    name = f"organisations-{clock.today()}.{form}"
    return downloaded(request, "registry.organisation.export", body, name, TYPES.get(form, ""))


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
