"""Reading imports: subjects for the actions, and what the pages show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from django.db.models import QuerySet

from dure.core import rulebook
from dure.core.actors import Actor, ActorKind
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.engines.headers import Field
from dure.engines.issues import MATTERS
from dure.registry.models import District, Import, ImportRow

CITY = "city"
FIELD_NAMES = {
    Field.SEQ: T("연번", "number in the list"),
    Field.NAME: T("이름", "name"),
    Field.KIND: T("유형", "kind"),
    Field.STATE: T("상태", "state"),
    Field.DISTRICT: T("자치구", "district"),
    Field.ADDRESS: T("주소", "address"),
    Field.BIZ: T("사업자등록번호", "business number"),
    Field.CORP: T("법인등록번호", "corporate number"),
    Field.FOUNDED: T("설립일", "founding day"),
    Field.ENDED: T("종료일", "end day"),
    Field.MEMBERS: T("조합원 수", "members"),
    Field.CAPITAL: T("출자금(원)", "paid-in capital (won)"),
    Field.PARENT: T("소속 연합회", "federation"),
    Field.MAIL: T("대표 메일", "office mail"),
    Field.PHONE: T("대표 전화", "office phone"),
    Field.WEB: T("누리집", "website"),
    Field.NOTE: T("비고(검사만 하고 저장하지 않음)", "note (checked, not stored)"),
}


FIELD_NAMES_BY_CODE = {field.value: name for field, name in FIELD_NAMES.items()}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a new list is for; `district_id` None means the whole city."""

    district_id: str | None


class OfScope(Protocol):
    """A body that names a scope."""

    district: str


class OfImport(Protocol):
    """A body that names an import."""

    import_id: str


def scope(body: OfScope, actor: Actor) -> Scope:
    """The scope a body names: a district's code, or "city"."""
    if body.district == CITY:
        return Scope(None)
    if not District.objects.within(actor).filter(pk=body.district).exists():
        raise Refusal(CoreCode.NOT_FOUND)
    return Scope(body.district)


def one(body: OfImport, actor: Actor) -> Import:
    """An import in the actor's scope."""
    return of(body.import_id, actor)


def lock(body: OfImport, actor: Actor) -> Import:
    """The same, locked."""
    rows: QuerySet[Import] = Import.objects.within(actor)
    found = rows.select_for_update(no_key=True, of=("self",)).filter(pk=body.import_id).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def of(import_id: object, actor: Actor) -> Import:
    """One import, for pages and commands; `core.not_found` outside the actor's scope."""
    rows: QuerySet[Import] = Import.objects.within(actor)
    found = rows.select_related("district").filter(pk=str(import_id)).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def recent(actor: Actor, *, limit: int = 20) -> list[Import]:
    """The newest imports the actor may see."""
    rows: QuerySet[Import] = Import.objects.within(actor)
    return list(rows.select_related("district").order_by("-opened_at")[:limit])


def staged(
    imp: Import, *, verdict: str = "", against: str = "", code: str = ""
) -> QuerySet[ImportRow]:
    """The judged rows of an import that was fetched through its scope."""
    rows: QuerySet[ImportRow] = ImportRow.objects.everything("the import was fetched by its scope")
    rows = rows.filter(imp=imp).order_by("line")
    if verdict:
        rows = rows.filter(verdict=verdict)
    if against:
        rows = rows.filter(against=against, verdict__in=("ok", "fix", "warn"))
    if code:
        rows = rows.filter(issues__contains=[{"c": code}])
    return rows


@dataclass(frozen=True, slots=True)
class Found:
    """One issue of one row in words."""

    line: int
    verdict: str
    code: str
    column: str
    value: str
    mended: str
    what: T
    remedy: T


def found(imp: Import, row: ImportRow) -> list[Found]:
    """The issues of one row in words."""
    told = []
    for issue in row.issues or ():
        matter = MATTERS[issue["c"]]
        number = issue.get("n", 0)
        label = imp.labels[number - 1] if 0 < number <= len(imp.labels) else ""
        told.append(
            Found(
                row.line,
                row.verdict,
                issue["c"],
                label,
                issue.get("v", ""),
                issue.get("m", ""),
                T(matter.ko, matter.en),
                T(matter.remedy_ko, matter.remedy_en),
            )
        )
    return told


def refused(imp: Import) -> Iterator[Found]:
    """Every reason for which rows of an import are refused, in file order."""
    for row in staged(imp, verdict="reject").iterator(chunk_size=2000):
        for each in found(imp, row):
            if MATTERS[each.code].level.name == "REJECT":
                yield each


def district_names(actor: Actor) -> list[tuple[str, str]]:
    """Code and name of each district, in the order of codes."""
    return list(District.objects.within(actor).values_list("sig", "name").order_by("sig"))


def rows_to_store(imp: Import) -> int:
    """How many rows an apply would write."""
    return staged(imp).filter(held=False).exclude(against="same").count()


def is_long(imp: Import) -> bool:
    """Whether a list has more rows than one person may store alone.

    Source: rulebook `import.rows_second_person`.
    """
    return rows_to_store(imp) > rulebook.value("import.rows_second_person").integer


def waits_for_second(imp: Import, actor: Actor) -> bool:
    """Whether a second person must look at this list first; the machine's operator needs none."""
    return imp.approver is None and actor.kind is not ActorKind.OPERATOR and is_long(imp)


@dataclass(frozen=True, slots=True)
class Stored:
    """What an applied import stored."""

    made: int
    changed: int
    same: int
    held: tuple[tuple[int, str], ...]


def stored(imp: Import) -> Stored:
    """What an applied import stored, and which rows it held back (at most 200 of them)."""
    rows = staged(imp)
    held = tuple(rows.filter(held=True).values_list("line", "name")[:200])
    by = {kind: rows.filter(held=False, against=kind).count() for kind in ("new", "change", "same")}
    return Stored(by["new"], by["change"], by["same"], held)
