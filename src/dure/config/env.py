"""What the environment may say: typed, checked once at start; an unknown `DURE_` name stops the
start.

Secrets are never values here: they are files of mode 0400 below the data folder (`keys/`).
"""

from __future__ import annotations

import os
import re
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from dure.config.database import DATABASE, ROLES
from dure.config.places import default_place, socket_folder

# Names that other programmes of ours read: tests, the bootstrap and the database adapter.
OTHERS = {
    "DURE_BROWSER",
    "DURE_SHARED_DATA",
    "DURE_TEST_REBUILD",
    "DURE_POSTGRES_BIN",
    "DURE_PICTURES",
}


class EnvironmentRefused(Exception):
    """A setting is unknown or has a value that is not accepted."""


class Environment(BaseSettings):
    """Every setting of one installation. A setting never decides about a person or money: a rule
    does.
    """

    model_config = SettingsConfigDict(env_prefix="DURE_", extra="forbid", frozen=True)

    data: Path = Field(default_factory=default_place, description="data folder")
    host: str = Field("127.0.0.1", description="address the web server listens on")
    port: int = Field(
        8000, ge=1, le=65535, validation_alias="PORT", description="port of the web server"
    )
    hosts: str = Field("localhost,127.0.0.1,[::1]", description="host names answered to, by comma")
    address: str = Field(
        "",
        pattern=r"^(https?://[^\s/\"<>]{1,200})?$",
        description="address in letters, such as https://dure.example; empty = this machine's",
    )
    secure: bool = Field(False, description="served over https: secure cookies")
    proxies: int = Field(0, ge=0, le=5, description="number of trusted proxies in front")
    debug: bool = Field(False, description="error pages for developers")
    quiet: bool = Field(False, description="log warnings alone")
    demo: bool = Field(True, description="load the synthetic demo district on first start")
    workers: int = Field(2, ge=1, le=64, description="web processes")
    threads: int = Field(2, ge=1, le=64, description="threads a web process")
    database_url: str = Field(
        "", validation_alias="DATABASE_URL", description="a PostgreSQL server of 15 or later"
    )
    database_owner_url: str = Field(
        "", description="the same server for migrations, as the owning role"
    )
    database_name: str = Field(
        DATABASE, pattern=r"^[a-z_][a-z0-9_]{0,50}$", description="database of this process"
    )
    database_role: Literal["dure_owner", "dure_app"] = Field(
        "dure_app", description="role of this process"
    )
    district: str = Field(
        "",
        pattern=r"^([0-9]{5})?$",
        description="code of the district that the first page shows; empty = the whole city",
    )
    source_url: str = Field(
        "",
        pattern=r"^(https?://[^\s\"<>]{1,200})?$",
        description="where the source of this installation is offered; empty = a page of its own",
    )
    city: str = Field("11", pattern=r"^[0-9]{2}$", description="city code of this installation")

    @cached_property
    def place(self) -> Path:
        return self.data.expanduser().resolve()

    def key_file(self, name: str) -> Path:
        return self.place / "keys" / name

    def database(self, role: str) -> dict[str, object]:
        """One entry of Django's DATABASES for `role`, embedded or by DATABASE_URL."""
        assert role in ROLES, role
        entry: dict[str, object] = {
            "ENGINE": "django.db.backends.postgresql",
            "CONN_MAX_AGE": 300,
            "CONN_HEALTH_CHECKS": True,
            "ATOMIC_REQUESTS": False,
        }
        options: dict[str, object] = {"application_name": f"dure {role}", "connect_timeout": 10}
        if self.database_url:
            url = self.database_owner_url if role == "dure_owner" else ""
            parts = parse_url(url or self.database_url)
            if parts["USER"] != role:
                options["options"] = f"-c role={role}"
            return {**entry, **parts, "OPTIONS": options}
        place = {"HOST": str(socket_folder(self.place)), "NAME": self.database_name, "USER": role}
        return {**entry, **place, "OPTIONS": options}


def parse_url(url: str) -> dict[str, object]:
    """Split a `postgresql://` address into Django's names.

    >>> parse_url("postgresql://dure_app:p%40ss@db.test:5433/dure")["PASSWORD"]
    'p@ss'
    """
    from psycopg.conninfo import conninfo_to_dict

    if not re.match(r"^postgres(ql)?://", url):
        raise EnvironmentRefused("DATABASE_URL must begin with postgresql://")
    parts = conninfo_to_dict(url)
    known = {
        "host": "HOST",
        "port": "PORT",
        "user": "USER",
        "password": "PASSWORD",
        "dbname": "NAME",
    }
    return {django: str(parts.get(name) or "") for name, django in known.items()}


def read_environment() -> Environment:
    """Read and check the environment. Raises EnvironmentRefused with every fault named."""
    accepted = {f"DURE_{name.upper()}" for name in Environment.model_fields} | OTHERS
    unknown = sorted(
        name for name in os.environ if name.startswith("DURE_") and name not in accepted
    )
    if unknown:
        raise EnvironmentRefused(
            f"Unknown settings: {', '.join(unknown)}. Known: {', '.join(sorted(accepted))}."
        )
    try:
        return Environment()
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise EnvironmentRefused(f"Settings are not accepted: {faults}.") from None
