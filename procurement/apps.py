"""App configuration."""

from django.apps import AppConfig


class ProcurementConfig(AppConfig):
    """The chain: requisition, decision, order, receipt."""

    name = "procurement"
    default_auto_field = "django.db.models.BigAutoField"
