"""Where the web server listens: both loopbacks, a port that is free, and whether it answers."""

from __future__ import annotations

import socket
import time
import urllib.error
import urllib.request


class RunRefused(Exception):
    """`dure run` cannot start; the text says why and what to do."""


def listen_hosts(host: str) -> list[str]:
    """The address itself; for the own machine both loopbacks, since browsers may try either for
    `localhost`.
    """
    if host != "127.0.0.1":
        return [f"[{host}]" if ":" in host else host]
    try:
        with socket.socket(socket.AF_INET6) as tried:
            tried.bind(("::1", 0))
    except OSError:
        return [host]
    return [host, "[::1]"]


def free_port(host: str, port: int, seconds: float = 5.0) -> None:
    """Wait a little for a server of ours that is just leaving; then refuse a port that is taken."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            for one in listen_hosts(host):
                family = socket.AF_INET6 if one.startswith("[") else socket.AF_INET
                with socket.socket(family) as tried:
                    tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    tried.bind((one.strip("[]"), port))
            return
        except OSError as error:
            if time.monotonic() > deadline:
                raise RunRefused(
                    f"Port {port} cannot be used ({error.strerror}). Choose another: "
                    f"PORT={port + 1} make run"
                ) from None
            time.sleep(0.25)


def answers(host: str, port: int) -> bool:
    target = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
    request = urllib.request.Request(
        f"http://{target}:{port}/health", headers={"Host": "localhost"}
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False
