"""A clinical reviewer approves that an item replaces another, where the category asks for it."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from catalog.events import Event
from catalog.models import Substitution
from core.errors import NotPermitted, WrongState
from core.transactions import operation
from core.verdicts import PERMITTED, Verdict, refused, require
from organizations.models import Role, User
from organizations.permissions import roles_on


class ReviewIsClinical(NotPermitted):
    """Whether one item does for another is a clinical reviewer's to say."""

    code = "review_is_clinical"
    sentence = _("Bara en klinisk granskare godkänner ersättningar.")


class SubstitutionHasChanged(WrongState):
    """What she read is not what she would approve."""

    code = "substitution_has_changed"
    sentence = _("Ersättningen har ändrats sedan du läste den. Läs den igen först.")


def can_approve_substitutions(by: User, *, at: datetime) -> Verdict:
    """Whether the person approves what replaces items: clinical reviewers alone, whatever else she is."""
    is_reviewer = Role.CLINICAL_REVIEWER in roles_on(by, timezone.localdate(at)).everywhere
    return PERMITTED if by.is_active and is_reviewer else refused(ReviewIsClinical())


@operation
def approve_substitution(*, substitution: Substitution, shown: str, by: User, at: datetime) -> Substitution:
    """
    Approve that an item replaces another; the second time changes nothing.

    :param shown: the ``content`` of what she was shown.
    :raises NotPermitted: she is no clinical reviewer.
    :raises SubstitutionHasChanged: somebody has changed it since.
    """
    locked = Substitution.objects.select_for_update(of=("self",), no_key=True)
    row = locked.select_related("from_item", "to_item").get(pk=substitution.pk)
    require(can_approve_substitutions(by, at=at))
    if shown != row.content:
        raise SubstitutionHasChanged
    if row.approved_at is not None:
        return row
    row.approved_by, row.approved_at = by, at
    row.save(update_fields=["approved_by", "approved_at"])
    trail.record(
        Event.SUBSTITUTION_APPROVED,
        subject=row.from_item,
        by=by,
        at=at,
        replacement=row.to_item.swedish_name,
        conversion=str(row.factor),
        equivalence=row.equivalence,
    )
    return row
