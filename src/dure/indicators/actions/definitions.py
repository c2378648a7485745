"""Definitions come from their file, by an action that may be repeated."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from dure.core.actions import Who, action, line
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.indicators import definition_file, policies
from dure.indicators.errors import IndicatorsCode
from dure.indicators.models import Definition, DefinitionVersion


@dataclass(frozen=True, slots=True)
class DefinitionsInstalled:
    """How many versions the file holds, and how many were new."""

    total: int
    new: int


@action(
    "indicators.definition.install",
    ko="지표 정의를 파일에서 올립니다.",
    en="Install the definitions of indicators from their file.",
    policy=policies.may_install,
    letters={},
    who=Who.OPERATOR,
    faces=("cli",),
    writes=("indicators_definition", "indicators_definitionversion"),
    refusals=(IndicatorsCode.INCOMPLETE, IndicatorsCode.EDITED),
)
def install_definitions(*, actor: Actor) -> DefinitionsInstalled:
    """Insert the versions that are missing; an edited version is refused, a code never reused.

    Source: `data/definitions.toml` of this room.
    """
    try:
        declared = definition_file.read()
    except definition_file.Incomplete as error:
        raise Refusal(IndicatorsCode.INCOMPLETE, definition=error.code, part=error.part) from error
    known = set(Definition.rows.values_list("code", flat=True))
    stored = {(v.code, v.version): v.digest for v in DefinitionVersion.rows.all()}
    new = 0
    for one in declared:
        digest = stored.get((one.code, one.version))
        if digest is not None:
            if digest != one.digest:
                raise Refusal(IndicatorsCode.EDITED, definition=one.code, version=one.version)
            continue
        if one.code not in known:
            Definition.rows.create(code=one.code, heading=one.heading, audit=line().id)
            known.add(one.code)
        fields = asdict(one)
        code = fields.pop("code")
        fields.pop("heading")
        DefinitionVersion.rows.create(
            definition_id=code, digest=one.digest, audit=line().id, **fields
        )
        line().changed(f"{code}@{one.version}", None, one.digest)
        new += 1
    return DefinitionsInstalled(total=len(declared), new=new)
