"""Django app of journal."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Journal: what happened, under a standard label."""

    name = "dure.journal"
    label = "journal"
    verbose_name = "사건 기록"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Plug the sink into its port and enter the room's actions into the catalogue."""
        from . import actions, writing  # noqa: F401 - models are loaded only now
