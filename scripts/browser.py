"""Find a browser for the tests, or install one; fails with the remedies when there is none.

Order: DURE_BROWSER; chromium or chrome on PATH that answers; Playwright's own copy; the
distribution's package (Debian family, as root or with password-less sudo); Playwright's download.
Prints the path, and leaves it in `.cache/browser` for the tests.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".cache" / "browser"
NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")


def answers(path: str | Path | None) -> bool:
    """Whether this programme is a browser that starts: Ubuntu's shim for snap is not."""
    if not path:
        return False
    try:
        asked = subprocess.run(
            [str(path), "--version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0 and any(c.isdigit() for c in asked.stdout)


def present() -> Iterator[str]:
    """Browsers that are here already, in order."""
    for name in NAMES:
        found = shutil.which(name)
        if found:
            yield found
    own = playwrights()
    if own:
        yield own


def playwrights() -> str | None:
    """Where Playwright keeps, or would keep, its own Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def from_distribution() -> bool:
    apt = shutil.which("apt-get")
    if not apt:
        return False
    sudo: list[str] = []
    if os.geteuid() != 0:
        if not shutil.which("sudo") or run(["sudo", "-n", "true"]) != 0:
            return False
        sudo = ["sudo", "-n"]
    print("· installing the distribution's chromium", flush=True)
    if run([*sudo, apt, "install", "-y", "-q", "chromium"]) == 0:
        return True
    return run([*sudo, apt, "update", "-q"]) == 0 and (
        run([*sudo, apt, "install", "-y", "-q", "chromium"]) == 0
    )


def from_playwright() -> bool:
    print("· downloading Playwright's browser", flush=True)
    return run([sys.executable, "-m", "playwright", "install", "chromium"]) == 0


def run(command: list[str]) -> int:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    return done.returncode


def find() -> str | None:
    named = os.environ.get("DURE_BROWSER")
    if named:
        if answers(named):
            return named
        sys.exit(f"DURE_BROWSER={named} does not answer --version.")
    for path in present():
        if answers(path):
            return path
    for install in (from_distribution, from_playwright):
        if install():
            for path in present():
                if answers(path):
                    return path
    return None


def main() -> int:
    path = find()
    if path is None:
        print(
            "No browser was found, and none could be installed. One of these helps:\n"
            "  DURE_BROWSER=/path/to/chromium make test\n"
            "  as root: apt-get install chromium\n"
            "  .venv/bin/python -m playwright install chromium",
            file=sys.stderr,
        )
        return 1
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(f"{path}\n")
    print(f"· browser: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
