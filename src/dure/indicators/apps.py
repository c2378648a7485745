"""Django app of indicators."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Indicators: definitions, releases, the public dashboard."""

    name = "dure.indicators"
    label = "indicators"
    verbose_name = "성과 지표"
    default_auto_field = "django.db.models.BigAutoField"
