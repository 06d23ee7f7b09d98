"""
Keys that make it harmless to ask for the same thing twice.

The caller makes a key and sends it with what she wants. The same key with the same content gives what was made the first
time; with other content it is refused, since the first answer would not be an answer to it.
"""

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class KeyHasOtherContent(DomainError):
    """The key was used before, for something else."""

    code = "key_has_other_content"
    sentence = _(
        "Det som skickades först är sparat, och det här är något annat. Öppna sidan på nytt, eller ange en ny nyckel."
    )


def content_hash(*content: Any) -> str:
    """
    SHA-256 of what is asked for; equal for equal content, however its numbers are written.

    Objects of the database stand for their ids.
    """
    return hashlib.sha256(json.dumps(content, default=_plain, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date | UUID):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no plain form.")
