"""App configuration."""

from django.apps import AppConfig


class HistoryConfig(AppConfig):
    """Purchases from elsewhere: imported order lines, and what their prices were worth."""

    name = "history"
    default_auto_field = "django.db.models.BigAutoField"
