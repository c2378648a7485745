"""What a signed-in person sees is kept by no cache, whichever view drew it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase


class PrivateMiddleware:
    """Say `private, no-store` on every answer to a request that brings a session."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            answer["Cache-Control"] = "private, no-store"
        return answer
