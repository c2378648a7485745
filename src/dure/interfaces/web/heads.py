"""The heads of the sealed chains: on the dashboard's foot, on a page of their own, as a file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from dure.core import heads
from dure.core.heads import Head
from dure.core.text import T
from dure.interfaces.web.base import page, paged

NAMES = {
    "core.audit": T("감사 기록", "audit"),
    "registry.access": T("신원 금고 접속 기록", "vault access log"),
    "journal.event": T("사건 기록", "journal"),
    "indicators.release": T("공표본", "releases"),
    "ledger.seal": T("원장", "ledger"),
}


def name_of(chain: str) -> str:
    """The records of a chain in words; a chain nobody named yet keeps its own name."""
    return str(NAMES.get(chain, T(chain, chain)))


def told() -> list[tuple[str, Head]]:
    """The newest head of every chain that has a seal, with its name in words."""
    return [(name_of(one.chain), one) for one in heads.newest() if one.number > 0]


@require_safe
def heads_page(request: HttpRequest) -> HttpResponse:
    """Draw the heads now, and those that were published, newest first."""
    found = paged(request, heads.published()[::-1])
    rows = [(name_of(one.chain), one) for one in found]
    return page(request, "core/heads.html", {"heads": told(), "rows": rows, "page": found})


@require_safe
def heads_file(request: HttpRequest) -> HttpResponse:
    """Send the public list of heads: what a bundle, or a copy kept elsewhere, is compared with."""
    return HttpResponse(heads.text(), content_type="text/plain; charset=ascii")


urlpatterns = [
    path("data/heads/", heads_page, name="heads_page"),
    path("data/heads.txt", heads_file, name="heads"),
]
