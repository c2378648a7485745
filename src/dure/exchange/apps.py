"""Django app of exchange."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Exchange: the local app and the sectors, one process engine."""

    name = "dure.exchange"
    label = "exchange"
    verbose_name = "지역 앱·분야별 적용"
    default_auto_field = "django.db.models.BigAutoField"
