"""Django app of core."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Core: the action door."""

    name = "dure.core"
    label = "core"
    verbose_name = "행위의 문"
    default_auto_field = "django.db.models.BigAutoField"
