"""What a program says when it hands lines over."""

from core.api import Chosen
from organizations.models import User
from procurement.api.inputs import Input, LinesInput, text


class HandOverInput(Input):
    """Who takes over, and what she needs to know."""

    to = Chosen(queryset=User.objects.filter(is_active=True))
    note = text(500)


class ManyHandOverInput(HandOverInput, LinesInput):
    """Hand lines over together."""
