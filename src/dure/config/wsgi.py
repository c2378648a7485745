"""The web application for any WSGI server."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.config.settings")
application = get_wsgi_application()


def warm() -> None:
    """Read addresses and templates once, before workers fork: the first visitor waits for none."""
    from django.template.engine import Engine
    from django.urls import get_resolver

    assert get_resolver().url_patterns
    engine = Engine.get_default()
    for folder in map(Path, engine.dirs):
        for file in sorted(folder.rglob("*.html")):
            engine.get_template(str(file.relative_to(folder)))


warm()
