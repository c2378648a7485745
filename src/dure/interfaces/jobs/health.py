"""`/health`: the process answers, no database asked. `/ready`: everything it needs is there."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dure.core.readiness import readiness


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"ok": True})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    checks = readiness()
    told = [
        {
            "name": check.name,
            "ok": check.ok,
            **({"ko": check.remedy.ko, "en": check.remedy.en} if check.remedy else {}),
        }
        for check in checks
    ]
    good = all(check.ok for check in checks)
    return JsonResponse(
        {"ok": good, "checks": told},
        status=200 if good else 503,
        json_dumps_params={"ensure_ascii": False},
    )


urlpatterns = [path("health", health, name="health"), path("ready", ready, name="ready")]
