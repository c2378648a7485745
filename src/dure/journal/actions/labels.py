"""Labels come from their file, by an action that may be repeated."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from django.db.backends.postgresql.psycopg_any import DateRange

from dure.core.actions import Who, action, line
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.journal import policies
from dure.journal.definitions import Definition, declared
from dure.journal.errors import JournalCode
from dure.journal.models import Label


@dataclass(frozen=True, slots=True)
class LabelsInstalled:
    """How many versions stand, and how many of them are new."""

    total: int
    new: int


@action(
    "journal.label.install",
    ko="표준 라벨을 파일에서 올립니다.",
    en="Install the standard labels from their file.",
    policy=policies.may_install,
    letters={Role.OPERATOR: "o"},
    who=Who.OPERATOR,
    faces=("cli",),
    writes=("journal_label",),
    refusals=(JournalCode.LABEL_EDITED,),
)
def install_labels(*, actor: Actor) -> LabelsInstalled:
    """Insert the versions that are missing and end their predecessors; edit nothing.

    Source: `labels.toml` of this room. Effects: rows of Label only.
    """
    present = {(label.code, label.version): label for label in Label.rows.all()}
    definitions = declared()
    missing = [d for d in definitions if (d.code, d.version) not in present]
    for definition in definitions:
        stored = present.get((definition.code, definition.version))
        if stored is not None and not _is_same(definition, stored):
            raise Refusal(
                JournalCode.LABEL_EDITED, label=definition.code, version=definition.version
            )
    for definition in missing:
        previous = present.get((definition.code, definition.version - 1))
        if previous is not None:
            previous.valid = DateRange(previous.valid.lower, definition.valid_from)
            previous.audit = line().id
            previous.save(update_fields=["valid", "audit"])
        label = _label(definition)
        label.save(force_insert=True)
        present[(definition.code, definition.version)] = label
    line().changed("labels", None, [f"{d.code}@{d.version}" for d in missing])
    return LabelsInstalled(total=len(definitions), new=len(missing))


def _label(definition: Definition) -> Label:
    fields = dataclasses.asdict(definition)
    valid = DateRange(fields.pop("valid_from"), None)
    return Label(**fields, valid=valid, audit=line().id)


def _is_same(definition: Definition, stored: Label) -> bool:
    fields = dataclasses.asdict(definition)
    since = fields.pop("valid_from")
    return stored.valid.lower == since and all(
        getattr(stored, name) == value for name, value in fields.items()
    )
