"""App configuration."""

from django.apps import AppConfig


class AttachmentsConfig(AppConfig):
    """Files that people hand in."""

    name = "attachments"
    default_auto_field = "django.db.models.BigAutoField"
