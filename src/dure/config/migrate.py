"""Bring the database up to date: roles → migrations as owner → grants → install data as the
application.

Run as `dure migrate`, or `python -m dure.config.migrate` where the server is up already.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable

import psycopg

from dure.config.database import KEEPERS, ROLES, SUPERUSER
from dure.config.env import Environment, read_environment
from dure.config.places import DatabaseRefused

Say = Callable[[str], None]


def admin_dsn(env: Environment, dbname: str | None = None) -> str:
    """Address of whoever may create roles and databases: the superuser, or DATABASE_URL's owner
    login.
    """
    if env.database_url:
        url = env.database_owner_url or env.database_url
        return psycopg.conninfo.make_conninfo(url, dbname=dbname) if dbname else url
    host = env.database("dure_owner")["HOST"]
    return psycopg.conninfo.make_conninfo(
        host=str(host), user=SUPERUSER, dbname=dbname or "postgres"
    )


def database_name(env: Environment) -> str:
    return str(env.database("dure_app")["NAME"])


def connect_admin(env: Environment) -> psycopg.Connection:
    """Connect as whoever prepares; by way of `postgres` when the database itself is to be made."""
    try:
        return psycopg.connect(admin_dsn(env), autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error):
            raise
    return psycopg.connect(admin_dsn(env, "postgres"), autocommit=True, connect_timeout=10)


def prepare_database(env: Environment) -> None:
    """Make roles, database and privileges where they are missing and we may."""
    from dure.config import roles

    name = database_name(env)
    try:
        with connect_admin(env) as admin:
            able = admin.execute(
                "SELECT rolsuper OR (rolcreaterole AND rolcreatedb) FROM pg_roles "
                "WHERE rolname = current_user"
            ).fetchone()
            if able and able[0]:
                roles.prepare(admin, name)
            else:
                roles.check_server(admin)
                missing = admin.execute(
                    "SELECT string_agg(r, ', ') FROM unnest(%s::text[]) r WHERE NOT EXISTS "
                    "(SELECT FROM pg_roles WHERE rolname = r)",
                    ([*ROLES, *KEEPERS],),
                ).fetchone()
                if missing and missing[0]:
                    raise DatabaseRefused(
                        f"The roles {missing[0]} are missing and this login may not "
                        f"create them. Give a login that may "
                        "in DURE_DATABASE_OWNER_URL, or create them as docs/running.md says."
                    )
                return
        with psycopg.connect(admin_dsn(env, name), autocommit=True) as admin:
            roles.prepare_inside(admin, name)
    except psycopg.OperationalError as error:
        raise DatabaseRefused(f"The database server cannot be reached: {error}") from None


def migrate(say: Say = print) -> None:
    """Migrate as owner, grant, then run the install actions as the application. Repeatable."""
    os.environ["DURE_DATABASE_ROLE"] = "dure_owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.config.settings")
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    prepare_database(read_environment())
    django.setup()
    from dure.config import roles

    call_command("migrate", interactive=False, verbosity=1 if "-v" in sys.argv else 0)
    say(f"grants on {roles.grant()} tables")
    owner = dict(connections["default"].settings_dict)
    connections["default"].close()
    connections["default"].settings_dict.update(connections["side"].settings_dict)
    try:
        install(list(settings.DURE_INSTALL), say)
    finally:
        connections["default"].close()
        connections["default"].settings_dict.update(owner)


def install(names: list[str], say: Say = print) -> None:
    """Run the install actions in their order, as operator."""
    if not names:
        return
    from django.utils.module_loading import import_string

    run = import_string("dure.core.actions.run")
    actor = import_string("dure.core.actors.Actor")
    for name in names:
        run(name, {}, actor.operator())
        say(name)


def main(arguments: list[str]) -> int:
    """`dure migrate [--static] [--json]`: start the embedded server if none runs, and bring it up
    to date.
    """
    from dure.config.database import Server
    from dure.config.keys import KEYS, ensure_keys

    env = read_environment()
    server = None if env.database_url else Server(env.place).start()
    try:
        ensure_keys(env.place / "keys", KEYS)
        report: list[str] = []
        migrate(
            report.append if "--json" in arguments else lambda text: print(f"· {text}", flush=True)
        )
        if "--static" in arguments:
            from django.core.management import call_command

            call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        if "--json" in arguments:
            print(json.dumps({"ok": True, "steps": report}))
    finally:
        if server:
            server.stop()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except DatabaseRefused as refused:
        sys.exit(str(refused))
