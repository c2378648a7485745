"""Addresses: Korean without prefix, English below /en/. Rooms are included by name."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from dure.config.settings import present

urlpatterns: list[URLPattern | URLResolver] = []

if present("dure.interfaces.jobs.health"):
    urlpatterns.append(path("", include("dure.interfaces.jobs.health")))
if present("dure.interfaces.api"):
    urlpatterns.append(path("", include("dure.interfaces.api.urls")))
if present("dure.interfaces.web"):
    if present("dure.interfaces.web.signin.addresses"):
        accounts = path("accounts/", include("dure.interfaces.web.signin.addresses"))
        urlpatterns += i18n_patterns(accounts, prefix_default_language=False)
    urlpatterns += i18n_patterns(
        path("", include("dure.interfaces.web.urls")), prefix_default_language=False
    )
    handler403 = "dure.interfaces.web.errors.forbidden"
    handler404 = "dure.interfaces.web.errors.not_found"
    handler500 = "dure.interfaces.web.errors.broken"
