"""What every template knows: menu, languages, demo banner, who is signed in."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils import translation

from dure.core import assurance
from dure.interfaces.web import sitemap, source
from dure.interfaces.web.base import known_actor


@dataclass(frozen=True, slots=True)
class Language:
    """A language with the address of the present page in it."""

    code: str
    name: str
    href: str
    active: bool


def languages(request: HttpRequest) -> list[Language]:
    """Give the present page's address in each language; query parameters are kept on a read."""
    active = "ko" if not (translation.get_language() or "ko").startswith("en") else "en"
    here = request.get_full_path() if request.method == "GET" else request.path
    return [
        Language(code, name, here if code == active else translate_url(here, code), code == active)
        for code, name in settings.LANGUAGES
    ]


def roles_of(request: HttpRequest) -> frozenset[str]:
    """Give the names of the roles in force for who asks."""
    return frozenset(grant.role.name for grant in known_actor(request).grants)


def shell(request: HttpRequest) -> dict[str, object]:
    """Give the context of base.html."""
    user = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    roles = roles_of(request) if signed_in else frozenset()
    debug = bool(settings.DEBUG or getattr(settings, "DURE_GALLERY", False))
    menu = sitemap.shown(sitemap.MENU, request.path, roles)[: sitemap.MENU_SIZE_MAX]
    own = (
        sitemap.shown(sitemap.OWN, request.path, roles)[: sitemap.MENU_SIZE_MAX]
        if signed_in
        else []
    )
    return {
        "LANGUAGE_CODE": "ko" if (translation.get_language() or "ko")[:2] != "en" else "en",
        "menu": menu,
        "own_menu": own,
        "footer": sitemap.shown(sitemap.FOOTER, request.path, roles, debug),
        "source_href": source.address(),
        "languages": languages(request),
        "home": sitemap.address_of("web:dashboard") or "/",
        "demo": getattr(settings, "DEMO", False),
        "district_name": getattr(settings, "DISTRICT_NAME", ""),
        "signed_in": signed_in,
        "second_step_waits": signed_in and assurance.waits_for_second_step(known_actor(request)),
        "sign_in": sitemap.address_of("account_login") or sitemap.address_of("web:sign_in"),
        "sign_out": sitemap.address_of("account_logout"),
        "acting_for": getattr(request, "acting_for", None),
    }
