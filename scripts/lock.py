"""Write the lock files anew from the floors in `pyproject.toml`: `make lock`.

It brings uv, which nothing else needs, into an environment that is thrown away. The user's own
client settings choose the index; no address is written.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = "uv>=0.9"
GROUPS: dict[str, list[str]] = {
    "core": [],
    "numerics": ["--extra", "numerics"],
    "push": ["--extra", "push"],
    "dev": ["--extra", "dev"],
}


def main() -> int:
    with tempfile.TemporaryDirectory() as place:
        venv.create(place, with_pip=True)
        bin_of = Path(place) / "bin"
        bring = [str(bin_of / "python"), "-m", "pip", "install", "--quiet", UV]
        done = subprocess.run(bring, check=False)
        return done.returncode or lock(bin_of / "uv")


def lock(uv: Path) -> int:
    """Write each group's file; gives what uv ended with."""
    for group, extra in GROUPS.items():
        target = f"requirements/{group}.txt"
        command = [str(uv), "pip", "compile", "pyproject.toml"]
        command += ["--universal", "--generate-hashes", "--no-emit-index-url", "--no-header"]
        command += ["--python-version", "3.11", "--quiet", *extra, "-o", target]
        done = subprocess.run(command, cwd=ROOT, check=False)
        if done.returncode:
            return done.returncode
        pins = (ROOT / target).read_text().count("==")
        print(f"{target}: {pins} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
