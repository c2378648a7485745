"""Downloading the register as a list: each download leaves one record."""

from __future__ import annotations

from dure.core.actions import Reason, action, subject
from dure.core.actors import EVERY_PERSON, Actor, Role
from dure.core.policies import anyone
from dure.registry import import_policies
from dure.registry.actions.imports import ScopeText, YearNumber
from dure.registry.errors import RegistryCode
from dure.registry.exporting import RECORD, Export, ExportRef, Form, table
from dure.registry.queries import imports as queries
from dure.registry.queries import listing

EVERYBODY = {**EVERY_PERSON, Role.VISITOR: "o", Role.OPERATOR: "o"}


@action(
    "registry.organisation.export",
    ko="조직 목록의 공개 열을 내려받습니다.",
    en="Download the public columns of the register.",
    policy=anyone,
    letters=EVERYBODY,
    subject=queries.scope,
    faces=("web", "cli"),
    long=True,
    writes=RECORD,
    refusals=(RegistryCode.EXPORT_TOO_LONG,),
)
def export_organisations(district: ScopeText, form: Form, *, actor: Actor) -> ExportRef:
    """Write the public columns of a district or the city; imported again all is the same."""
    return _written(subject(queries.Scope), form, None, actor, None)


@action(
    "registry.organisation.export_yearly",
    ko="조직 목록을 조합원 수와 출자금까지 내려받습니다.",
    en="Download the register with members and paid-in capital.",
    policy=import_policies.may_import,
    letters={Role.STAFF: "d", Role.OPERATOR: "o"},
    subject=queries.scope,
    reason=Reason.REQUIRED,
    faces=("web", "cli"),
    long=True,
    writes=RECORD,
    refusals=(RegistryCode.EXPORT_TOO_LONG,),
)
def export_yearly(district: ScopeText, form: Form, year: YearNumber, *, actor: Actor) -> ExportRef:
    """Write the public columns and one year's members and capital, for a stated reason."""
    return _written(subject(queries.Scope), form, year, actor, "yearly")


def _written(
    scope: queries.Scope, form: str, year: int | None, actor: Actor, kind: str | None
) -> ExportRef:
    return table(
        Export(
            "registry.organisations" + (f".{kind}" if kind else ""),
            form,
            {"district": scope.district_id or queries.CITY, "year": year},
            listing.header(yearly=year is not None),
        ),
        "조직 목록",
        listing.organisations(scope.district_id, year),
        actor=actor,
    )
