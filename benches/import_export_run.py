"""The peer of list imports, django-import-export, on rows of the same list and the same tables.

Twice: at its fastest, one table of nine (bulk, no look-up of what is there, no number, no history);
and with the tables that our import fills, a row at a time, as its hooks have it. Neither judges a
row, asks a second person, writes to the journal, or can be undone.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import tablib
from django.db import connection, transaction
from import_export import fields, resources

from dure.engines.business_number import number_token
from dure.engines.verdicts import KINDS
from dure.registry import models as registry
from dure.registry.models import District, Organisation
from dure.registry.naming import search_columns

KEY = b"\x01" * 32
STATED = datetime(2026, 1, 1, tzinfo=UTC)


class Plain(resources.ModelResource):
    """Organisations alone, at the peer's fastest settings."""

    name = fields.Field("name", "기관명")
    founded_on = fields.Field("founded_on", "설립일")

    class Meta:
        model = Organisation
        fields = ("name", "founded_on")
        import_id_fields = ("name",)
        use_bulk = True
        force_init_instance = True
        skip_diff = True
        skip_html_diff = True

    def __init__(self) -> None:
        super().__init__()
        self.line = uuid4()
        self.districts = dict(District.rows.values_list("name", "sig"))

    def get_queryset(self) -> Any:  # Any: the peer's; the public manager asks for a scope
        return Organisation.rows.all()

    def bulk_create(self, *args: Any, **kwargs: Any) -> None:  # Any: the peer's, by `rows`
        batch = self.create_instances
        Organisation.rows.bulk_create(batch)
        batch.clear()

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:  # Any: the peer's
        super().import_instance(instance, row, **kwargs)
        for column, value in search_columns(instance.name).items():
            setattr(instance, column, value)
        instance.form, instance.audit = "corporation", self.line
        instance.created_at = STATED
        instance.district_id = self.districts[row["자치구"]]
        instance.founded_on = date.fromisoformat(row["설립일"])


class Whole(Plain):
    """With name, numbers, state, status, head site, contact and yearly values."""

    class Meta(Plain.Meta):
        use_bulk = False
        force_init_instance = False

    def get_instance(self, instance_loader: Any, row: Any) -> Any:  # Any: the peer's
        held = registry.OrgNumber.rows.filter(token=token("biz", row["사업자등록번호"])).first()
        return held.organisation if held else None

    def after_save_instance(
        self, instance: Any, row: Any, **kwargs: Any
    ) -> None:  # Any: the peer's
        shared = {"organisation": instance, "audit": self.line}
        days = (instance.founded_on, None)
        registry.OrgName.rows.create(
            name=instance.name, search_key=instance.name_key, valid=days, **shared
        )
        for scheme, column in (("biz", "사업자등록번호"), ("corp", "법인등록번호")):
            digits = row[column].replace("-", "")
            registry.OrgNumber.rows.create(
                scheme=scheme, token=token(scheme, digits), digits=digits, valid=days, **shared
            )
        registry.OrgState.rows.create(state="operating", valid=days, **shared)
        registry.OrgStatus.rows.create(code=KINDS[row["유형"]], valid=days, **shared)
        registry.Site.rows.create(
            address=row["주소"],
            district_id=instance.district_id,
            is_head=True,
            valid=days,
            **shared,
        )
        registry.OrgContact.rows.create(kind="mail", value=row["대표메일"], **shared)
        for kind, column in (("members", "조합원수"), ("capital", "출자금(원)")):
            registry.OrgYear.rows.create(
                year=2025, kind=kind, value=int(row[column]), source="peer",
                stated_at=STATED, **shared,
            )  # fmt: skip


def token(scheme: Any, number: str) -> bytes:  # Any: one of two literals
    return number_token(KEY, scheme, number.replace("-", ""))


def rate(resource: type[Plain], labels: Sequence[str], rows: Iterable[Sequence[str]]) -> float:
    """Rows a second that a resource stores; rolled back at the end, what it wrote is counted."""
    table = tablib.Dataset(*rows, headers=labels)
    before = Organisation.rows.count()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('dure.action', %s || '@' || pg_current_xact_id()::text, true)",
                [str(uuid4())],
            )
        begin = time.perf_counter()
        resource().import_data(table, raise_errors=True, use_transactions=False)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        seconds = time.perf_counter() - begin
        stored = Organisation.rows.count() - before
        if stored != len(table):
            raise SystemExit(f"the peer stored {stored} of {len(table)} rows")
        transaction.set_rollback(True)
    return stored / seconds
