"""App configuration."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """What it gave: history, savings, follow-up reports."""

    name = "reporting"
    default_auto_field = "django.db.models.BigAutoField"
