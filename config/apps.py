"""Makes the Celery application known to every process, so that tasks find their broker."""

from django.apps import AppConfig

from config.celery import app


class ConfigConfig(AppConfig):
    """The wiring as an app: it carries the commands that run the program."""

    name = "config"
    celery = app
