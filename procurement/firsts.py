"""Which page is a person's own first page."""

from datetime import date

from django.urls import reverse

from organizations.models import User
from procurement.standing import standing_on


def first_page(user: User, day: date) -> str:
    """Managers begin with their queue, orderers with what they need, the others with what they follow."""
    standing = standing_on(user, day)
    roles = standing.roles
    if standing.manages or roles.is_head:
        return reverse("reporting:today")
    if roles.orders_for:
        return reverse("procurement:start")
    if roles.attests_for:
        return reverse("procurement:attests")
    if standing.deputises or standing.acts_for:
        return reverse("reporting:today")
    if roles.is_controller:
        return reverse("reporting:savings")
    if roles.is_auditor:
        return reverse("reporting:trail")
    return reverse("catalog:catalogue")
