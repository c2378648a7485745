"""Actions of the registry: importing this package registers them all."""

from dure.registry.actions import addresses, invitations, login, vault

__all__ = ("addresses", "invitations", "login", "vault")
