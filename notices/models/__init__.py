"""Models of notices."""

from notices.models.choices import Choice
from notices.models.letters import Letter
from notices.models.mornings import Morning
from notices.models.notices import Notice

__all__ = ["Choice", "Letter", "Morning", "Notice"]
