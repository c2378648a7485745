"""Devices that take push messages: in the vault, told once a browser, forgotten when they end."""

from __future__ import annotations

import base64
from uuid import uuid4

import pytest
from django.db import connection

from dure.core.actions import run
from dure.core.errors import Refusal
from dure.core.notices import ADDRESS, GONE, Ways
from dure.registry import vault
from dure.registry.models import Device, Login
from tests.registry.test_login import confirmed, me, sign_up

pytestmark = pytest.mark.django_db

SERVICE = "https://fcm.googleapis.com/fcm/send"


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


POINT, SECRET = b64(b"\x04" + bytes(64)), b64(bytes(16))


def add(login: Login, endpoint: str = "", **changed: str) -> str:
    address = endpoint or f"{SERVICE}/{uuid4()}"
    given = {"endpoint": address, "p256dh": POINT, "auth": SECRET, "name": "Android · Chrome"}
    with vault.holding({**given, **changed}) as tag:
        done = run("registry.device.add", {"values": tag}, me(login), key=str(uuid4()))
    return str(done.result.id)


def ways(login: Login) -> Ways:
    sealed = ADDRESS.call(login.person_id)
    return sealed.open() if sealed is not None else Ways()


def test_a_device_is_read_from_the_vault_beside_the_confirmed_address() -> None:
    login = sign_up()
    assert ways(login) == Ways()
    endpoint = f"{SERVICE}/one"
    add(login, endpoint)
    assert [(one.slot, one.endpoint) for one in ways(login).devices] == [(1, endpoint)]
    assert ways(login).mail is None
    confirmed(login, "resident@example.test")
    assert (ways(login).mail, len(ways(login).devices)) == ("resident@example.test", 1)


def test_no_address_of_a_device_stands_outside_the_vault() -> None:
    login = sign_up()
    add(login, f"{SERVICE}/secret-of-a-browser")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM core_auditline l WHERE l::text LIKE %s)"
            " + (SELECT count(*) FROM registry_device d WHERE d::text LIKE %s)",
            ["%secret-of-a-browser%"] * 2,
        )
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "changed",
    [
        {"endpoint": "https://example.test/push"}, {"endpoint": "http://fcm.googleapis.com/x"},
        {"endpoint": "https://127.0.0.1/x"}, {"endpoint": ""}, {"p256dh": "AAAA"},
        {"p256dh": ""}, {"auth": "*"}, {"auth": SECRET + "=="},
    ],
)  # fmt: skip
def test_what_is_no_address_of_a_listed_service_is_refused(changed: dict[str, str]) -> None:
    login = sign_up()
    with pytest.raises(Refusal) as refused:
        add(login, changed.pop("endpoint", f"{SERVICE}/x") or "x", **changed)
    assert refused.value.name == "registry.device_shape"
    assert not Device.rows.exists()


def test_the_same_browser_twice_is_one_device_and_the_sixth_is_refused() -> None:
    login = sign_up()
    assert add(login, f"{SERVICE}/one") == add(login, f"{SERVICE}/one")
    for _ in range(4):
        add(login)
    with pytest.raises(Refusal) as refused:
        add(login)
    assert refused.value.name == "registry.device_full"
    assert len(ways(login).devices) == 5


def test_a_browser_that_somebody_else_signs_in_with_tells_her_alone() -> None:
    first, second = sign_up(), sign_up("바다이")
    add(first, f"{SERVICE}/shared")
    add(second, f"{SERVICE}/shared")
    assert ways(first).devices == ()
    assert len(ways(second).devices) == 1


def test_a_dropped_device_is_forgotten_and_its_place_is_free_again() -> None:
    login = sign_up()
    device = add(login)
    run("registry.device.drop", {"device_id": device}, me(login), key=str(uuid4()))
    assert ways(login).devices == ()
    with pytest.raises(Refusal):
        run("registry.device.drop", {"device_id": device}, me(login), key=str(uuid4()))
    add(login)
    assert [one.slot for one in ways(login).devices] == [1]


def test_nobody_drops_a_device_of_somebody_else() -> None:
    login, other = sign_up(), sign_up("바다이")
    with pytest.raises(Refusal):
        run("registry.device.drop", {"device_id": add(login)}, me(other), key=str(uuid4()))
    assert len(ways(login).devices) == 1


def test_a_device_that_its_service_no_longer_knows_is_forgotten() -> None:
    login = sign_up()
    add(login)
    GONE.call(login.person_id, 1)
    GONE.call(login.person_id, 1)
    assert ways(login).devices == ()


def test_without_the_group_it_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from dure.core import pushing

    monkeypatch.setattr(pushing, "find_spec", lambda name: None)
    with pytest.raises(Refusal) as refused:
        add(sign_up())
    assert refused.value.name == "registry.push_missing"


def test_a_browser_of_who_was_erased_is_nobodys() -> None:
    gone, next_one = sign_up(), sign_up("bada")
    add(gone, f"{SERVICE}/shared")
    body = {"person_id": str(gone.person_id)}
    run("registry.person.erase", body, me(gone), key=str(uuid4()), reason="이사를 갑니다")
    left = Device.rows.get(person_id=gone.person_id)
    assert (left.name, left.mark, left.dropped_at is None) == ("–", "", False)
    add(next_one, f"{SERVICE}/shared")
    assert Device.rows.filter(dropped_at=None).count() == 1


def test_who_has_several_devices_is_erased_with_all_of_them() -> None:
    login = sign_up()
    for _ in range(3):
        add(login)
    body = {"person_id": str(login.person_id)}
    run("registry.person.erase", body, me(login), key=str(uuid4()), reason="이사를 갑니다")
    assert not Device.rows.filter(dropped_at=None).exists()
    assert {one.mark for one in Device.rows.all()} == {""}
