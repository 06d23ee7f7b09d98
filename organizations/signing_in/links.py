"""The address of a link by which a password is set, and the message that carries it."""

from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core.addresses import absolute
from organizations.models import LinkKind, PasswordLink
from organizations.region import region_name


def address_of(secret: str) -> str:
    """Where the link leads."""
    return absolute(reverse("password_link", args=[secret]))


def link_message(link: PasswordLink, secret: str) -> EmailMessage:
    """Compose the message that carries a link, in the person's language."""
    with translation.override(link.user.language):
        compose = _invitation if link.kind == LinkKind.INVITATION else _password_reset
        subject, text = compose(link, address_of(secret))
    return EmailMessage(subject=subject, body=text, to=[link.user.email])


def _invitation(link: PasswordLink, address: str) -> tuple[str, str]:
    return _("Välkommen till Rauk"), _(
        "Hej %(name)s\n\n"
        "Du har fått ett konto i Rauk, där %(region)s beställer varor och tjänster.\n"
        "Välj ett lösenord här, inom sju dagar:\n\n%(address)s\n\n"
        "Sedan loggar du in med din e-postadress %(email)s och lösenordet.\n"
        "Länken går att använda en gång. Dela den inte med någon.\n"
    ) % _facts(link, address)


def _password_reset(link: PasswordLink, address: str) -> tuple[str, str]:
    return _("Nytt lösenord i Rauk"), _(
        "Hej %(name)s\n\n"
        "Någon har bett om ett nytt lösenord för ditt konto i Rauk (%(region)s).\n"
        "Var det du? Välj ett nytt lösenord här, inom en timme:\n\n%(address)s\n\n"
        "Var det inte du behöver du inte göra något. Ditt lösenord är oförändrat.\n"
    ) % _facts(link, address)


def _facts(link: PasswordLink, address: str) -> dict[str, str]:
    return {
        "name": link.user.first_name,
        "region": region_name(),
        "address": address,
        "email": link.user.email,
    }
