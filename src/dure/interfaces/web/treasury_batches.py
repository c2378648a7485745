"""Many payments of a book from one file: columns, verdict a row, all or nothing, receipt."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from dure.core.errors import CoreCode, Refusal


def batch(request: HttpRequest, book_id: int) -> HttpResponse:
    """Bring a file of payments in."""
    raise Refusal(CoreCode.NOT_FOUND)


urlpatterns = [path("treasury/books/<int:book_id>/batch/", batch, name="treasury_batch")]
