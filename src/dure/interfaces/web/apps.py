"""The web face as a Django application: it holds pages, no tables."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, components and charts."""

    name = "dure.interfaces.web"
    label = "web"
    verbose_name = "화면"
