"""App configuration."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """What can be ordered: items, prices, search."""

    name = "catalog"
    default_auto_field = "django.db.models.BigAutoField"
