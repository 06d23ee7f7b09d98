"""App configuration."""

from django.apps import AppConfig


class AssortmentConfig(AppConfig):
    """What should be in the assortment: proposals, councils, searches without answer, candidates."""

    name = "assortment"
    default_auto_field = "django.db.models.BigAutoField"
