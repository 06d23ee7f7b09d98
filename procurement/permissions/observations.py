"""Who reads the questions about purchases, and who answers them."""

from collections.abc import Collection
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotPermitted
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import User
from organizations.permissions import roles_on
from procurement.permissions.lines import acts_as


class NotYourObservations(NotPermitted):
    """Questions name people who may have done nothing but their work, so those who follow up read them and nobody else."""

    code = "not_your_observations"
    sentence = _("Frågorna om inköp visas för inköpschefen och revisorer.")


class NotYoursToAnswer(NotPermitted):
    """The head of procurement finds out and answers; an auditor reads."""

    code = "not_yours_to_answer"
    sentence = _("Inköpschefen tar reda på svaret och skriver det.")


class AskedAboutYou(NotPermitted):
    """Nobody answers a question about what she, or somebody she acts for, has ordered, decided or attested."""

    code = "asked_about_you"
    sentence = _("Frågan gäller köp som du har haft del i, så en annan inköpschef svarar på den.")


def can_read_observations(by: User, *, at: datetime) -> Verdict:
    """Whether the person may read the questions: head of procurement and auditors."""
    roles = roles_on(by, timezone.localdate(at))
    may = by.is_active and (roles.is_head or roles.is_auditor)
    return PERMITTED if may else refused(NotYourObservations())


def can_answer_observation(by: User, people: Collection[int], *, at: datetime) -> Verdict:
    """
    Whether the person may answer a question: a head of procurement who has had no part in what it is about.

    :param people: who has had a part (``separation_of_duties.people_involved``).
    """
    if not by.is_active or not roles_on(by, timezone.localdate(at)).is_head:
        return refused(NotYoursToAnswer())
    return refused(AskedAboutYou()) if any(acts_as(by, each, at=at) for each in people) else PERMITTED
