"""How a diary number is kept."""

from django.db import models

DIARY_NUMBER = r"^[A-ZÅÄÖ]{1,6} [0-9]{4}/[0-9]{1,6}$"
"""Its one form; ``core.diary`` writes it."""


def is_diary_number(field: str) -> models.Q:
    """The condition that a field holds a diary number, or nothing."""
    return models.Q(**{field: ""}) | models.Q(**{f"{field}__regex": DIARY_NUMBER})
