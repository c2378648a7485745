"""A proxy between the application and the database that cuts the wire at a chosen point.

Speaks bytes, not the protocol: it forwards both ways and closes both sides when the client's bytes
hold a word (`COMMIT`), before or after passing them on, or after n bytes of answer.
"""

from __future__ import annotations

import contextlib
import select
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from django.db import connections

from dure.config.database import Server


class CutWire:
    """Listens on a socket in `folder` under the database's own name."""

    def __init__(self, folder: Path, target: str, port: int = 5432) -> None:
        self.folder = folder
        self.target = f"{target}/.s.PGSQL.{port}"
        self.path = folder / f".s.PGSQL.{port}"
        self.word: bytes | None = None
        self.pass_on = True
        self.answer_bytes = -1
        self.sent = 0  # messages of clients that were passed on
        self.at_message = -1
        self.cuts = 0
        self._over = threading.Event()
        self._server = socket.socket(socket.AF_UNIX)

    def __enter__(self) -> CutWire:
        self._server.bind(str(self.path))
        self._server.listen(16)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.close()

    def cut_at(self, word: bytes, *, pass_on: bool) -> None:
        """Cut once at the next `word` of a client: after passing it on, or in its place."""
        self.word, self.pass_on = word, pass_on

    def cut_at_message(self, number: int, *, pass_on: bool) -> None:
        """Cut once at the `number`-th message from now on: after passing it on, or in its place."""
        self.sent, self.at_message, self.pass_on = 0, number, pass_on

    def cut_answer_after(self, count: int) -> None:
        """Cut once after `count` more bytes of answers."""
        self.answer_bytes = count

    def _accept(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(OSError):
                client, _ = self._server.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()
                continue
            return

    def _serve(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        with client, server, contextlib.suppress(OSError):
            server.connect(self.target)
            while not self._over.is_set():
                ready, _, _ = select.select([client, server], [], [], 0.2)
                if client in ready and not self._to_server(client, server):
                    return
                if server in ready and not self._to_client(server, client):
                    return

    def _to_server(self, client: socket.socket, server: socket.socket) -> bool:
        data = client.recv(65536)
        if not data:
            return False
        named = self.word is not None and self.word in data
        self.sent += 1
        if named or self.sent == self.at_message:
            self.word, self.at_message = None, -1
            self.cuts += 1
            if self.pass_on:
                server.sendall(data)
                server.recv(65536)  # the database has answered; nobody hears it
            return False
        server.sendall(data)
        return True

    def _to_client(self, server: socket.socket, client: socket.socket) -> bool:
        data = server.recv(65536)
        if not data:
            return False
        if 0 <= self.answer_bytes < len(data):
            client.sendall(data[: self.answer_bytes])
            self.answer_bytes = -1
            self.cuts += 1
            return False
        if self.answer_bytes >= 0:
            self.answer_bytes -= len(data)
        client.sendall(data)
        return True


@contextlib.contextmanager
def wired(server: Server) -> Iterator[CutWire]:
    """Lead the application's own connection through a proxy; everybody else's stays direct."""
    settings = connections.settings["default"]
    before = settings["HOST"]
    with tempfile.TemporaryDirectory() as folder, CutWire(Path(folder), str(server.socket)) as made:
        connections["default"].close()
        connections["default"].settings_dict["HOST"] = folder
        try:
            yield made
        finally:
            connections["default"].close()
            connections["default"].settings_dict["HOST"] = before
