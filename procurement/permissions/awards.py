"""Who writes the documentation of direct awards."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotPermitted, WrongState
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import User
from procurement.models import AwardRecord
from procurement.standing import standing_on


class NotYourAward(NotPermitted):
    """A direct award is documented by whoever answers for its category, and by the head of procurement."""

    code = "not_your_award"
    sentence = _("Bara den som ansvarar för kategorin, ersättaren eller inköpschefen dokumenterar köpet.")


class AwardIsDocumented(WrongState):
    """The documentation is complete, and stays as it is."""

    code = "award_is_documented"
    sentence = _("Dokumentationen är klar och går inte att ändra.")


class NotYourAwards(NotPermitted):
    """What is bought under no agreement is shown to those who answer for categories, and to those who see the region."""

    code = "not_your_awards"
    sentence = _("Sidan är för kategoriansvariga, inköpschefen, ekonomer och revisorer.")


def can_see_direct_awards(by: User, *, at: datetime) -> Verdict:
    """Whether the person sees what categories come to beside the direct-award limit."""
    standing = standing_on(by, timezone.localdate(at))
    sees = standing.roles.sees_region or standing.manages or standing.deputy_of
    return PERMITTED if by.is_active and sees else refused(NotYourAwards())


def can_document(by: User, record: AwardRecord, *, at: datetime) -> Verdict:
    """Whether the person may write the documentation now: who has a post over its category, and the head."""
    standing = standing_on(by, timezone.localdate(at))
    lineage = record.line.category.lineage if record.line.category else []
    is_hers = standing.roles.is_head or not (standing.manages | standing.deputy_of).isdisjoint(lineage)
    if not by.is_active or not is_hers:
        return refused(NotYourAward())
    return refused(AwardIsDocumented()) if record.is_complete else PERMITTED
