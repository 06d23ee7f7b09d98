"""App configuration."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Money, states, verdicts, work and the look."""

    name = "core"
    default_auto_field = "django.db.models.BigAutoField"
