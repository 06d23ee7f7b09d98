"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """The region's own registers."""

    name = "office"

    def ready(self) -> None:
        """Declare the registers."""
        import_module("office.registers")
