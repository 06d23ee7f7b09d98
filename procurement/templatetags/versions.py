"""What has changed since the version before, on a page."""

from django import template

from procurement import versions
from procurement.models import RequisitionLine

register = template.Library()


@register.filter
def differences(line: RequisitionLine) -> list[versions.Difference]:
    """What is otherwise than in the version before; read ``replaces`` with the line."""
    return versions.differences(line)
