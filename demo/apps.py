"""App configuration."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo region."""

    name = "demo"
    default_auto_field = "django.db.models.BigAutoField"
