"""django-hordak at work: `transfer_to` between accounts, in a Django of its own.

`python benches/hordak_run.py prepare` migrates the database `hordak` of the server at DURE_DATA
and makes its accounts; `… hordak 0` is a runner of `ledger_measure`; `… balance LEGS` gives one
account that many legs and tells in how many milliseconds its balance is read.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.pop("DJANGO_SETTINGS_MODULE", None)

import django  # noqa: E402
from django.conf import settings  # noqa: E402

from benches.ledger_measure import serve  # noqa: E402
from dure.config.database import SUPERUSER, Server  # noqa: E402

ACCOUNTS = 1_000
DATABASE = "hordak"


def set_up() -> None:
    server = Server(Path(os.environ["DURE_DATA"]))
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "mptt", "djmoney", "hordak"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": DATABASE,
                "USER": "dure_owner",
                "HOST": str(server.socket),
                "CONN_MAX_AGE": None,
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        HORDAK_DECIMAL_PLACES=0,
        HORDAK_CURRENCIES=["KRW"],
        HORDAK_INTERNAL_CURRENCY="KRW",
        DEFAULT_CURRENCY="KRW",
        CURRENCIES=["KRW"],
        SECRET_KEY="bench",  # noqa: S106  # a benchmark signs nothing
    )
    django.setup()


def prepare() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from hordak.models import Account

    with Account.objects.delay_mptt_updates():
        for number in range(ACCOUNTS):
            Account.objects.create(name=f"a{number}", type="LI", currencies=["KRW"])


LEGS = """
WITH pays AS (
    INSERT INTO hordak_transaction (uuid, timestamp, date, description)
    SELECT gen_random_uuid(), now(), current_date, 'many' FROM generate_series(1, %(legs)s)
    RETURNING id
)
INSERT INTO hordak_leg (uuid, description, account_id, transaction_id, credit, debit, currency)
SELECT gen_random_uuid(), '', side.account, pays.id, side.credit, side.debit, 'KRW'
FROM pays, LATERAL (VALUES (%(hot)s, 1, NULL), (%(other)s, NULL, 1)) side (account, credit, debit)
"""


def balance(legs: int) -> None:
    """Read the balance of an account with so many legs, as hordak's page does."""
    from hordak.models import Account

    hot, other = Account.objects.order_by("id")[:2]
    server = Server(Path(os.environ["DURE_DATA"]))
    with server.connect(SUPERUSER, DATABASE) as admin:
        admin.execute("SET session_replication_role = replica")  # its triggers look at every row
        admin.execute(LEGS, {"legs": legs, "hot": hot.pk, "other": other.pk})
        admin.execute("VACUUM ANALYZE hordak_leg")
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        told = hot.get_balance()
        taken.append(time.perf_counter() - began)
        assert told["KRW"].amount >= legs
    print(statistics.median(taken) * 1_000)


def main() -> None:
    set_up()
    if sys.argv[1] == "prepare":
        prepare()
        return
    if sys.argv[1] == "balance":
        balance(int(sys.argv[2]))
        return
    from hordak.models import Account
    from moneyed import Money

    chance = random.Random(sys.argv[2])
    accounts = list(Account.objects.order_by("id"))

    def pay() -> int:
        one, other = chance.sample(accounts, 2)
        one.transfer_to(other, Money(chance.randint(1, 100), "KRW"), description="bench")
        return 1

    serve(pay)


if __name__ == "__main__":
    main()
