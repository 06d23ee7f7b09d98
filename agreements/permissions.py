"""Who may act on an agreement."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement
from categories.models import CategoryAssignment
from categories.responsibility import posts_on, responsibility_for
from core.errors import NotPermitted
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import User
from organizations.permissions import roles_on


class NotYourAgreement(NotPermitted):
    """An agreement is acted on by whoever answers for it, and by the head of procurement."""

    code = "not_your_agreement"
    sentence = _(
        "Bara den som ansvarar för avtalet eller dess kategori, ersättaren eller inköpschefen kan göra det här."
    )


def can_manage_agreement(by: User, agreement: Agreement, *, at: datetime) -> Verdict:
    """Whether the person may activate, prolong, terminate or end it: its owner, who has a post over its category, or the head."""
    day = timezone.localdate(at)
    if (by.is_active and agreement.owner_id == by.pk) or roles_on(by, day).is_head:
        return PERMITTED
    posts = CategoryAssignment.objects.held_by(by, day).filter(category__in=agreement.category.lineage)
    return PERMITTED if posts.exists() else refused(NotYourAgreement())


def owner_of(agreement: Agreement, *, day: date) -> User | None:
    """Who answers for it: the person named, or the category's manager."""
    if agreement.owner is not None:
        return agreement.owner
    post = responsibility_for(agreement.category, posts_on(day, agreement.category.lineage)).post
    return post.manager if post else None
