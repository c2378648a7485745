"""The demo district: invented organisations and people, through the same actions as any other."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings

from dure.core.actions import Who, action, line, run
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.registry import demo, policies
from dure.registry.models import District, Login, Organisation, OrgStatus
from dure.registry.vault import holding
from dure.registry.vault.factors import seal_secret

SOURCE = "시연용 지어낸 값"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """Who can sign in to the demo, and as what; the password is nobody's business here."""

    handle: str
    ko: str
    en: str
    takes_second_step: bool = False


@dataclass(frozen=True, slots=True)
class DemoLoaded:
    """How many invented organisations stand, and the accounts of the demo."""

    organisations: int
    accounts: tuple[DemoAccount, ...]


@action(
    "registry.demo.load",
    ko="지어낸 조직과 사람으로 시연 자치구를 채웁니다.",
    en="Fill the demo districts with invented organisations and people.",
    policy=policies.is_operator,
    letters={},
    who=Who.OPERATOR,
    faces=("cli",),
    idempotent=True,
    long=True,
    refusals=(CoreCode.NOT_ALLOWED,),
)
def load_demo(*, actor: Actor) -> DemoLoaded:
    """Make some 225 organisations of every kind in 25 districts, federations, people, a full desk.

    Everything is synthetic and goes through the registry's own actions.
    """
    if not settings.DEMO:
        raise Refusal(CoreCode.NOT_ALLOWED, role=T("시연 설정", "demo setting"))
    password = demo.password(settings.SECRET_KEY)
    people = {one.handle: _person(one, password) for one in demo.ACCOUNTS}
    for one in demo.ACCOUNTS:
        if one.scope in ("city", "district", "purpose"):
            _seed(one, people[one.handle], actor)
    city = Actor.person(people["demo_city"], origin="demo")
    made = _organisations(city)
    _federations(city)
    home = _home()
    for one in demo.ACCOUNTS:
        if one.scope == "organisation":
            _seed(one, people[one.handle], actor, str(home.pk))
    _desk(home, people)
    line().changed("organisations", None, made)
    accounts = tuple(
        DemoAccount(one.handle, one.does.ko, one.does.en, one.takes_second_step)
        for one in demo.ACCOUNTS
    )
    return DemoLoaded(made, accounts)


def _person(one: demo.Account, password: str) -> str:
    """Sign one person up; an account with powers gets the demo's one authenticator secret."""
    values = {"handle": one.handle, "name": one.name, "password": password}
    with holding(values) as tag:
        body = {
            "login_id": str(uuid4()),
            "values": tag,
            "factor": "password",
            "district": one.district,
        }
        signed = run("registry.login.sign_up", body, Actor.anonymous(origin="demo"))
    if one.takes_second_step:
        login = Login.objects.get(pk=signed.result.login_id)
        secret = seal_secret(demo.authenticator(settings.SECRET_KEY))
        login.factors.create(type="totp", data={"secret": secret})
    return str(signed.result.person_id)


def _seed(one: demo.Account, person: str, actor: Actor, organisation: str = "") -> None:
    scope = {
        "city": "*",
        "district": one.district,
        "purpose": "indicators" if one.role == "analyst" else "care",
        "organisation": organisation,
    }[one.scope]
    body = {
        "person_id": person,
        "role": one.role,
        "scope_kind": one.scope,
        "scope_id": scope,
    }
    run("registry.mandate.seed", body, actor)


def _organisations(city: Actor) -> int:
    districts = dict(District.rows.values_list("sig", "name"))
    count = 0
    for one in demo.organisations(districts):
        made = run("registry.organisation.register", one.body, city).result.id
        count += 1
        if one.second_status:
            body = {
                "organisation_id": made,
                "status": one.second_status,
                "begins": "2025-04-01",
                "ends": "2028-04-01",
                "issuer": "시연 발급기관",
                "certificate": f"시연-{count:04d}",
            }
            run("registry.status.set", body, city)
        if one.confirmed:
            status = OrgStatus.rows.get(organisation_id=made, code=one.body["status"])
            paper = {"issuer": "시연 발급기관", "certificate": f"시연-확인-{count:04d}"}
            run("registry.status.confirm", {"status_id": str(status.pk), **paper}, city)
        for year, kind, value in one.years:
            stated = {"year": year, "kind": kind, "value": value, "source": SOURCE}
            run("registry.year.state", {"organisation_id": made, **stated}, city)
        if one.closed_on is not None:
            body = {"organisation_id": made, "on": one.closed_on.isoformat()}
            run("registry.organisation.close", body, city, reason="시연용으로 지어낸 폐업")
        if one.body["status"] == "support_centre":
            centre = {"district": one.body["district"], "organisation_id": made}
            run(
                "registry.centre.set",
                {**centre, "since": "2026-01-01"},
                Actor.operator(origin="demo"),
            )
    return count


def _federations(city: Actor) -> None:
    """Each federation takes the co-operatives of three districts near it."""
    rows = Organisation.objects.everything("the demo's own organisations")
    federations = list(rows.filter(statuses__code="federation").order_by("name_key", "pk"))
    members = rows.filter(statuses__code__startswith="coop.", ended_on__isnull=True)
    members = members.order_by("district", "name_key", "pk").distinct()
    for place, member in enumerate(list(members)[:60]):
        federation = federations[place % len(federations)]
        body = {"organisation_id": str(federation.pk), "member_id": str(member.pk)}
        applied = run("registry.membership.apply", body, city).result.id
        admit = {"membership_id": applied, "since": "2026-01-15"}
        run("registry.membership.admit", admit, city)


def _home() -> Organisation:
    """The co-operative that the demo's board, treasurer and keeper belong to."""
    rows = Organisation.objects.everything("the demo's own organisations")
    living = rows.filter(district=demo.MAPO, ended_on__isnull=True, form="corporation")
    repair = living.filter(name__contains="수리").order_by("name_key").first()
    found: Organisation = (
        repair or living.filter(statuses__code__startswith="coop.").order_by("name_key")[0]
    )
    return found


def _desk(home: Organisation, people: dict[str, str]) -> None:
    """Something to do for everybody: proposals, an application, a possible duplicate."""
    resident = Actor.person(people["demo_resident"], origin="demo")
    staff = Actor.person(people["demo_staff"], origin="demo")
    edits = (
        ("web", "https://repair.dure.test", "누리집 주소가 빠져 있습니다."),
        ("phone", "02-000-0000", "바뀐 대표 전화입니다."),
        ("name_en", "Demo Repair Co-operative", "영문 이름을 넣어 주세요."),
    )
    for field, value, why in edits:
        body = {"organisation_id": str(home.pk), "field": field, "value": value, "why": why}
        run("registry.organisation.propose", body, resident)
    for handle in ("demo_board", "demo_board2", "demo_keeper", "demo_treasurer"):
        person = Actor.person(people[handle], origin="demo")
        applied = run("registry.membership.apply", {"organisation_id": str(home.pk)}, person)
        admit = {"membership_id": applied.result.id, "since": "2026-02-01"}
        run("registry.membership.admit", admit, staff)
    run("registry.membership.apply", {"organisation_id": str(home.pk)}, resident)
    twin = {
        "name": f"{home.name} 2",
        "form": "corporation",
        "district": demo.MAPO,
        "status": "coop.social",
        "status_from": "2026-03-02",
        "founded_on": "2026-03-02",
    }
    other = run("registry.organisation.register", twin, staff).result.id
    run(
        "registry.merge.propose",
        {"kept_id": str(home.pk), "other_id": other, "evidence": "이름과 주소가 거의 같습니다."},
        staff,
    )
