"""Push messages to browsers (Web Push, RFC 8030; encrypted by RFC 8291, signed by RFC 8292).

Nouns: *push service* (of a browser's maker, takes messages for its browsers), *device* (one
browser), *signing key* (of this installation; a browser takes messages of this key alone).
Law: an address that a browser gives is asked only when it lies at a listed push service; a
message holds a subject and a page, never a name.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from dure.core.notices import Device

GROUP = "push"
KEPT_FOR = timedelta(days=1)
SECONDS_MAX = 10
ENDPOINT_MAX = 1_000
POINT_BYTES, SECRET_BYTES = 65, 16
_GONE = frozenset({404, 410})
_ADDRESS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")  # the characters of RFC 3986


class Sent(Enum):
    """What became of one message."""

    TAKEN = "taken"
    GONE = "gone"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Words:
    """What a message shows, and the page that it opens (a path of this installation)."""

    title: str
    path: str


def is_installed() -> bool:
    """Whether this installation can send push messages: `pip install dure[push]`."""
    return find_spec("pywebpush") is not None


def is_of_a_service(endpoint: str) -> bool:
    """Whether an address lies at a listed push service: its origin is in DURE_PUSH_SERVICES,
    where ``https://*.example.com`` stands for every host below example.com.

    Programs read a backslash or a space in an address each in its own way, one as the end of the
    host: an address with anything but the characters of RFC 3986 is of no service."""
    if len(endpoint) > ENDPOINT_MAX or not _ADDRESS.fullmatch(endpoint):
        return False
    try:
        parts = urlsplit(endpoint)
        origin = f"{parts.scheme}://{parts.netloc}"
        host = parts.hostname or ""
    except ValueError:
        return False
    for service in settings.DURE_PUSH_SERVICES:
        scheme, _, name = service.partition("://*.")
        if origin == service:
            return True
        if name and origin == f"{scheme}://{host}" and host.endswith(f".{name}"):
            return True
    return False


def is_key(text: str, size: int) -> bool:
    """Whether a text is base64url, without padding, of so many bytes."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return False
    return len(raw) == size and "=" not in text


def public_key() -> str:
    """The key that browsers are given: an uncompressed P-256 point, base64url."""
    raw = (
        _signing_key()
        .public_key()
        .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    )
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _signing_key() -> ec.EllipticCurvePrivateKey:
    """The key of this installation: P-256 from the 32 bytes of its key file."""
    drawn = int((Path(settings.DURE_KEYS) / GROUP).read_text().strip(), 16)
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
    return ec.derive_private_key(drawn % (order - 1) + 1, ec.SECP256R1())


def send(devices: Iterable[Device], words: Words) -> dict[int, Sent]:
    """Send one message to several devices; what became of each, by its place.

    Redirections are not followed and no proxy of the environment is asked. Nothing is raised.
    """
    if not is_installed():
        return {}
    return {device.slot: _send(device, words) for device in devices}


def _send(device: Device, words: Words) -> Sent:
    import requests  # with the group; slow to import
    from py_vapid import Vapid02
    from pywebpush import WebPushException, webpush

    if not is_of_a_service(device.endpoint):
        return Sent.GONE
    with requests.Session() as session:
        session.trust_env = False
        session.max_redirects = 0
        try:
            webpush(
                {
                    "endpoint": device.endpoint,
                    "keys": {"p256dh": device.p256dh, "auth": device.auth},
                },
                json.dumps({"title": words.title, "path": words.path}, ensure_ascii=False),
                vapid_private_key=Vapid02(_signing_key()),
                vapid_claims={"sub": f"mailto:{settings.DEFAULT_FROM_EMAIL}"},
                ttl=int(KEPT_FOR.total_seconds()),
                timeout=SECONDS_MAX,
                requests_session=session,
            )
        except WebPushException as error:
            status = getattr(error.response, "status_code", 0)
            return Sent.GONE if status in _GONE else Sent.FAILED
        except (OSError, ValueError):
            return Sent.FAILED
    return Sent.TAKEN
