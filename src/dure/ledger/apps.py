"""Django app of ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Ledger: every won, minute, voucher, watt-hour and gram that moves."""

    name = "dure.ledger"
    label = "ledger"
    verbose_name = "원장"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Enter the room's actions into the catalogue."""
        from . import actions  # noqa: F401 - models are loaded only now
