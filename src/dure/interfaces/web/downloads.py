"""A file that an action wrote for one download: sent once, then gone from the spool."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from dure.core.actions import run
from dure.core.errors import Refusal
from dure.interfaces.web.base import Again, Labels, actor_of, refused
from dure.registry import spool

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def downloaded(
    request: HttpRequest,
    action: str,
    body: Mapping[str, object],
    name: str,
    kind: str,
    *,
    again: Again | None = None,
    labels: Labels | None = None,
) -> HttpResponse | FileResponse:
    """Run an action that writes a file into the spool, and send that file as an attachment.

    Without the key of the form: each download is a new one, with its own record.
    """
    reason = request.POST.get("reason", "").strip() or None
    try:
        answer = run(action, dict(body), actor_of(request), reason=reason)
    except Refusal as refusal:
        return refused(request, refusal, again=again, labels=labels)
    path = spool.path_of(answer.result.file)
    response = FileResponse(path.open("rb"), content_type=kind, as_attachment=True)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    spool.drop(answer.result.file)  # the open file lives until it is sent
    return response
