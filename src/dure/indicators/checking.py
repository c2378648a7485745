"""What is asked of a run before anybody may approve it (공표 전 검사).

A check names its rule and the worst cell; the page shows the rule alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dure.core import rulebook
from dure.engines import release_verify
from dure.engines.release_bundle import Bundle
from dure.indicators.models import DefinitionVersion, Observation, Release, Run


@dataclass(frozen=True, slots=True)
class Subject:
    """A run with its release and the bundle it would make."""

    release: Release
    run: Run
    versions: list[DefinitionVersion]
    bundle: Bundle


Faults = list[str]


def bundle_verifies(subject: Subject) -> Faults:
    """The bundle passes the public verifier, recomputation included."""
    return list(release_verify.verify(subject.bundle.zip).findings)


def nothing_shrank(subject: Subject) -> Faults:
    """No cell rests on fewer journal rows than the same cell of the last release."""
    last = (
        Run.rows.filter(release__steps__state="frozen", releasestep__state="frozen")
        .order_by("-releasestep__number")
        .first()
    )
    if last is None:
        return []
    names = ("version__definition_id", "grain", "period", "place")
    now = {
        row[:4]: row[4]
        for row in Observation.rows.filter(run=subject.run, breakdown="").values_list(
            *names, "rows_read"
        )
    }
    old = Observation.rows.filter(
        run=last, breakdown="", version__aggregation__in=("sum", "ratio"), contributors=None
    ).values_list(*names, "rows_read")
    return [" ".join(row[:4]) for row in old.iterator() if row[:4] in now and now[row[:4]] < row[4]]


def small_groups_are_hidden(subject: Subject) -> Faults:
    """No number rests on fewer contributors than the rule of its definition asks."""
    faults = []
    for version in subject.versions:
        if not version.k_rule:
            continue
        k = rulebook.value(version.k_rule, on=subject.run.cut_day).integer
        shown = Observation.rows.filter(
            run=subject.run, version=version, state="", contributors__gt=0, contributors__lt=k
        )
        faults += [f"{version.code} {cell.period} {cell.place}" for cell in shown]
    return faults


def sensitive_numbers_stay_at_the_city(subject: Subject) -> Faults:
    """Numbers of class B and C have no district cells while only primary suppression stands."""
    return [
        version.code
        for version in subject.versions
        if version.measured and version.disclosure != "A" and "gu" in version.grid
    ]


def made_up_data_says_so(subject: Subject) -> Faults:
    """A release with made-up factors is marked as synthetic."""
    made_up = [row[0] for row in subject.run.factors if row[-1] == "yes"]
    return [] if subject.release.synthetic else made_up


RULES: dict[str, Callable[[Subject], Faults]] = {
    "bundle_verifies": bundle_verifies,
    "nothing_shrank": nothing_shrank,
    "small_groups_are_hidden": small_groups_are_hidden,
    "sensitive_at_city_only": sensitive_numbers_stay_at_the_city,
    "made_up_data_says_so": made_up_data_says_so,
}
