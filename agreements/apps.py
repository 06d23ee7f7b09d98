"""App configuration."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """On what terms: suppliers, agreements and their ceilings, how long they last."""

    name = "agreements"
    default_auto_field = "django.db.models.BigAutoField"
