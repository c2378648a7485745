"""One machine: first start, second start, memory and installed size, on the demo.

Run as `python benches/bench_running.py`; prints one JSON line. Exit 1 when a target is missed:
second start 15 s, memory of web, worker and database 700 MB, core 260 MB, whole set 950 MB.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from tests.config.test_sizes import installed, pinned
from tests.crash.conftest import free_port
from tests.crash.test_running import memory_kb


def start(environment: dict[str, str], port: int) -> tuple[subprocess.Popen[bytes], float]:
    """Start the whole installation; gives its process and the seconds until a page came."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "dure", "run"], env=environment, stdout=subprocess.DEVNULL
    )
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
                answer.read()
                return process, time.monotonic() - began
        except OSError:
            time.sleep(0.1)
    raise SystemExit("it did not start")


def main() -> int:
    place = Path(tempfile.mkdtemp(prefix="dure-bench-", dir="/var/tmp"))
    place.chmod(0o711)
    port = free_port()
    environment = {**os.environ, "DURE_DATA": str(place), "PORT": str(port), "DURE_DEMO": "1"}
    try:
        process, first = start(environment, port)
        process.send_signal(signal.SIGINT)
        process.wait(60)
        process, second = start(environment, port)
        for path in ("/", "/en/", "/organisations", "/data"):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
                answer.read()
        parts = json.loads((place / "run.json").read_text())["parts"]
        memory = memory_kb({process.pid, *parts.values()}) / 1024
        process.send_signal(signal.SIGINT)
        process.wait(60)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    core = sum(installed(pinned("core")).values()) / 1e6
    whole = sum(installed(pinned("core") | pinned("dev")).values()) / 1e6
    told = {
        "first_start_s": round(first, 1),
        "second_start_s": round(second, 1),
        "memory_mb": round(memory),
        "core_mb": round(core),
        "whole_mb": round(whole),
    }
    print(json.dumps(told))
    return 0 if second <= 15 and memory <= 700 and core <= 260 and whole <= 950 else 1


if __name__ == "__main__":
    sys.exit(main())
