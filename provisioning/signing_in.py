"""Coming in through the region's directory, with the work of those who have moved going on at once."""

from datetime import datetime

from allauth.socialaccount.models import SocialAccount

from organizations.operations.directories import Arrival
from organizations.signing_in.directories import DirectoryAdapter
from provisioning.operations.arrivals import come_in


class Adapter(DirectoryAdapter):
    """What is so of those who come from a directory."""

    def admit(self, arrival: Arrival, *, may_create: bool, at: datetime) -> SocialAccount:
        """
        Find the person who comes, and give her the roles of her groups.

        :raises DomainError: she does not come in.
        """
        return come_in(arrival=arrival, may_create=may_create, at=at)
