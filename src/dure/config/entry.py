"""The `dure` script. What needs no Django, or Django as owner, starts here; all else is loaded
from the faces.
"""

from __future__ import annotations

import atexit
import json
import os
import sys
from collections.abc import Callable
from importlib import import_module

from dure.config.database import Server
from dure.config.env import Environment, EnvironmentRefused, read_environment
from dure.config.places import DatabaseRefused

HERE: dict[str, str] = {
    "run": "dure.config.run",
    "migrate": "dure.config.migrate",
    "backup": "dure.config.backup",
    "restore": "dure.config.restore",
}


# Commands of the faces that need the embedded server; it is started for them and stopped after.
NEED_DATABASE = frozenset({"import", "export", "demo", "act", "work"})


def hold_database(env: Environment) -> None:
    """Attach to the running server, or run one for as long as this command lasts."""
    server = Server(env.place)
    if not (server.cluster / "PG_VERSION").exists():
        raise DatabaseRefused(f"{env.place} holds no database yet. Run `dure migrate` first.")
    atexit.register(server.start().stop)


def show_settings(arguments: list[str]) -> int:
    """`dure settings`: every setting and its value; secrets are files and are not shown."""
    env = read_environment()
    rows = {name: str(getattr(env, name)) for name in Environment.model_fields}
    for name in ("database_url", "database_owner_url"):
        rows[name] = "(set)" if rows[name] else ""
    if "--json" in arguments:
        print(json.dumps(rows, ensure_ascii=False))
    else:
        for name, value in rows.items():
            print(f"{name:<20} {value:<28} {Environment.model_fields[name].description}")
    return 0


def main() -> None:
    """Exit code 0 when what the command says holds, 1 for a refusal with its reasons, 2 for wrong
    use.
    """
    arguments = sys.argv[1:]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.config.settings")
    try:
        run: Callable[[list[str]], int]
        if arguments and arguments[0] == "settings":
            code = show_settings(arguments[1:])
        elif arguments and arguments[0] in HERE:
            run = import_module(HERE[arguments[0]]).main
            code = run(arguments[1:])
        else:
            env = read_environment()
            if arguments and arguments[0] in NEED_DATABASE and not env.database_url:
                hold_database(env)
            run = import_module("dure.interfaces.cli.main").main
            code = run(arguments)
    except Exception as error:
        if (
            not isinstance(error, EnvironmentRefused | DatabaseRefused)
            and type(error).__name__ != "RunRefused"
        ):
            raise
        if "--json" in arguments:
            print(
                json.dumps(
                    {"ok": False, "refusals": [{"code": "config.refused", "en": str(error)}]}
                )
            )
        else:
            print(str(error), file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
