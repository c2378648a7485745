"""People of the demo district, with logins whose passwords are shown to whoever started the demo."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings

from dure.core import clock
from dure.core.actions import Who, action, line
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.policies import is_operator
from dure.registry.actions.login import checked_password, skeleton_tag
from dure.registry.actions.mandates import write_mandate
from dure.registry.models import Login, Organisation, Person, PersonFact
from dure.registry.vault import Entry, store_many

DISTRICT = "11440"


@dataclass(frozen=True, slots=True)
class Character:
    """One person of the demo; `scope` is `district`, `organisation` or nothing."""

    handle: str
    name: str
    ko: str
    en: str
    role: str = ""
    scope: str = ""


CAST = (
    Character("resident", "김두레", "주민", "resident"),
    Character("centre", "이마을", "지원센터 직원", "centre staff", "staff", "district"),
    Character("official", "박구청", "구청 담당자", "official", "official", "district"),
    Character(
        "second",
        "최구청",
        "구청 담당자(두 번째 사람)",
        "official, the second person",
        "official",
        "district",
    ),
    Character("auditor", "정감사", "감사", "auditor", "auditor", "district"),
    Character(
        "treasurer",
        "한회계",
        "조합 회계 담당",
        "treasurer of a co-operative",
        "treasurer",
        "organisation",
    ),
    Character(
        "approver",
        "윤승인",
        "조합 승인 담당",
        "approver of a co-operative",
        "approver",
        "organisation",
    ),
    Character(
        "board", "조이사", "조합 이사", "board member of a co-operative", "board", "organisation"
    ),
)


@dataclass(frozen=True, slots=True)
class Account:
    """A demo login in clear: it opens nothing but synthetic data."""

    handle: str
    password: str
    ko: str
    en: str


@dataclass(frozen=True, slots=True)
class Accounts:
    """The demo logins, in the order of the cast."""

    accounts: tuple[Account, ...]


@action(
    "registry.demo.people",
    ko="시연용 사람과 로그인을 만듭니다.",
    en="Make the people and logins of the demo.",
    policy=is_operator,
    letters={Role.OPERATOR: "2"},
    who=Who.OPERATOR,
    idempotent=True,
    faces=("cli",),
    writes=("registry_person", "registry_personfact", "registry_login", "registry_mandate"),
    refusals=(CoreCode.NOT_ALLOWED,),
)
def make_demo_people(*, actor: Actor) -> Accounts:
    """Make the cast with known passwords; refused where the demo is off.

    Roles in an organisation go to the first of the demo district; without one they are left out.
    """
    if not settings.DEMO:
        raise Refusal(CoreCode.NOT_ALLOWED, role="demo")
    organisation = (
        Organisation.rows.filter(district_id=DISTRICT, merged_into=None, ended_on=None)
        .order_by("name_key", "id")
        .first()
    )
    made = [one for one in CAST if one.scope != "organisation" or organisation is not None]
    accounts = []
    entries = []
    for one in made:
        password = f"dure-demo-{one.handle}"
        person = _person(one, password)
        entries.append(Entry(person.id, {"name": one.name}))
        if one.role:
            scope = DISTRICT if one.scope == "district" else str(getattr(organisation, "id", ""))
            write_mandate(
                str(person.id), one.role, one.scope, scope,
                begins=None, ends=None, origin="appointed", actor=actor,
            )  # fmt: skip
        accounts.append(Account(one.handle, password, one.ko, one.en))
    store_many(entries, actor=actor, purpose="account")
    line().changed("person_count", None, len(made))
    return Accounts(tuple(accounts))


def _person(one: Character, password: str) -> Person:
    now, audit = clock.now(), line().id
    person: Person = Person.rows.create(
        state=Person.State.ACTIVE, created_by=None, created_at=now, audit=audit
    )
    PersonFact.rows.create(
        person=person, kind="home", value=DISTRICT, derived_at=now,
        valid=(clock.kst_date(now), None), audit=audit,
    )  # fmt: skip
    login = Login(
        id=uuid4(), person=person, handle=one.handle, skeleton=skeleton_tag(one.handle),
        created_at=now, audit=audit,
    )  # fmt: skip
    login.password = checked_password(password, Login(handle="-"))
    login.save(force_insert=True)
    return person
