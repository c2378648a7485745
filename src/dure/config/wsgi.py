"""The web application for any WSGI server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.config.settings")
application = get_wsgi_application()


def warm() -> None:
    """Read addresses and templates once, before workers fork: the first visitor waits for none."""
    from django.conf import settings
    from django.template import loader
    from django.urls import get_resolver

    assert get_resolver().url_patterns
    for folder in settings.TEMPLATES[0]["DIRS"]:
        for file in sorted(folder.rglob("*.html")):
            loader.get_template(str(file.relative_to(folder)))


warm()
