"""App configuration."""

from django.apps import AppConfig


class CategoriesConfig(AppConfig):
    """Responsibility: categories, managers, suppliers, agreements."""

    name = "categories"
    default_auto_field = "django.db.models.BigAutoField"
