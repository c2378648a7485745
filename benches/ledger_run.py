"""Dure's ledger at work, as runners of `ledger_measure`.

`prepare` makes one book with 1,000 accounts of one person and prints what the runners need; then
`row` posts one transfer by the SQL function, `bulk` a thousand in one statement, `action` pays
through `ledger.transfer.post` (policy, key, audit) by all steps of the door, `one` by its
one-statement form, `request` does the same over the API's own stack.
"""

from __future__ import annotations

import dataclasses
import json
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ["DJANGO_SETTINGS_MODULE"] = "dure.config.settings"

from benches.ledger_measure import serve  # noqa: E402
from dure.config.database import Server  # noqa: E402

ACCOUNTS = 1_000
BULK = 1_000
FUND = 10**9
MARK = "set_config('dure.action', %(line)s || '@' || pg_current_xact_id()::text, true)"
POST = f"SELECT ledger_post(%(rows)s::jsonb) FROM (SELECT {MARK} AS mark OFFSET 0) m"


def books_file() -> Path:
    return Path(os.environ["DURE_DATA"]) / "bench_books.json"


def prepare() -> None:
    import django

    django.setup()
    from django.db import connection

    from dure.core import tokens
    from dure.core.actions import run
    from dure.core.actors import Role
    from tests.harness.given import given
    from tests.harness.people import MAPO, organisation, person_with
    from tests.ledger.books import account, book

    payer = person_with(Role.RESIDENT, district=MAPO)
    within = book(of=organisation())
    source = account(within, "LOCAL", None, None, "issuer")
    with given() as audit, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_account (book, unit, type, status, label, opened_at, audit,"
            " balance, held_out, held_in, owner_person) SELECT %s, 3, 'liability', 'open',"
            " 'bench ' || n, dure_now(), %s, 0, 0, 0, %s FROM generate_series(1, %s) n"
            " RETURNING id",
            [within.pk, audit, payer.id, ACCOUNTS],
        )
        ids = [number for (number,) in cursor.fetchall()]
        rows = [
            {
                "ikey": str(uuid4()),
                "debit": source.pk,
                "credit": one,
                "amount": FUND,
                "purpose": "f",
            }
            for one in ids
        ]
        cursor.execute("SELECT ledger_post(%s::jsonb)", [json.dumps(rows)])
    token = tokens.new_token()
    body = {"label": "bench", "purpose": "all", "days": 1, "token_hash": tokens.hash_of(token)}
    run("core.token.create", body, payer)
    told = {"payer": str(payer.id), "book": within.pk, "accounts": ids, "token": token}
    books_file().write_text(json.dumps({**told, "source": source.pk}))


def drawn(chance: random.Random, accounts: list[int]) -> dict[str, object]:
    debit, credit = chance.sample(accounts, 2)
    return {"debit": debit, "credit": credit, "amount": chance.randint(1, 100), "purpose": "bench"}


def by_function(chance: random.Random, accounts: list[int], count: int) -> Callable[[], int]:
    """One prepared statement that marks itself and posts `count` rows."""
    server = Server(Path(os.environ["DURE_DATA"]))
    connection = server.connect("dure_app")

    def post() -> int:
        rows = [{"ikey": str(uuid4()), **drawn(chance, accounts)} for _ in range(count)]
        if count > 1:
            rows.sort(key=lambda row: str(row["debit"]))
        values = {"line": str(uuid4()), "rows": json.dumps(rows)}
        (ids,) = connection.execute(POST, values, prepare=True).fetchone()  # type: ignore[misc]  # one row
        assert len(ids) == count
        return count

    return post


def by_action(chance: random.Random, books: dict[str, object], *, short: bool) -> Callable[[], int]:
    """The payment through the door, with a key, as the API's faces run it; `short`: in its
    one-statement form, else by all steps of the door.
    """
    import django

    django.setup()
    from dure.core.actions import CATALOGUE, run
    from dure.core.actors import Actor

    name = "ledger.transfer.post"
    if not short:
        CATALOGUE[name] = dataclasses.replace(CATALOGUE[name], short=None)

    actor = Actor.person(UUID(str(books["payer"])), origin="bench")
    accounts: list[int] = books["accounts"]  # type: ignore[assignment]  # a JSON list

    def pay() -> int:
        row = drawn(chance, accounts)
        sides = {"debit": str(row["debit"]), "credit": str(row["credit"]), "unit": "LOCAL"}
        assert not run(name, {**row, **sides}, actor, key=str(uuid4())).replayed
        return 1

    return pay


def by_request(chance: random.Random, books: dict[str, object]) -> Callable[[], int]:
    """The same through URL, middleware, token and JSON, without a socket."""
    import django

    django.setup()
    from django.conf import settings
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    accounts: list[int] = books["accounts"]  # type: ignore[assignment]  # a JSON list

    def pay() -> int:
        row = drawn(chance, accounts)
        sides = {"debit": str(row["debit"]), "credit": str(row["credit"]), "unit": "LOCAL"}
        answer = client.post(
            "/api/v1/actions/ledger.transfer.post",
            json.dumps({**row, **sides}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {books['token']}", "Idempotency-Key": str(uuid4())},
        )
        assert answer.status_code == 200, answer.content
        return 1

    return pay


def main() -> None:
    variant = sys.argv[1]
    if variant == "prepare":
        prepare()
        return
    books = json.loads(books_file().read_text())
    chance = random.Random(f"{variant} {sys.argv[2]}")
    if variant in ("row", "bulk"):
        serve(by_function(chance, books["accounts"], BULK if variant == "bulk" else 1))
    elif variant == "request":
        serve(by_request(chance, books))
    else:
        serve(by_action(chance, books, short=variant == "one"))


if __name__ == "__main__":
    main()
