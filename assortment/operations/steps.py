"""Take the steps of an item's life cycle that a yes asks for, tied to it."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from assortment.events import Event
from assortment.models import DecidedItem, DecidedStep, Proposal
from audit import trail
from catalog.models import Item
from core.errors import WrongState
from core.transactions import operation
from organizations.models import User


class ItemIsNotDecided(WrongState):
    """Only what a yes is about is done because of it."""

    code = "item_is_not_decided"
    sentence = _("Beslutet gäller inte %(item)s.")


@operation
def carry_out(*, proposal: Proposal, item: Item, step: Callable[[], Item], by: User, at: datetime) -> Item:
    """
    Take a step with an item because of a yes about it, and keep for ever that it was.

    :param step: one of ``procurement.operations.assortment``, which holds that she may take it.
    :raises ItemIsNotDecided: the proposal has no yes, or it is about something else.
    """
    decided = DecidedItem.objects.filter(
        decision__proposal=proposal, decision__is_yes=True, item=item
    ).first()
    if decided is None:
        raise ItemIsNotDecided(item=item.names)
    changed_item = step()
    DecidedStep.objects.create(decided=decided, status=changed_item.status, by=by, at=at)
    trail.record(Event.STEP_TAKEN, subject=proposal, by=by, at=at, item=item.number)
    return changed_item
