"""Actions on devices: a browser is added by its owner, dropped by her or by its push service."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from dure.core import clock, pushing
from dure.core.actions import Who, action, line, run, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.notices import GONE
from dure.core.policies import is_timer
from dure.core.types import UuidText
from dure.registry.actions.login import OWN, own_login, own_login_locked
from dure.registry.models import Device, Login
from dure.registry.models.devices import SLOTS
from dure.registry.vault import Entry, policies, store
from dure.registry.vault.errors import LoginCode
from dure.registry.vault.held import Held, values_of

PURPOSE = "notice"
SENDER = "core.notices"
WRITES = ("registry_device",)


@dataclass(frozen=True, slots=True)
class DeviceRef:
    """One device, or none that there was."""

    id: str | None


def own_device(body: object, actor: Actor) -> Device:
    """A living device of the actor's own. Raises Refusal(NOT_FOUND)."""
    number = body.device_id  # type: ignore[attr-defined]  # the drawn body
    found = Device.rows.filter(pk=number, person_id=actor.id, dropped_at=None).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    assert isinstance(found, Device)
    return found


@action(
    "registry.device.add",
    ko="이 기기에서 알림을 받습니다.",
    en="Take notices on this device.",
    policy=policies.is_self,
    letters=OWN,
    subject=own_login,
    lock=own_login_locked,
    faces=("web",),
    writes=WRITES,
    refusals=(LoginCode.DEVICE_SHAPE, LoginCode.DEVICE_FULL, LoginCode.PUSH_MISSING),
)
def add_device(values: Held, *, actor: Actor) -> DeviceRef:
    """Keep a browser's push address. Held values: endpoint, p256dh, auth, name.

    A browser that told somebody else until now tells her no more. Known already: nothing changes.
    """
    person = subject(Login).person_id
    given = values_of(values)
    endpoint = _checked(given)
    mark = hashlib.sha256(endpoint.encode()).hexdigest()
    for other in Device.rows.filter(mark=mark, dropped_at=None):
        if other.person_id == person:
            return DeviceRef(str(other.id))
        _drop(other, actor)
    taken = set(
        Device.rows.filter(person_id=person, dropped_at=None).values_list("slot", flat=True)
    )
    free = [slot for slot in SLOTS if slot not in taken]
    if not free:
        raise Refusal(LoginCode.DEVICE_FULL, most=len(SLOTS))
    made = Device.rows.create(
        person_id=person,
        slot=free[0],
        name=given.get("name", "")[:60] or "–",
        mark=mark,
        added_at=clock.now(),
        audit=line().id,
    )
    text = json.dumps({name: given[name] for name in ("endpoint", "p256dh", "auth")})
    store(Entry(person, {f"push_{free[0]}": text}), actor=actor, purpose=PURPOSE)
    line().object("registry.device", made.id)
    return DeviceRef(str(made.id))


def _checked(given: Mapping[str, str]) -> str:
    if not pushing.is_installed():
        raise Refusal(LoginCode.PUSH_MISSING)
    endpoint = given.get("endpoint", "")
    if (
        not pushing.is_of_a_service(endpoint)
        or not pushing.is_key(given.get("p256dh", ""), pushing.POINT_BYTES)
        or not pushing.is_key(given.get("auth", ""), pushing.SECRET_BYTES)
    ):
        raise Refusal(LoginCode.DEVICE_SHAPE)
    return endpoint


def _drop(device: Device, actor: Actor) -> None:
    device.dropped_at = clock.now()
    device.audit = line().id
    device.save(update_fields=["dropped_at", "audit"])
    store(Entry(device.person.pk, {f"push_{device.slot}": None}), actor=actor, purpose=PURPOSE)
    line().object("registry.device", device.id)


@action(
    "registry.device.drop",
    ko="기기에서 알림을 그만 받습니다.",
    en="Stop notices on a device.",
    policy=policies.is_self,
    letters=OWN,
    subject=own_device,
    faces=("web",),
    writes=WRITES,
)
def drop_device(device_id: UuidText, *, actor: Actor) -> DeviceRef:
    """Forget the push address of one of one's own devices."""
    device = subject(Device)
    _drop(device, actor)
    return DeviceRef(str(device.id))


@action(
    "registry.device.gone",
    ko="더는 없는 기기를 잊습니다.",
    en="Forget a device that is no more.",
    policy=is_timer,
    letters={},
    who=Who.TIMER,
    faces=("job",),
    writes=WRITES,
)
def device_gone(person_id: UuidText, slot: int, *, actor: Actor) -> DeviceRef:
    """Forget a device that its push service does not know any more."""
    found = Device.rows.filter(person_id=person_id, slot=slot, dropped_at=None).first()
    if found is None:
        return DeviceRef(None)
    _drop(found, actor)
    return DeviceRef(str(found.id))


@GONE.plug
def forget(person: UUID, slot: int) -> None:
    """Run `registry.device.gone` for the sender of notices."""
    run("registry.device.gone", {"person_id": str(person), "slot": slot}, Actor.timer(SENDER))
