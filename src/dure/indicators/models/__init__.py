"""Tables of indicators: what is defined, what was computed, what was published. All insert-only."""

from dure.indicators.models.cells import Check, Observation, Run
from dure.indicators.models.definitions import Definition, DefinitionVersion
from dure.indicators.models.releases import (
    Release,
    ReleaseCell,
    ReleaseFile,
    ReleaseJob,
    ReleaseStep,
    ReleaseVersion,
)

__all__ = [
    "Check",
    "Definition",
    "DefinitionVersion",
    "Observation",
    "Release",
    "ReleaseCell",
    "ReleaseFile",
    "ReleaseJob",
    "ReleaseStep",
    "ReleaseVersion",
    "Run",
]
