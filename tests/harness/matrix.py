"""Who may do what: the catalogue × roles × {own, other organisation, other district, ended term,
anonymous}.

A room adds one factory an object (`slot`), and a value where a drawn one would be refused
(`value`). Everything else comes from the catalogue: the body from its schema, what should happen
from its letters, what happens from the door. A cell that differs is a fault; so is an entry whose
body cannot be built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from dure.core.actions import CATALOGUE, Entry, Reason, Who, run
from dure.core.actors import Actor, ActorKind, Role
from dure.core.clock import today
from dure.core.errors import Kind, Refusal
from dure.registry.models import Login
from tests.harness import people
from tests.harness.given import given

OWN_DISTRICT, OTHER_DISTRICT = people.MAPO, people.JONGNO


class At(Enum):
    """Where the object stands, seen from the actor."""

    OWN = "own"
    OTHER_ORGANISATION = "other organisation"
    OTHER_DISTRICT = "other district"
    ENDED = "ended term"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Place:
    """A place of the world: an organisation, its district, and whose things lie there."""

    organisation: Any  # Any: a row of the registry
    district: str
    owner: UUID


@dataclass(frozen=True)
class Slot:
    """How one id slot of a body is filled. `owned`: the object is somebody's own;
    `placed`: it belongs to an organisation or district; neither: any value will do."""

    make: Callable[[Place, Actor], object]
    owned: bool
    placed: bool


SLOTS: dict[str, Slot] = {}
VALUES: dict[str, object] = {}
# Entries that the matrix does not run, each with its reason.
APART: dict[str, str] = {}


def slot(
    *names: str, owned: bool = False, placed: bool = True
) -> Callable[[Callable[[Place, Actor], object]], Callable[[Place, Actor], object]]:
    """Register the factory of an object for body slots (``slot`` or ``action:slot``)."""

    def register(make: Callable[[Place, Actor], object]) -> Callable[[Place, Actor], object]:
        for name in names:
            SLOTS[name] = Slot(make, owned, placed)
        return make

    return register


def value(name: str, given: object) -> None:
    """State the value of a plain slot (``slot`` or ``action:slot``)."""
    VALUES[name] = given


def apart(name: str, why: str) -> None:
    """Leave an entry out of the running part; its reason stands here and in the test's answer."""
    APART[name] = why


def slots_of(entry: Entry) -> dict[str, Slot]:
    """The id slots of an entry."""
    found = {}
    for field in entry.body.model_fields:
        named = SLOTS.get(f"{entry.name}:{field}") or SLOTS.get(field)
        if named is not None and f"{entry.name}:{field}" not in VALUES:
            found[field] = named
    return found


def expected(entry: Entry, role: Role, at: At) -> bool:
    """What the letters say; a person with a role is a resident, too."""
    if at is At.ANONYMOUS or role is Role.VISITOR:
        return _allows(entry, entry.letters.get(Role.VISITOR, ""), At.OWN)
    if role is Role.OPERATOR:
        return _allows(entry, entry.letters.get(Role.OPERATOR, ""), At.OWN)
    resident = entry.letters.get(Role.RESIDENT, "")
    if at is At.ENDED:
        return _allows(entry, resident, At.OWN)
    return _allows(entry, entry.letters.get(role, ""), at) or _allows(entry, resident, at)


def _allows(entry: Entry, letters: str, at: At) -> bool:
    slots = slots_of(entry).values()
    owned, placed = any(s.owned for s in slots), any(s.placed for s in slots)
    if not letters.strip("–- "):
        return False
    if at is At.OWN:
        return True
    if "o" in letters and not owned:
        return True
    if "d" in letters and (not placed or at is At.OTHER_ORGANISATION):
        return True
    if "p" in letters and "m" not in letters:
        return True
    return "m" in letters and not placed


