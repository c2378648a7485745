"""Powers that wait for a second step at sign-in.

Nouns: second step (추가 인증: passkey, authenticator app or recovery code), withheld grant (잠긴
권한). Law: without a second step nobody carries a mandate that moves value or opens the vault; a
mandate of another kind is withheld from the actions that do either. What belongs to the person
herself (resident, member) stays.
"""

from __future__ import annotations

from dataclasses import replace

from dure.core.actors import Actor, ActorKind, Role

# Roles that are nothing but such a power: withheld from every action and page.
WITHHELD = frozenset({Role.TREASURER, Role.APPROVER, Role.VAULT, Role.OPERATOR})
# Roles whose holder does such things among others: withheld from strong actions alone.
WITHHELD_FROM_STRONG = WITHHELD | {Role.STAFF, Role.OFFICIAL, Role.BOARD, Role.ETHICS}
OWN = frozenset({Role.RESIDENT, Role.MEMBER})


def carried(actor: Actor, *, strong: bool) -> Actor:
    """The actor with the grants this session carries; the others stand in `withheld`.

    `strong`: the action reads the vault, gives power or moves value; then every mandate waits.
    """
    if actor.kind is not ActorKind.PERSON or actor.assured:
        return actor
    held = actor.grants + actor.withheld
    waits = tuple(g for g in held if g.role in WITHHELD or (strong and g.role not in OWN))
    return replace(actor, grants=tuple(g for g in held if g not in waits), withheld=waits)


def restored(actor: Actor) -> Actor:
    """The actor as a second step would make her: to ask what it would change, never to act."""
    return replace(actor, grants=actor.grants + actor.withheld, withheld=(), assured=True)


def waits_for_second_step(actor: Actor) -> bool:
    """Whether some power of this person waits: what pages say in words."""
    return not actor.assured and any(
        grant.role in WITHHELD_FROM_STRONG for grant in actor.grants + actor.withheld
    )
