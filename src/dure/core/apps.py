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
        """Load every room's actions and ports, and stop the start when something is missing."""
        from dure.core import installed, starting

        assert installed.__all__, "importing it registers core's own actions"
        autodiscover_modules("ports", "actions")
        starting.assert_whole()
