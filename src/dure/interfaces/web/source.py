"""The source of what runs here, for everybody who uses it over a network (AGPL-3.0, section 13).

The archive is made of the files on this machine when somebody first asks, so local changes are in
it. A setting names another place instead: `DURE_SOURCE_URL`.
"""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

import dure
from dure.interfaces.web.base import page

PACKAGE = Path(dure.__file__).resolve().parent
CHECKOUT = PACKAGE.parent.parent
# What a checkout brings besides the package: how it is built, tested, described and licensed.
BESIDE = (
    "LICENSE", "NOTICE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile",
    "pyproject.toml", "requirements", "scripts", "docs", "tests", "benches",
)  # fmt: skip
LEFT_OUT = frozenset({"__pycache__", ".git", ".venv", "var", "node_modules"})


def address() -> str:
    """Where the footer leads: the setting, else the page of this installation."""
    return str(getattr(settings, "DURE_SOURCE_URL", "")) or reverse("web:source")


def release() -> str:
    """The version that runs."""
    try:
        return version("dure")
    except PackageNotFoundError:
        return "0.1.0"


def commit(checkout: Path) -> str:
    """The commit of a checkout as its own files name it; empty when they do not."""
    try:
        head = (checkout / ".git" / "HEAD").read_text().strip()
        if head.startswith("ref: "):
            head = (checkout / ".git" / head.removeprefix("ref: ")).read_text().strip()
    except OSError:
        return ""
    return head if len(head) == 40 and all(c in "0123456789abcdef" for c in head) else ""


def files(package: Path, checkout: Path) -> Iterator[tuple[str, Path]]:
    """Every file of the source by its name in the archive, sorted; only the package where nothing
    else is installed.
    """
    beside = BESIDE if (checkout / "pyproject.toml").is_file() else ()
    roots = [("src/dure", package), *((name, checkout / name) for name in beside)]
    for name, root in sorted(roots):
        if root.is_file():
            yield name, root
        for place, folders, found in os.walk(root):
            folders[:] = sorted(one for one in folders if one not in LEFT_OUT)
            inside = Path(place).relative_to(root)
            for one in sorted(found):
                file = Path(place) / one
                if file.suffix != ".pyc" and file.is_file() and not file.is_symlink():
                    yield (Path(name) / inside / one).as_posix(), file


def write(target: Path, package: Path, checkout: Path, name: str) -> None:
    """Write the archive as a whole or not at all; the same files give the same bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as written:
        with (
            gzip.GzipFile("", "wb", fileobj=written, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w") as archive,
        ):
            for inside, file in files(package, checkout):
                entry = tarfile.TarInfo(f"{name}/{inside}")
                content = file.read_bytes()
                entry.size = len(content)
                entry.mode = 0o755 if os.access(file, os.X_OK) else 0o644
                archive.addfile(entry, io.BytesIO(content))
        Path(written.name).replace(target)


@cache
def _archive() -> Path:
    """The archive of this process's source, written once a start."""
    name = f"dure-{release()}"
    target = Path(settings.MEDIA_ROOT).parent / "source" / f"{name}.tar.gz"
    write(target, PACKAGE, CHECKOUT, name)
    return target


@require_safe
def about_source(request: HttpRequest) -> HttpResponse:
    """Say under which licence this runs, which version it is, and how to get its source."""
    context = {
        "version": release(),
        "commit": commit(CHECKOUT),
        "elsewhere": getattr(settings, "DURE_SOURCE_URL", ""),
    }
    return page(request, "web/source.html", context)


@require_safe
def source_file(request: HttpRequest) -> FileResponse:
    """Send the source of what runs here."""
    file = _archive()
    return FileResponse(
        file.open("rb"), content_type="application/gzip", as_attachment=True, filename=file.name
    )


urlpatterns = [
    path("about/source/", about_source, name="source"),
    path("about/source.tar.gz", source_file, name="source_file"),
]
