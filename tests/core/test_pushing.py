"""Push messages: a real service on a loopback port takes them, and its browser opens them."""

from __future__ import annotations

import base64
import json
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import http_ece
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

from dure.core import actions, notices, pushing, sending
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.models import Notice
from dure.core.notices import Device, Ways
from tests.harness.clock import Clock


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Service:
    """A push service of the tests: what it was sent, and how it answers."""

    origin: str
    status: int = 201
    location: str = ""
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:  # Any: pytest-django's settings
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            here.taken.append(({name.lower(): text for name, text in self.headers.items()}, body))
            self.send_response(here.status)
            if here.location:
                self.send_header("Location", here.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here = Service(f"http://127.0.0.1:{server.server_address[1]}")
    settings.DURE_PUSH_SERVICES = (here.origin,)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield here
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Browser:
    """A browser's half: its key pair and its secret."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    secret: bytes = field(default_factory=lambda: os.urandom(16))

    def device(self, endpoint: str, slot: int = 1) -> Device:
        point = self.key.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return Device(slot, endpoint, b64(point), b64(self.secret))

    def reads(self, body: bytes) -> dict[str, str]:
        text = http_ece.decrypt(
            body, private_key=self.key, auth_secret=self.secret, version="aes128gcm"
        )
        read: dict[str, str] = json.loads(text)
        return read


WORDS = pushing.Words("약속에 새 소식이 있습니다", "/me/notices/")


def test_a_message_is_read_by_its_browser_alone_and_signed_by_this_installation(
    service: Service,
) -> None:
    mine, other = Browser(), Browser()
    sent = pushing.send([mine.device(f"{service.origin}/one")], WORDS)
    assert sent == {1: pushing.Sent.TAKEN}
    headers, body = service.taken[0]
    assert mine.reads(body) == {"title": WORDS.title, "path": WORDS.path}
    assert WORDS.title.encode() not in body
    with pytest.raises(http_ece.ECEException):
        other.reads(body)
    assert Vapid02.verify(headers["authorization"])
    assert headers["authorization"].endswith(f"k={pushing.public_key()}")


@pytest.mark.parametrize(
    ("status", "became"),
    [(201, "taken"), (404, "gone"), (410, "gone"), (429, "failed"), (500, "failed")],
)
def test_what_a_service_answers_is_told(service: Service, status: int, became: str) -> None:
    service.status = status
    sent = pushing.send([Browser().device(f"{service.origin}/one")], WORDS)
    assert sent == {1: pushing.Sent(became)}


def test_a_redirection_is_not_followed(service: Service) -> None:
    service.status, service.location = 307, f"{service.origin}/elsewhere"
    sent = pushing.send([Browser().device(f"{service.origin}/one")], WORDS)
    assert sent == {1: pushing.Sent.FAILED}
    assert len(service.taken) == 1


@pytest.mark.parametrize(
    ("endpoint", "is_taken"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://web.push.apple.com/abc", True),
        ("https://push.apple.com/abc", False),
        ("http://fcm.googleapis.com/abc", False),
        ("https://fcm.googleapis.com:8443/abc", False),
        ("https://fcm.googleapis.com@10.0.0.1/abc", False),
        ("https://user@web.push.apple.com/abc", False),
        ("https://web.push.apple.com.example/abc", False),
        ("https://evilpush.apple.com/abc", False),
        ("https://127.0.0.1\\.notify.windows.com/abc", False),
        ("https://127.0.0.1 .notify.windows.com/abc", False),
        ("https://127.0.0.1\t.notify.windows.com/abc", False),
        ("http://127.0.0.1/abc", False),
        ("https://[::1/abc", False),
        ("https://fcm.googleapis.com/" + "a" * 1_000, False),
        ("", False),
    ],
)
def test_only_addresses_at_listed_services_are_asked(endpoint: str, is_taken: bool) -> None:
    assert pushing.is_of_a_service(endpoint) is is_taken


def test_an_address_elsewhere_is_never_asked(service: Service, settings: Any) -> None:
    settings.DURE_PUSH_SERVICES = ("https://fcm.googleapis.com",)
    sent = pushing.send([Browser().device(f"{service.origin}/one")], WORDS)
    assert sent == {1: pushing.Sent.GONE}
    assert service.taken == []


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!", b64(bytes(17)), b64(bytes(16)) + "="])
def test_a_key_of_another_size_or_shape_is_none(text: str) -> None:
    assert not pushing.is_key(text, 16)
    assert pushing.is_key(b64(bytes(16)), 16)


class Letter:
    """Ways that open outside a transaction."""

    def __init__(self, ways: Ways) -> None:
        self.ways = ways

    def open(self) -> Ways:
        return self.ways


def told(person: object) -> None:
    job = {"job": str(uuid4()), "person": str(person), "action": "core.x", "refused": False}
    actions.run("core.job.tell", job, Actor.timer("core.job"))


def test_a_notice_reaches_mail_and_device_with_its_subject_alone(
    commits: str,
    clock: Clock,
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    mailoutbox: list[object],
) -> None:
    clock.at("2026-07-01T12:00:00+09:00")
    browser, person = Browser(), uuid4()
    ways = Ways("resident@example.test", (browser.device(f"{service.origin}/one"),))
    monkeypatch.setattr(notices.ADDRESS, "_function", lambda who: Letter(ways))
    told(person)
    assert sending.send_due() == 1
    message = browser.reads(service.taken[0][1])
    assert message["title"] == "맡긴 일이 끝났습니다 · Your task is done"
    assert message["path"].startswith("/me/jobs/")
    assert len(mailoutbox) == 1
    assert Notice.rows.get(person=person).state == "sent"


@pytest.mark.parametrize(
    ("mail", "push", "mails", "pushes"),
    [(True, True, 1, 1), (False, True, 0, 1), (True, False, 1, 0), (False, False, 0, 0)],
)
def test_a_way_that_was_turned_off_is_not_taken(
    commits: str,
    clock: Clock,
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    mailoutbox: list[object],
    mail: bool,
    push: bool,
    mails: int,
    pushes: int,
) -> None:
    clock.at("2026-07-01T12:00:00+09:00")
    person = uuid4()
    ways = Ways("resident@example.test", (Browser().device(f"{service.origin}/one"),))
    monkeypatch.setattr(notices.ADDRESS, "_function", lambda who: Letter(ways))
    wish = {"mail": mail, "push": push, "digest": False}
    actions.run("core.notice.prefer", wish, Actor.person(person))
    told(person)
    sending.send_due()
    assert (len(mailoutbox), len(service.taken)) == (mails, pushes)
    assert Notice.rows.get(person=person).state == "sent"


def test_a_device_that_is_gone_is_forgotten_and_the_notice_waits_without_another_way(
    commits: str, clock: Clock, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.at("2026-07-01T12:00:00+09:00")
    service.status, person = 410, uuid4()
    ways = Ways(None, (Browser().device(f"{service.origin}/one", slot=3),))
    forgotten: list[object] = []
    monkeypatch.setattr(notices.ADDRESS, "_function", lambda who: Letter(ways))
    monkeypatch.setattr(notices.GONE, "_function", lambda *which: forgotten.append(which))
    told(person)
    sending.send_due()
    assert forgotten == [(person, 3)]
    assert Notice.rows.get(person=person).state == "waiting"


def test_own_quiet_hours_come_on_top_of_the_houses(
    commits: str, clock: Clock, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[object]
) -> None:
    clock.at("2026-07-01T12:30:00+09:00")
    person = uuid4()
    monkeypatch.setattr(notices.ADDRESS, "_function", lambda who: Letter(Ways("a@example.test")))
    wish = {"mail": True, "push": True, "digest": False, "quiet_from": "12:00", "quiet_to": "14:00"}
    actions.run("core.notice.prefer", wish, Actor.person(person))
    told(person)
    assert sending.send_due() == 0
    clock.at("2026-07-01T13:59:00+09:00")
    assert sending.send_due() == 0
    clock.at("2026-07-01T14:00:00+09:00")
    assert sending.send_due() == 1


def test_who_gathers_gets_one_letter_the_next_morning(
    commits: str, clock: Clock, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[object]
) -> None:
    clock.at("2026-07-01T12:30:00+09:00")
    person = uuid4()
    monkeypatch.setattr(notices.ADDRESS, "_function", lambda who: Letter(Ways("a@example.test")))
    wish = {"mail": True, "push": True, "digest": True}
    actions.run("core.notice.prefer", wish, Actor.person(person))
    told(person)
    told(person)
    assert sending.send_due() == 0
    clock.at("2026-07-02T08:00:00+09:00")
    assert sending.send_due() == 1
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    "hours", [("22:00", None), (None, "07:00"), ("22:00", "22:00"), ("24:00", "07:00")]
)
def test_half_quiet_hours_are_refused(db: None, hours: tuple[str | None, str | None]) -> None:
    wish: dict[str, object] = {"mail": True, "push": True, "digest": False}
    wish |= {name: at for name, at in zip(("quiet_from", "quiet_to"), hours, strict=True) if at}
    with pytest.raises(Refusal):
        actions.run("core.notice.prefer", wish, Actor.person(uuid4()))
