"""App configuration."""

from django.apps import AppConfig


class SpendConfig(AppConfig):
    """What the ledger has booked, and what of it was bought beside the system."""

    name = "spend"
    default_auto_field = "django.db.models.BigAutoField"
