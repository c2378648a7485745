"""Reconciling an account of a book with its bank: files in, pairs confirmed, rest explained."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from dure.core.errors import CoreCode, Refusal


def reconcile(request: HttpRequest, book_id: int) -> HttpResponse:
    """What differs between the book and the bank."""
    raise Refusal(CoreCode.NOT_FOUND)


urlpatterns = [
    path("treasury/books/<int:book_id>/reconcile/", reconcile, name="treasury_reconcile")
]
