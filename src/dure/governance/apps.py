"""Django app of governance."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """Governance: rule sets, rolls and recusals; everything above borrows from here."""

    name = "dure.governance"
    label = "governance"
    verbose_name = "민주적 거버넌스"
    default_auto_field = "django.db.models.BigAutoField"
