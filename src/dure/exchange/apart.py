"""Apart: a fault of ours in one case holds up no other one.

Law: what the case changed is undone, the fault is logged with its trace, and the case is told as
refused; a deadlock or a lost connection is not a case's fault, so the door begins anew.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, transaction

from dure.core.errors import Refusal
from dure.exchange.errors import ExchangeCode

log = logging.getLogger(__name__)


@contextmanager
def apart(what: str) -> Iterator[None]:
    """Do one case's part in a savepoint of its own; `what` names it in the log.

    Raises  Refusal, also (FAULT) for whatever nobody expected
    """
    try:
        with transaction.atomic():
            yield
    except (Refusal, OperationalError):
        raise
    except Exception:
        log.exception("%s", what)
        raise Refusal(ExchangeCode.FAULT) from None
