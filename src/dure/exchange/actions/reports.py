"""Downloading the cases of a process: each download leaves one record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from dure.core.actions import Who, action, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import CodeText, IsoDate, UuidText
from dure.exchange import policies
from dure.exchange.processes import newest
from dure.exchange.queries import reports
from dure.registry.errors import RegistryCode
from dure.registry.exporting import RECORD, Export, ExportRef, Form, table


def asked(body: Any, actor: Actor) -> reports.Asked:  # Any: the drawn body
    """What is to be reported. Raises Refusal(NOT_FOUND) for a process that is not declared, and
    Refusal(BAD_FIELD) for days the wrong way round or more than a year."""
    if newest(body.process) is None:
        raise Refusal(CoreCode.NOT_FOUND)
    begins, ends = body.begins, body.ends
    if not timedelta() <= ends - begins < timedelta(days=reports.DAYS_MAX):
        raise Refusal(CoreCode.BAD_FIELD, field="ends", range=f"{begins} – +{reports.DAYS_MAX}")
    organisation = UUID(body.organisation_id) if body.organisation_id else None
    if organisation is not None and not reports.is_hosted(organisation, actor):
        raise Refusal(CoreCode.NOT_FOUND)
    return reports.Asked(body.process, begins, ends, organisation)


@action(
    "exchange.report.export",
    ko="절차 하나의 약속들을 파일로 내려받습니다.",
    en="Download the agreements of a process as a file.",
    policy=policies.may_report,
    letters={Role.STAFF: "dm", Role.BOARD: "m", Role.OPERATOR: "o"},
    subject=asked,
    who=(Who.PERSON, Who.OPERATOR),
    faces=("web",),
    long=True,
    writes=RECORD,
    refusals=(CoreCode.NOT_FOUND, CoreCode.BAD_FIELD, RegistryCode.EXPORT_TOO_LONG),
)
def export_report(
    process: CodeText,
    begins: IsoDate,
    ends: IsoDate,
    form: Form,
    organisation_id: UuidText | None = None,
    *,
    actor: Actor,
) -> ExportRef:
    """Write a line a case that the actor hosts; no person and no free text stand in it."""
    wanted = subject(reports.Asked)
    query = {
        "process": process,
        "begins": str(begins),
        "ends": str(ends),
        "organisation": organisation_id,
    }
    head = [str(one) for one in reports.HEADER]
    export = Export("exchange.cases", form, query, head)
    return table(export, process, reports.rows(wanted, actor), actor=actor)
