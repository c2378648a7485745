"""Where browsers tell what a page tried against its own policy."""

from __future__ import annotations

import json
import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

BYTES_MAX = 8192
log = logging.getLogger("dure.csp")


@csrf_exempt  # browsers send this report without a token; it changes nothing
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Log the directive and the kind of source that were refused; no address with parameters."""
    try:
        told = json.loads(request.read(BYTES_MAX))
        report = dict(told)["csp-report"]
        directive = str(report.get("effective-directive") or report.get("violated-directive", ""))[
            :80
        ]
        page = str(report.get("document-uri", "")).split("?")[0][:200]
    except (ValueError, TypeError, KeyError, AttributeError):
        return HttpResponse(status=400)
    log.warning("csp directive=%s page=%s", directive, page)
    return HttpResponse(status=204)
