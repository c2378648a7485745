"""No page is asked with the character NUL: no database keeps it, and no form sends it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from dure.core.text import T

STRANGE = T(
    "주소에 쓸 수 없는 글자가 있습니다.", "The address holds a character that none can hold."
)


class NoNul:
    """Answer 400 to an address that holds NUL, before a view searches for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path_info:
            both = f"{STRANGE.ko}\n{STRANGE.en}\n"
            return HttpResponse(both, status=400, content_type="text/plain; charset=utf-8")
        return self.get_response(request)
