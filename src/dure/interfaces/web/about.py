"""Plain words about Dure, the glossary and the map of all pages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from dure.interfaces.web import formats, sitemap
from dure.interfaces.web.base import page
from dure.interfaces.web.glossary import glossary


def about(request: HttpRequest) -> HttpResponse:
    """Say what Dure is, who runs it, and how to get help."""
    return page(request, "web/about.html")


def words(request: HttpRequest) -> HttpResponse:
    """Show the glossary; `q` finds a word or part of one."""
    asked = request.GET.get("q", "").strip()[:60]
    low = asked.casefold()
    found = [
        word
        for word in glossary()
        if not low
        or low in word.ko.casefold()
        or low in word.en.casefold()
        or low in word.meaning_en.casefold()
    ]
    if not formats.in_korean():
        found.sort(key=lambda word: word.en.casefold())
    return page(request, "web/words.html", {"words": found, "asked": asked})


def pages(request: HttpRequest) -> HttpResponse:
    """Show every page of the menu and the footer."""
    context = {
        "public": sitemap.shown(sitemap.MENU, "", frozenset()),
        "more": sitemap.shown(sitemap.FOOTER, "", frozenset()),
        "own": sitemap.shown(
            sitemap.OWN, "", frozenset(role for entry in sitemap.OWN for role in entry.roles)
        ),
    }
    return page(request, "web/pages.html", context)
