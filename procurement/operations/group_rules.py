"""What follows when the meaning of a directory's groups is changed."""

from datetime import datetime

from organizations.models import ProvisionedGroup, ProvisionedPerson, User
from organizations.operations.following import sync_provisioned
from procurement.operations.rerouting import move_waiting
from procurement.operations.unadministered import telling_when_none_is_left


def settle_group_rules(by: User | None, at: datetime) -> None:
    """
    Give people the roles that the groups of their directories give now, inside the operation that changed the rules.

    For those whose directories tell of groups by themselves; others have them the next time they sign in.
    """
    directories = (
        ProvisionedGroup.objects.order_by("directory").values_list("directory", flat=True).distinct()
    )
    with telling_when_none_is_left(by=by, at=at):
        changed = [
            sync_provisioned(ProvisionedPerson.objects.of(directory), directory, by=by, at=at)
            for directory in directories
        ]
    if any(changed):
        move_waiting(by=by, at=at)
