"""App configuration."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Pages of those who decide, attest and answer for categories."""

    name = "desk"
    default_auto_field = "django.db.models.BigAutoField"
