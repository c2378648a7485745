"""Reads the short notation of process lines: `a: b=verb/role[guard]{+slot} ; c@P7D{-slot} | …`."""

from __future__ import annotations

import re
from datetime import timedelta

from dure.core.text import T
from dure.exchange import declaration as d
from dure.exchange.declaration import Process, Role, States, Transition

EFFECTS = {
    "+slot": d.HOLD_SLOT, "-slot": d.RELEASE_SLOT, "open": d.EXTEND_OPEN,
    "+stock": d.HOLD_STOCK, "-stock": d.RELEASE_STOCK, "use": d.USE_STOCK,
    "+value": d.HOLD_VALUE, "-value": d.VOID_VALUE, "settle": d.SETTLE,
    "claim": d.CLAIM, "unclaim": d.UNCLAIM, "enqueue": d.ENQUEUE, "correct": d.CORRECT,
    "ask": d.ASK, "link": d.LINK, "disclose": d.disclose("care"), "record": d.Effect("record"),
}  # fmt: skip
TRUSTED = ("coordinator", "pool", "system")
_PART = re.compile(
    r"(?P<target>\w+)(?:=(?P<verb>\w+)/(?P<roles>[\w,+]+)(?:\[(?P<guards>[^\]]+)\])?"
    r"|@(?P<due>[\w+]+))(?:\{(?P<do>[^}]*)\})?"
)


def process(key: str, line: str) -> Process:
    """Build a process from its line; the words are the keys themselves."""
    arrows: list[tuple[str, re.Match[str]]] = []
    for block in " ".join(line.split()).split("|"):
        heads, _, body = block.strip().partition(":")
        for part in body.split(";"):
            match = _PART.fullmatch(part.strip())
            assert match is not None, part
            arrows += [(head.strip(), match) for head in heads.split(",")]
    keys = list(dict.fromkeys([m["target"] for _, m in arrows] + [h for h, _ in arrows]))
    names = [k for k in keys if k != "start"]
    states = States("S", {k: (k, k, k) for k in names})  # type: ignore[call-overload]  # enum by name
    roles: dict[str, Role] = {}
    transitions: list[Transition] = []
    for head, match in arrows:
        by = tuple(
            roles.setdefault(r, Role(r, T(r, r), pays=True, trusted=r in TRUSTED))
            for r in re.split(r"[,+]", match["roles"] or "")
            if r
        )
        transitions.append(
            Transition(
                name=match["verb"] or f"at_{match['due']}",
                source=None if head == "start" else states[head],
                target=states[match["target"]],
                text=T(key, key),
                by=by,
                when=tuple(
                    d.Guard(g, T(g, g), consent="care" if g == "consent" else "")
                    for g in (match["guards"] or "").split(",")
                    if g
                ),
                do=tuple(EFFECTS[e] for e in (match["do"] or "").split(",") if e),
                due=d.Due(match["due"], timedelta()) if match["due"] else None,
            )
        )
    return Process(key, 1, "repair", T(key, key), states, tuple(roles.values()), tuple(transitions))
