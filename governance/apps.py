"""App configuration."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    """What the board and the director have decided and asked for."""

    name = "governance"
    default_auto_field = "django.db.models.BigAutoField"
