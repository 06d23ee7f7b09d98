"""The page of a thing and a place in the program, for those who do not know the pages above them."""

from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.db.models import Model
from django.urls import reverse


def address_of(thing: Model) -> str:
    """The address of the thing's own page, as the settings' ABSOLUTE_URL_OVERRIDES or its model say."""
    address: str = thing.get_absolute_url()  # type: ignore[attr-defined]
    return address


def parts_of(address: str) -> SplitResult:
    """Take an address apart that a client sent; one that is none has no parts."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def absolute(address: str) -> str:
    """An address of the program as it is written outside it, in e-mails and to other systems."""
    return urljoin(settings.PUBLIC_URL, address)


def place(name: str, *arguments: object) -> str:
    """The address of a place that other apps lead to, by its name in the settings' PLACES."""
    return reverse(settings.PLACES[name], args=arguments)
