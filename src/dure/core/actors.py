"""Who acts, and what they may: actors, roles and grants.

Nouns: actor (행위자), role (역할), grant (권한 부여: role + scope, in force at the transaction
clock). Law: no role lives in a cookie; the door loads grants through the port ``actors.load``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from uuid import UUID

from dure.core.text import T


class Role(Enum):
    """The roles of ``trust.md``; the value is (code, text)."""

    VISITOR = ("visitor", T("방문자", "visitor"))
    RESIDENT = ("resident", T("주민", "resident"))
    MEMBER = ("member", T("조합원", "member"))
    STAFF = ("staff", T("센터·조직 실무자", "staff"))
    TREASURER = ("treasurer", T("회계 담당", "treasurer"))
    APPROVER = ("approver", T("승인자", "approver"))
    BOARD = ("board", T("이사", "board member"))
    AUDITOR = ("auditor", T("감사", "auditor"))
    ETHICS = ("ethics", T("윤리위원", "ethics committee"))
    OFFICIAL = ("official", T("구청 담당자", "official"))
    ANALYST = ("analyst", T("분석가", "analyst"))
    VAULT = ("vault", T("신원 금고 담당", "vault officer"))
    OPERATOR = ("operator", T("운영자", "operator"))

    @property
    def code(self) -> str:
        """The permanent short name."""
        return self.value[0]

    @property
    def text(self) -> T:
        """The role in words."""
        return self.value[1]

    @classmethod
    def of(cls, code: str) -> Role:
        """The role with this code; KeyError when there is none."""
        return _BY_CODE[code]


_BY_CODE = {role.code: role for role in Role}

# Letters of what every signed-in person may do with what is her own.
EVERY_PERSON = {role: "o" for role in Role if role.value[0] not in ("visitor", "operator")}


class ActorKind(Enum):
    """What sort of actor."""

    ANONYMOUS = "anonymous"
    PERSON = "person"
    TIMER = "timer"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in a scope, in force now. `scope_kind`: organisation, district, city, person,
    purpose, installation; `scope_id`: its id as text (district: the `sig` code)."""

    role: Role
    scope_kind: str
    scope_id: str


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. Grants are empty until the door (or `with_grants`) loads them.

    assured  : the person showed a second step. The house's own calls vouch for it; every face
               states it (`core.assurance`)
    withheld : grants in force that wait for a second step
    """

    kind: ActorKind
    id: UUID | None = None
    name: str = ""
    origin: str = "web"
    acting_for: UUID | None = None
    request: UUID | None = None
    grants: tuple[Grant, ...] = ()
    assured: bool = True
    withheld: tuple[Grant, ...] = ()

    @classmethod
    def anonymous(cls, origin: str = "web") -> Actor:
        """A visitor who is not signed in."""
        return cls(ActorKind.ANONYMOUS, origin=origin)

    @classmethod
    def person(
        cls,
        person_id: UUID | str,
        *,
        origin: str = "web",
        acting_for: UUID | None = None,
        assured: bool = True,
    ) -> Actor:
        """A person of the registry."""
        who = UUID(str(person_id))
        return cls(ActorKind.PERSON, who, origin=origin, acting_for=acting_for, assured=assured)

    @classmethod
    def timer(cls, name: str) -> Actor:
        """A named timer; only entries with ``who`` = timer accept it."""
        return cls(ActorKind.TIMER, name=name, origin="timer")

    @classmethod
    def operator(cls, origin: str = "cli") -> Actor:
        """The operator of the machine, by local user."""
        return cls(
            ActorKind.OPERATOR,
            name="operator",
            origin=origin,
            grants=(Grant(Role.OPERATOR, "installation", ""),),
        )

    @property
    def behalf(self) -> UUID | None:
        """Whose affair this is: the person acted for, else the actor."""
        return self.acting_for or self.id

    @property
    def key(self) -> str:
        """What tells this actor from another in idempotency keys."""
        return f"{self.kind.value}:{self.id or self.name}"

    def with_grants(self, grants: tuple[Grant, ...]) -> Actor:
        """The same actor with these grants."""
        return replace(self, grants=grants)

    def has(self, role: Role, *, organisation: object = None, district: object = None) -> bool:
        """Whether a grant of `role` covers the scope named; without a scope, any grant of it.

        A city grant covers every district; a district grant covers no organisation by itself.
        """
        for grant in self.grants:
            if grant.role is not role:
                continue
            if organisation is None and district is None:
                return True
            if (
                organisation is not None
                and grant.scope_kind == "organisation"
                and grant.scope_id == str(organisation)
            ):
                return True
            if district is not None and (
                grant.scope_kind == "city"
                or (grant.scope_kind == "district" and grant.scope_id == str(district))
            ):
                return True
        return False

    def scope_ids(self, role: Role, scope_kind: str) -> tuple[str, ...]:
        """The ids of all scopes of one kind in which `role` is held."""
        return tuple(
            g.scope_id for g in self.grants if g.role is role and g.scope_kind == scope_kind
        )
