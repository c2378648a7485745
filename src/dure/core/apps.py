"""Django app of core."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    """Core: the action door."""

    name = "dure.core"
    label = "core"
    verbose_name = "행위의 문"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load every room's actions and ports, so that the catalogue is whole in each process."""
        from dure.core import installed  # noqa: F401  # its import is the registration

        autodiscover_modules("ports", "actions")
