"""The app of registers."""

from django.apps import AppConfig


class RegistersConfig(AppConfig):
    """Registers and their imports."""

    name = "registers"
    default_auto_field = "django.db.models.BigAutoField"
