"""Actions of the registry: importing this package registers them all."""

from dure.registry.actions import (
    addresses,
    approvals,
    consents,
    edits,
    invitations,
    login,
    mandates,
    memberships,
    merges,
    organisations,
    places,
    statuses,
    ties,
    vault,
    years,
)

__all__ = (
    "addresses",
    "approvals",
    "consents",
    "edits",
    "invitations",
    "login",
    "mandates",
    "memberships",
    "merges",
    "organisations",
    "places",
    "statuses",
    "ties",
    "vault",
    "years",
)
