"""What no committed file may hold: registry hosts, archives, places of one machine; and assets
that differ from what `vendor.toml` says.

Negative controls stand in `tests/config/test_tree.py`.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src/dure/interfaces/static/vendor"
LINES_MAX = 400
URL = r"https?://[^\s\"'<>)\]]+"
FORBIDDEN: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("an archive's address", re.compile(URL + r"\.(?:whl|tar\.gz|tgz)\b")),
    ("an index address", re.compile(URL + r"/simple\b/?")),
    ("a client setting of an index", re.compile(r"(?mi)^\s*(?:extra-)?index-url\s*[=:]")),
    ("a resolved address", re.compile(r'"resolved"\s*:')),
    ("a place of one machine", re.compile(r"(?<![\w.])/(?:root|work|home/[a-z]+)/[\w.]")),
)
NAMES = re.compile(
    r"(?:^|/)(?:uv\.lock|pylock\.toml|package-lock\.json|pip\.conf|uv\.toml|\.npmrc|Dockerfile)$"
)
LOCK_URL = re.compile(r"https?://|^\s*-(?:i|f)\b|--(?:index|find-links|extra)", re.MULTILINE)
DRAWERS = re.compile(r"(?:^|/)(?:utils|helpers|common|manager)\.py$")


def text_faults(name: str, text: str) -> Iterator[str]:
    """Yield what is wrong with one tracked text file."""
    for what, pattern in FORBIDDEN:
        match = pattern.search(text)
        if match:
            yield f"{name}: {what}: {match.group()[:60]}"
    if re.match(r"requirements/.*\.txt$", name):
        if LOCK_URL.search(text):
            yield f"{name}: an address or an index option in a lock"
        pins = re.findall(r"(?m)^([A-Za-z0-9_.\[\]-]+)(==|[^=\s#-])", text)
        yield from (f"{name}: {pin} is not pinned" for pin, how in pins if how != "==")
        for block in re.split(r"(?m)^(?=[A-Za-z0-9])", text):
            if "==" in block and "--hash=sha256:" not in block:
                yield f"{name}: no hash: {block.splitlines()[0]}"


def name_faults(name: str, text: str) -> Iterator[str]:
    """Yield what is wrong with where a file stands and how long it is."""
    if NAMES.search(name):
        yield f"{name}: such a file names an index and is not committed"
    if name.startswith("src/") and DRAWERS.search(name):
        yield f"{name}: a drawer for everything; name the thing"
    generated = re.search(r"/migrations/0\d+_initial\.py$", name)
    if name.startswith("src/") and name.endswith(".py") and not generated:
        lines = text.count("\n")
        if lines > LINES_MAX:
            yield f"{name}: {lines} lines, {LINES_MAX} at most; split it by noun"


def vendor_faults(folder: Path) -> Iterator[str]:
    """Yield what differs between the vendored files and `vendor.toml`."""
    listed = folder / "vendor.toml"
    if not listed.is_file():
        yield "vendor.toml is missing"
        return
    known: dict[str, str] = {}
    for asset in tomllib.loads(listed.read_text())["file"]:
        known[asset["file"]] = asset["sha256"]
        for need in ("name", "version", "licence"):
            if not asset.get(need):
                yield f"vendor.toml: {asset['file']} states no {need}"
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if not path.is_file() or name in ("vendor.toml", "OFL.txt"):
            continue
        if name not in known:
            yield f"vendor/{name} is not listed in vendor.toml"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != known[name]:
            yield f"vendor/{name} differs from vendor.toml"
    yield from (f"vendor/{name} is missing" for name in known if not (folder / name).is_file())


def tracked() -> list[str]:
    """Names of all files that are, or would be, committed; without git every file of ours."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if asked.returncode == 0:
        return [name for name in asked.stdout.splitlines() if (ROOT / name).is_file()]
    skip = {".venv", ".cache", ".git", "__pycache__", ".mypy_cache", ".ruff_cache"}
    return [
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*")
        if path.is_file() and not skip & set(path.relative_to(ROOT).parts)
    ]


def main() -> int:
    faults: list[str] = []
    for name in tracked():
        path = ROOT / name
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        faults += name_faults(name, text)
        if name not in ("scripts/tree.py", "tests/config/test_tree.py"):
            faults += text_faults(name, text)
    faults += vendor_faults(VENDOR)
    print("\n".join(faults) if faults else "tree: nothing that may not be here")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
