"""Django app of registry."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Registry: places, organisations, people, ties between them, and the vault."""

    name = "dure.registry"
    label = "registry"
    verbose_name = "조직·조합원"
    default_auto_field = "django.db.models.BigAutoField"
