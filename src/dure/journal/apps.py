"""Django app of journal."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Journal: what happened, under a standard label."""

    name = "dure.journal"
    label = "journal"
    verbose_name = "사건 기록"
    default_auto_field = "django.db.models.BigAutoField"
