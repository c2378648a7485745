"""`make bench`: run every benchmark of `benches/`, one by one, and say which missed a target.

`make bench` runs all; `python scripts/bench.py door search` those named. A benchmark that makes no
database of its own gets one here, empty but for its install data.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    wanted = set(sys.argv[1:])
    missed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="dure-bench-", dir="/var/tmp") as place:
        Path(place).chmod(0o711)
        environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("DURE_", "DATABASE_"))},
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "DJANGO_SETTINGS_MODULE": "dure.config.settings",
            "DURE_DATA": place,
            "DURE_QUIET": "1",
        }
        sys.path.insert(0, str(ROOT / "src"))
        from dure.config.database import Server

        with Server(Path(place)).held():
            prepare = [sys.executable, "-m", "dure.config.migrate"]
            subprocess.run(prepare, env=environment, check=True, stdout=subprocess.DEVNULL)
            for path in sorted((ROOT / "benches").glob("bench_*.py")):
                name = path.stem.removeprefix("bench_")
                if wanted and name not in wanted:
                    continue
                print(f"── {name}", flush=True)
                began = time.monotonic()
                done = subprocess.run([sys.executable, path], env=environment, check=False)
                if done.returncode:
                    missed.append(name)
                print(f"   {time.monotonic() - began:.0f} s, exit {done.returncode}", flush=True)
    print("bench: " + ("every target was met" if not missed else f"missed: {', '.join(missed)}"))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
