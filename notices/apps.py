"""App configuration."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Who is told what."""

    name = "notices"
    default_auto_field = "django.db.models.BigAutoField"
