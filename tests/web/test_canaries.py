"""Ten thousand made-up resident registration numbers: none is stored, logged or mailed."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client

from dure.config import logs
from dure.config.database import SUPERUSER, Server, find_binaries
from dure.core import incoming, parsers, tokens
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.registry import spool
from tests.harness import people
from tests.harness.canaries import Canary, canaries, dump, hits
from tests.harness.probe import probing
from tests.web.walk import session_of

pytestmark = pytest.mark.slow
COUNT = 10_000
SINGLY = 2_000  # each by itself, in turn by every way; the others in lists of many lines
ROWS = 200
HEADER = "연번,기관명,유형,상태,자치구,주소,사업자등록번호,법인등록번호,설립일"


class Everything:
    """Where a number is pushed, and what came of it."""

    def __init__(self, staff: Actor) -> None:
        self.staff = staff
        self.client = Client(raise_request_exception=False)
        self.client.cookies[settings.SESSION_COOKIE_NAME] = session_of(staff)
        token = tokens.new_token()
        body = {"label": "시험", "purpose": "all", "days": 1, "token_hash": tokens.hash_of(token)}
        self.token_id = run("core.token.create", body, staff).result.id
        self.headers = {"Authorization": f"Bearer {token}"}
        self.ways = (
            self.by_field, self.by_reason, self.by_key, self.by_api, self.by_form,
            self.by_address, self.by_header, self.by_file_name, self.by_file, self.by_log,
        )  # fmt: skip
        self.stored = 0

    def push(self, number: int, canary: Canary) -> None:
        self.ways[number % len(self.ways)](canary.text)

    def _run(self, body: dict[str, object], **more: str) -> None:
        try:
            run("test.rule.write", body, self.staff, **more)  # type: ignore[arg-type]  # texts
        except Refusal as refusal:
            shown = refusal.sentence("ko") + refusal.sentence("en") + str(refusal.details)
            assert not hits(shown.encode(), [self.present])
            return
        self.stored += 1

    def by_field(self, text: str) -> None:
        self._run({"key": "test.one", "words": f"가람 {text}"})

    def by_reason(self, text: str) -> None:
        self._run({"key": "test.one", "words": "가람"}, reason=f"이유는 {text} 입니다")

    def by_key(self, text: str) -> None:
        self._run({"key": "test.one", "words": "가람"}, key=text)

    def by_api(self, text: str) -> None:
        data = json.dumps({"token_id": text, text: 1})
        self.client.post(
            "/api/v1/actions/core.token.revoke",
            data,
            content_type="application/json",
            headers=self.headers,
        )

    def by_form(self, text: str) -> None:
        sent = {"label": text, "purpose": "read", "days": "3", "key": "k"}
        self.client.post("/me/tokens/", sent)

    def by_address(self, text: str) -> None:
        self.client.get(f"/rules/{text}/")
        self.client.get("/api/v1/organisations", {"q": text})

    def by_header(self, text: str) -> None:
        ascii_only = text.encode("ascii", "ignore").decode()
        self.client.get(
            "/rules/", headers={"User-Agent": ascii_only, "X-Forwarded-For": ascii_only}
        )

    def by_file_name(self, text: str) -> None:
        self._open(spool.put([HEADER.encode()], "list.csv"), f"{text}.csv")

    def by_file(self, *texts: str) -> None:
        rows = "".join(self._row(text) for text in texts)
        data = f"{HEADER}\r\n{rows}".encode("utf-8-sig")
        self._open(spool.put([data], "list.csv"), "list.csv")

    @staticmethod
    def _row(text: str) -> str:
        place = f"서울 마포구 {text}"
        return f"1,가람{text},협동조합(생산자),운영중,마포구,{place},999-00-10004,,2013-01-01\r\n"

    def _open(self, name: str, shown: str) -> None:
        body = {"file": name, "file_name": shown, "district": people.MAPO, "year": 2025}
        try:
            found = run("registry.import.open", body, self.staff).result.id
            from dure.registry.models import Import

            columns = tuple(Import.rows.get(pk=found).columns)
            run("registry.import.map", {"import_id": found, "columns": columns}, self.staff)
            run("registry.import.judge", {"import_id": found}, self.staff)
            run("registry.import.cancel", {"import_id": found}, self.staff)
        except Refusal:
            return

    def by_log(self, text: str) -> None:
        log = logging.getLogger("dure.test")
        log.warning("received %s", text)
        try:
            raise ValueError(text)
        except ValueError:
            log.exception("failed")

    present: Canary


@pytest.fixture
def heard() -> Iterator[io.StringIO]:
    """What the application logs in production's own form."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


def left(server: Server, name: str, heard: io.StringIO, mails: list[EmailMessage]) -> bytes:
    """Everything that stays: the dump of all schemas, the log, the mails, the spooled files."""
    binary = str(find_binaries().bin / "pg_dump")
    parts = [dump(binary, str(server.socket), SUPERUSER, name), heard.getvalue().encode()]
    parts += [str(mail.message()).encode() for mail in mails]
    parts += [file.read_bytes() for file in Path(settings.MEDIA_ROOT).rglob("*") if file.is_file()]
    return b"\n".join(parts)


def everything(sample: list[Canary]) -> Everything:
    staff = people.person_with(Role.STAFF, district=people.MAPO)
    pushing = Everything(staff)
    with probing():
        for number, canary in enumerate(sample[:SINGLY]):
            pushing.present = canary
            pushing.push(number, canary)
        for start in range(SINGLY, len(sample), ROWS):
            pushing.by_file(*(canary.text for canary in sample[start : start + ROWS]))
    return pushing


def test_ten_thousand_numbers_leave_no_trace(
    commits: str, server: Server, heard: io.StringIO, mailoutbox: list[EmailMessage]
) -> None:
    sample = canaries(COUNT)
    pushing = everything(sample)
    assert pushing.stored == 0
    assert hits(left(server, commits, heard, mailoutbox), sample) == set()


def test_without_the_wall_the_numbers_are_found(
    commits: str,
    server: Server,
    heard: io.StringIO,
    mailoutbox: list[EmailMessage],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Negative control: detector and scrubber off; the same search must find what was pushed."""
    monkeypatch.setattr(parsers, "has_rrn", lambda text: False)
    monkeypatch.setattr(incoming, "has_rrn", lambda text: False)
    monkeypatch.setattr(logs, "scrub", lambda text: text)
    sample = canaries(180, seed=1)
    pushing = everything(sample)
    assert pushing.stored > 30
    found = hits(left(server, commits, heard, mailoutbox), sample)
    assert len(found) > 40
