"""django-hordak at work: `transfer_to` between accounts, in a Django of its own.

`python benches/hordak_run.py prepare` migrates the database `hordak` of the server at DURE_DATA
and makes its accounts; `… hordak 0` is a runner of `ledger_measure`; `… balance ID` reads.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
os.environ.pop("DJANGO_SETTINGS_MODULE", None)

import django  # noqa: E402
from django.conf import settings  # noqa: E402

from benches.ledger_measure import serve  # noqa: E402
from dure.config.database import Server  # noqa: E402

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


def main() -> None:
    set_up()
    if sys.argv[1] == "prepare":
        prepare()
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