class World:
    """Twin organisations in two districts, and one person a role."""

    def __init__(self) -> None:
        self.somebody: UUID = people.person().id
        self.own = Place(people.organisation("가람협동조합"), OWN_DISTRICT, self.somebody)

    @cached_property
    def near(self) -> Place:
        """The twin in the same district."""
        return Place(people.organisation("나루협동조합"), OWN_DISTRICT, self.somebody)

    @cached_property
    def far(self) -> Place:
        """The twin in another district."""
        made = people.organisation("다솜협동조합", district_sig=OTHER_DISTRICT)
        return Place(made, OTHER_DISTRICT, self.somebody)

    def actor(self, entry: Entry, role: Role, at: At) -> Actor:
        """Somebody with `role` in the scopes that the letters name; in all when they name none."""
        if at is At.ANONYMOUS or role is Role.VISITOR:
            return Actor.anonymous()
        if role is Role.OPERATOR:
            return Actor.operator()
        person = people.person(OWN_DISTRICT)
        with given() as audit:
            handle = f"m{uuid4().hex[:14]}"
            Login._base_manager.create(
                person=person, handle=handle, skeleton=handle, created_at=people._now(), audit=audit
            )
        letters = entry.letters.get(role, "")
        if role is Role.MEMBER:
            if at is not At.ENDED:
                people.membership(person.id, self.own.organisation)
            return Actor.person(person.id)
        if role is Role.RESIDENT:
            return Actor.person(person.id)
        until = people._now() if at is At.ENDED else None
        given_any = False
        for letter, scope in (
            ("d", {"district": OWN_DISTRICT}),
            ("m", {"organisation": self.own.organisation}),
            ("p", {"purpose": "indicators"}),
        ):
            if letter in letters:
                people.mandate(person.id, role, until=until, **scope)
                given_any = True
        if not given_any:
            people.mandate(person.id, role, until=until, district=OWN_DISTRICT)
            people.mandate(person.id, role, until=until, organisation=self.own.organisation)
        return Actor.person(person.id)

    def place(self, at: At, actor: Actor) -> Place:
        """Where the object of this cell stands; in the own place it is the actor's."""
        place = {At.OTHER_ORGANISATION: self.near, At.OTHER_DISTRICT: self.far}.get(at, self.own)
        if at in (At.OWN, At.ENDED) and actor.kind is ActorKind.PERSON and actor.id:
            return Place(place.organisation, place.district, actor.id)
        return place


def body_of(entry: Entry, place: Place, actor: Actor) -> dict[str, object]:
    """A body that parses: ids from the factories, plain values from the schema."""
    body: dict[str, object] = {}
    schema = entry.body.model_json_schema()
    for field, info in entry.body.model_fields.items():
        full = f"{entry.name}:{field}"
        if full in VALUES or (field in VALUES and field not in SLOTS):
            given = VALUES.get(full, VALUES.get(field))
            body[field] = given(place, actor) if callable(given) else given
        elif full in SLOTS or (field in SLOTS and info.is_required()):
            made = (SLOTS.get(full) or SLOTS[field]).make(place, actor)
            body[field] = made
        elif info.is_required():
            body[field] = drawn(schema["properties"][field], schema.get("$defs", {}))
    return body


def drawn(schema: dict[str, Any], parts: dict[str, Any]) -> object:  # Any: JSON schema words
    """A plain value of a schema: the first of a list, the least number, today, a short word."""
    if "$ref" in schema:
        return drawn(parts[schema["$ref"].rsplit("/", 1)[1]], parts)
    if "anyOf" in schema:
        return drawn(schema["anyOf"][0], parts)
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    if schema.get("type") == "object":
        needed = schema.get("required", [])
        return {name: drawn(schema["properties"][name], parts) for name in needed}
    if schema.get("type") == "integer":
        return max(schema.get("minimum", 1), 1)
    if schema.get("type") in PLAIN:
        return PLAIN[schema["type"]]
    return _text(schema.get("format", ""), schema.get("pattern", ""))


PLAIN: dict[str, object] = {"boolean": False, "array": []}


def _text(form: str, pattern: str) -> str:
    day = today().isoformat()
    formats = {"date": day, "date-time": f"{day}T00:00:00+09:00", "uuid": str(uuid4())}
    if form in formats:
        return formats[form]
    if pattern.startswith("^[0-9]{5}"):
        return OWN_DISTRICT
    return "a" * 64 if pattern.startswith("^[0-9a-f]{64}") else "matrix"


