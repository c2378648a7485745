"""Write the lock files anew from the floors in `pyproject.toml`: `make lock`.

The user's own client settings choose the index; no address is written.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GROUPS: dict[str, list[str]] = {
    "core": [],
    "numerics": ["--extra", "numerics"],
    "push": ["--extra", "push"],
    "dev": ["--extra", "dev"],
}


def main() -> int:
    for group, extra in GROUPS.items():
        target = f"requirements/{group}.txt"
        command = [str(Path(sys.executable).parent / "uv"), "pip", "compile", "pyproject.toml"]
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
