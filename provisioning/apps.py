"""Provisioning as an app of Django's."""

from django.apps import AppConfig


class ProvisioningConfig(AppConfig):
    """The app."""

    name = "provisioning"