@dataclass(frozen=True)
class Cell:
    """One cell that differs from what was declared."""

    action: str
    role: str
    at: str
    expected: str
    found: str

    def __str__(self) -> str:
        where = f"{self.action:<36} {self.role:<10} {self.at:<19}"
        return f"{where} expected {self.expected}, found {self.found}"


PASSED = (Kind.CONFLICT, Kind.ACCEPTED, Kind.MISSING)
STOPPED = (Kind.FORBIDDEN, Kind.NOT_FOUND)
DOORS_OWN = frozenset(
    {"core.not_found", "core.not_allowed", "core.term_ended", "core.tie", "core.second_step"}
)


@contextmanager
def undone() -> Iterator[None]:
    """Run a block and take back what it wrote; the door may open its transaction inside."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]  # as Django's own TestCase marks its blocks
    with block:
        yield
        transaction.set_rollback(True)


def faults_of(entry: Entry, world: World) -> tuple[list[Cell], int]:
    """Run every cell of one entry; gives the cells that differ, and the number of cells run."""
    found: list[Cell] = []
    cells = 0
    assert world.near and world.far  # made now, outside the cells that are taken back
    for role in Role:
        for at in At:
            if (at is At.ANONYMOUS) != (role is Role.VISITOR):
                continue
            if role in (Role.OPERATOR, Role.RESIDENT) and at is At.ENDED:
                continue
            cells += 1
            want = expected(entry, role, at)
            got, why = outcome(entry, role, at, world)
            if got is None or got != want:
                shown = "no valid body" if got is None else ("allowed" if got else "refused")
                found.append(
                    Cell(
                        entry.name,
                        role.code,
                        at.value,
                        "allowed" if want else "refused",
                        f"{shown} ({why})",
                    )
                )
    return found, cells


def outcome(entry: Entry, role: Role, at: At, world: World) -> tuple[bool | None, str]:
    """Run one cell and take it back: whether the door let it through; None: it never got there."""
    with undone():
        actor = world.actor(entry, role, at)
        body = body_of(entry, world.place(at, actor), actor)
        reason = None
        if entry.reason is Reason.REQUIRED:
            reason = entry.reason_codes[0] if entry.reason_codes else "매트릭스 시험입니다"
        try:
            run(entry.name, body, actor, reason=reason)
        except Refusal as refusal:
            if refusal.kind in STOPPED and refusal.name in DOORS_OWN:
                return False, refusal.name
            if refusal.kind in PASSED or refusal.name.split(".")[0] != "core":
                return True, refusal.name  # the room's own no comes after the door's
            return None, f"{refusal.name} {refusal.places.get('field', '')}"
        return True, "done"


def swapped_slots(entry: Entry, world: World) -> list[str]:
    """Swap each placed or owned id slot alone for the far twin's: what still succeeds is a hole.

    Asked of one allowed role; a slot that may name anything is registered as not placed.
    """
    holes: list[str] = []
    assert world.far
    role = next((r for r in Role if expected(entry, r, At.OWN) and r is not Role.OPERATOR), None)
    if role is None or role is Role.VISITOR:
        return holes
    for field, filled in slots_of(entry).items():
        if not (filled.placed or filled.owned):
            continue
        with undone():
            actor = world.actor(entry, role, At.OWN)
            body = body_of(entry, world.place(At.OWN, actor), actor)
            body[field] = filled.make(world.far, actor)
            if "p" in entry.letters.get(role, "") and not filled.owned:
                continue
            try:
                run(entry.name, body, actor, reason="매트릭스 시험입니다")
            except Refusal:
                continue
            if expected(entry, role, At.OTHER_DISTRICT):
                continue
            holes.append(f"{entry.name}: {field} of another district was taken from {role.code}")
    return holes


def personal() -> list[Entry]:
    """The entries that persons may call, by name."""
    return sorted(
        (e for e in CATALOGUE.values() if Who.PERSON in e.who and not e.name.startswith("test.")),
        key=lambda e: e.name,
    )
