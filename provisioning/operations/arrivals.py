"""Let a person in who comes through the region's directory, and move what waits when her roles are others than before."""

from datetime import datetime

from allauth.socialaccount.models import SocialAccount

from core.transactions import operation
from organizations.operations.directories import Arrival, arrive, directory_named
from procurement.operations.rerouting import move_waiting
from procurement.operations.unadministered import telling_when_none_is_left


@operation
def come_in(*, arrival: Arrival, may_create: bool, at: datetime) -> SocialAccount:
    """
    Find the person who comes from a directory, give her the roles of her groups, and move what they no longer let her do.

    :param may_create: whether somebody without an account is given one.
    :raises NotPermitted: she has no account here, has left, or comes with another's address.
    """
    by = directory_named(arrival.directory)
    with telling_when_none_is_left(by=by, at=at):
        arrived = arrive(arrival=arrival, may_create=may_create, at=at)
    if arrived.has_new_roles:
        move_waiting(by=by, at=at)
    return arrived.account
