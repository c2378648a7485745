"""Django app of budgeting."""

from django.apps import AppConfig


class BudgetingConfig(AppConfig):
    """Budgeting: calls, proposals, reviews, ballots on money, results and follow-up."""

    name = "dure.budgeting"
    label = "budgeting"
    verbose_name = "주민참여예산"
    default_auto_field = "django.db.models.BigAutoField"
