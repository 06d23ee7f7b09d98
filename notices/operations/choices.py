"""Choose how to be told."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput
from core.transactions import operation
from core.verdicts import require
from notices import permissions
from notices.kinds import kinds
from notices.models import Choice
from notices.states import Delivery
from organizations.models import User

EVERY_KIND = ""
"""Stands for all kinds that are not chosen apart."""


class UnknownKind(InvalidInput):
    """There is no such kind of notice, or it never goes by e-mail."""

    code = "unknown_notice_kind"
    sentence = _("Det finns inga notiser av slaget %(kind)s att välja för.")


@operation
def choose(*, person: User, chosen: Mapping[str, Delivery | None], by: User, at: datetime) -> None:
    """
    Choose how a person is told from now on, kind by kind; what has been told already is not changed.

    :param chosen: by the kind's name, ``""`` for all that are not chosen apart; None for as it was before she chose.
    :raises NotPermitted: for somebody else.
    :raises UnknownKind: there is no such kind.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    require(permissions.can_read_notices_of(by, person.pk))
    kind_by_name = kinds()
    for name in chosen:
        if name != EVERY_KIND and not (name in kind_by_name and kind_by_name[name].is_mailable):
            raise UnknownKind(kind=name)
    Choice.objects.visible_to(person).filter(kind__in=list(chosen)).delete()
    Choice.objects.bulk_create(
        Choice(person=person, kind=name, delivery=delivery)
        for name, delivery in chosen.items()
        if delivery is not None
    )
