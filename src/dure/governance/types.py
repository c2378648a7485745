"""Types of bodies: the rule by which a roll is built."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from dure.core.types import CodeText, Part

Ground = Literal["home", "works_in", "studies_in"]
Days = Annotated[int, Field(ge=0, le=3_650)]
Age = Annotated[int, Field(ge=0, le=120)]


class RollRule(Part):
    """Who is taken on a roll.

    basis       : residents of a district, or members of an organisation
    grounds     : what makes a resident: home, work or study in the district
    dong        : only people of this dong, by its code
    age_min     : least age; a person whose age band says less is left out
    age_unknown : whether people whose age was never shown are taken or left out; either way the
                  roll says how many they are
    classes     : classes of members who vote; empty: every class but preferred shareholders
    days_min    : days that the ground must have lasted
    """

    basis: Literal["residents", "members"] = "residents"
    grounds: Annotated[tuple[Ground, ...], Field(max_length=3, strict=False)] = ("home",)
    dong: CodeText | None = None
    age_min: Age | None = None
    age_unknown: Literal["take", "leave"] = "take"
    classes: Annotated[tuple[CodeText, ...], Field(max_length=6, strict=False)] = ()
    days_min: Days = 0
