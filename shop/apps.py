"""App configuration."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    """Pages of those who order."""

    name = "shop"
    default_auto_field = "django.db.models.BigAutoField"
