"""The checks of the tree find what is planted."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


tree = script("tree")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "https://files.example.test/p/x-1.0-py3-none-any.whl"),
        ("a.toml", "url = 'https://mirror.example.test/simple'"),
        ("a.cfg", "[global]\nindex-url = https://example.test/x"),
        ("a.json", '{"resolved": "x"}'),
        ("a.md", "see /" + "work/x"),
        ("a.md", "in /home/somebody/x"),
        ("requirements/core.txt", "--index-url x\n"),
        ("requirements/core.txt", "django>=5 \\\n    --hash=sha256:00\n"),
        ("requirements/core.txt", "django==5.2\n"),
    ],
)
def test_planted_text_is_found(name: str, text: str) -> None:
    assert list(tree.text_faults(name, text)) != []


def test_clean_text_passes() -> None:
    lock = "django==5.2.19 \\\n    --hash=sha256:00\n    # via dure (pyproject.toml)\n"
    assert list(tree.text_faults("requirements/core.txt", lock)) == []
    assert (
        list(tree.text_faults("README.md", "http://localhost:8000/ and https://dure.test/")) == []
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [("uv.lock", ""), ("src/dure/core/utils.py", ""), ("src/dure/core/x.py", "\n" * 401)],
)
def test_planted_name_is_found(name: str, text: str) -> None:
    assert list(tree.name_faults(name, text)) != []


def test_vendored_file_that_differs_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1")
    digest = hashlib.sha256(b"1").hexdigest()
    (tmp_path / "vendor.toml").write_text(
        f'[[file]]\nname="a"\nversion="1"\nlicence="MIT"\nfile="a.js"\nsha256="{digest}"\n'
    )
    assert list(tree.vendor_faults(tmp_path)) == []
    (tmp_path / "a.js").write_text("2")
    (tmp_path / "b.js").write_text("3")
    assert list(tree.vendor_faults(tmp_path)) == [
        "vendor/a.js differs from vendor.toml",
        "vendor/b.js is not listed in vendor.toml",
    ]
