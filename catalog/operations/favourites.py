"""
Keep items at hand, and let go of them.

Nothing is recorded in the trail and nobody is told: a favourite decides nothing and is its owner's alone.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from catalog import permissions
from catalog.models import Favourite, Item
from core.errors import WrongState
from core.transactions import operation
from core.verdicts import require
from organizations.models import User

MOST_FAVOURITES = 60


class TooManyFavourites(WrongState):
    """A list that has to be searched is no longer at hand."""

    code = "too_many_favourites"
    sentence = _("Du har redan %(most)s favoriter. Ta bort någon först.")


@operation
def add(*, item: Item, by: User, at: datetime) -> Favourite:
    """
    Keep an item at hand; one that is kept already stays as it is.

    :raises ItemNotInCatalogue: the catalogue does not show the item.
    :raises TooManyFavourites: she has as many as there is room for.
    """
    _lock(by)
    item = Item.objects.get(pk=item.pk)
    require(permissions.can_be_favourite(item))
    own_favourites = Favourite.objects.visible_to(by)
    earlier = own_favourites.filter(item=item).first()
    if earlier is not None:
        return earlier
    if own_favourites.count() >= MOST_FAVOURITES:
        raise TooManyFavourites(most=MOST_FAVOURITES)
    return Favourite.objects.create(person=by, item=item, created_at=at)


@operation
def remove(*, item: Item, by: User) -> bool:
    """
    Let go of an item, whatever has become of it.

    :returns: whether it was kept.
    """
    _lock(by)
    count, _by_model = Favourite.objects.visible_to(by).filter(item=item).delete()
    return count > 0


def _lock(person: User) -> None:
    """Lock the list by its owner, leaving others free to refer to her."""
    User.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=person.pk)
