"""App configuration."""

from django.apps import AppConfig


class FactorsConfig(AppConfig):
    """Second factors: what a person shows beside her password."""

    name = "factors"
