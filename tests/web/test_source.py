"""Whoever uses the service gets the source of what runs: page, footer, archive."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dure.config.env import Environment, EnvironmentRefused, read_environment
from dure.interfaces.web import source

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("start", ["", "/en"])
def test_every_page_leads_to_the_source(start: str) -> None:
    client = Client()
    page = client.get(f"{start}/about/").content.decode()
    assert f'<a href="{start}/about/source/">' in page
    told = client.get(f"{start}/about/source/").content.decode()
    assert "AGPL-3.0-or-later" in told and source.release() in told
    assert f'href="{start}/about/source.tar.gz"' in told


def test_the_setting_leads_elsewhere(settings: Any) -> None:  # Any: pytest-django's settings
    settings.DURE_SOURCE_URL = "https://source.test/dure"
    page = Client().get("/about/").content.decode()
    assert '<a href="https://source.test/dure">' in page
    assert 'href="https://source.test/dure"' in Client().get("/about/source/").content.decode()


@pytest.mark.parametrize("bad", ["javascript:alert(1)", "ftp://source.test", 'https://a"b'])
def test_no_other_address_is_accepted(bad: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DURE_SOURCE_URL", bad)
    with pytest.raises(EnvironmentRefused):
        read_environment()
    assert Environment.model_fields["source_url"].default == ""


def test_the_archive_holds_what_runs_and_nothing_else(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    source._archive.cache_clear()
    answer = Client().get("/about/source.tar.gz")
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a file's answer
    source._archive.cache_clear()
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        names = set(archive.getnames())
        start = f"dure-{source.release()}"
        mine = archive.extractfile(f"{start}/src/dure/interfaces/web/source.py")
        assert mine is not None and mine.read() == Path(source.__file__).read_bytes()
    for wanted in ("LICENSE", "NOTICE", "pyproject.toml", "Makefile", "scripts/verify_release.py"):
        assert f"{start}/{wanted}" in names
    assert [one for one in names if "__pycache__" in one or ".git/" in one or "/var/" in one] == []


def test_without_a_checkout_the_package_alone_is_packed(tmp_path: Path) -> None:
    package = tmp_path / "lib" / "python" / "dure"
    (package / "core").mkdir(parents=True)
    (package / "core" / "door.py").write_text("# door\n")
    (tmp_path / "lib" / "secret.txt").write_text("secret\n")
    found = [name for name, _ in source.files(package, tmp_path / "lib")]
    assert found == ["src/dure/core/door.py"]
    for name in ("a", "b"):
        source.write(tmp_path / name, package, tmp_path / "lib", "dure-1")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert source.commit(tmp_path) == ""
