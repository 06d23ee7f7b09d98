"""App configuration."""

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """Who: people, departments, roles, delegations."""

    name = "organizations"
    default_auto_field = "django.db.models.BigAutoField"
