"""Make `.venv` and install the pinned, hashed requirements of one group; standard library only.

    python3 scripts/bootstrap.py core|dev

Installs only when the lock file or the Python changed since the last time. Which package index is
asked is the
business of the user's own client settings.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON_MIN = (3, 11)


def say(text: str) -> None:
    print(f"· {text}", flush=True)


def refuse(text: str) -> None:
    sys.exit(f"\n{text}")


def wanted_mark(lock: Path) -> str:
    """What the installed state must equal: the lock's hash and the Python it was installed for."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    return f"{digest} {sys.version_info[0]}.{sys.version_info[1]}\n"


def make_venv() -> Path:
    python = VENV / "bin" / "python"
    if python.exists():
        asked = subprocess.run(
            [python, "-c", "import sys; print(sys.version_info >= (3, 11))"],
            capture_output=True,
            text=True,
            check=False,
        )
        if asked.stdout.strip() == "True":
            return python
        say("the old .venv does not answer any more; making it again")
        shutil.rmtree(VENV, ignore_errors=True)
    say("making .venv")
    done = subprocess.run(
        [sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False
    )
    if done.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        refuse(
            "Python could not make a virtual environment.\n"
            "On Debian and Ubuntu install the package python3-venv, on others "
            "Python's `venv` and `ensurepip` modules.\n"
            f"{done.stdout[-600:]}{done.stderr[-600:]}"
        )
    return python


def install(python: Path, lock: Path) -> None:
    """Run pip with hashes required; show one counted line a package instead of pip's own output."""
    total = len(re.findall(r"(?m)^[A-Za-z0-9_.-]+==", lock.read_text()))
    command = [
        python,
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-input",
        "--progress-bar",
        "off",
        "-r",
        lock,
    ]
    began, seen, tail = time.monotonic(), set(), []
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
        cwd=ROOT,
    )
    assert process.stdout is not None
    for line in process.stdout:
        tail = [*tail[-15:], line]
        match = re.match(
            r"\s*(?:Collecting|Requirement already satisfied:) ([A-Za-z0-9_.-]+)", line
        )
        if match and match.group(1) not in seen:
            seen.add(match.group(1))
            show(f"fetching {min(len(seen), total)}/{total} {match.group(1)}")
        elif line.startswith("Installing collected"):
            show(f"installing {total} packages (the longest part, half a minute or so)")
    if process.wait():
        refuse("pip could not install the requirements:\n" + "".join(tail))
    show(f"installed {total} packages in {time.monotonic() - began:.0f} s", last=True)


def show(text: str, *, last: bool = False) -> None:
    """One line that replaces itself on a terminal; in a file only every line that says something
    new.
    """
    if sys.stdout.isatty():
        print(f"\r\x1b[K· {text}", end="\n" if last else "", flush=True)
    else:
        print(f"· {text}", flush=True)


def link_source(python: Path) -> None:
    """Let the environment find `src/` and give it the `dure` script."""
    asked = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    Path(asked.stdout.strip(), "dure.pth").write_text(f"{ROOT / 'src'}\n")
    script = VENV / "bin" / "dure"
    script.write_text(f"#!{python}\nfrom dure.config.entry import main\n\nmain()\n")
    script.chmod(0o755)


def main() -> None:
    if sys.version_info < PYTHON_MIN:
        refuse(
            f"Python 3.11 or later is needed; this is {sys.version.split()[0]}. Try: "
            f"make PYTHON=python3.12 run"
        )
    group = sys.argv[1] if len(sys.argv) > 1 else "core"
    lock = ROOT / "requirements" / f"{group}.txt"
    if not lock.is_file():
        refuse(f"There is no group {group}: {lock} is missing.")
    with (ROOT / ".venv.lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)  # two makes at once: the second waits and finds all done
        marks = [
            VENV / f".installed-{name}"
            for name in ({"core", group} if group == "core" else {group})
        ]
        # Every larger group holds the core group, at the same versions.
        larger = [VENV / ".installed-dev"] if group == "core" else []
        dev_lock = ROOT / "requirements" / "dev.txt"
        if any(mark.is_file() and mark.read_text() == wanted_mark(lock) for mark in marks):
            return
        if (
            larger
            and dev_lock.is_file()
            and larger[0].is_file()
            and larger[0].read_text() == wanted_mark(dev_lock)
        ):
            return
        python = make_venv()
        install(python, lock)
        link_source(python)
        (VENV / f".installed-{group}").write_text(wanted_mark(lock))


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
        sys.exit(0)
    sys.exit(130)
