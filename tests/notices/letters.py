"""What has been told and mailed, as tests read it."""

from datetime import datetime

from django.core import mail
from django.core.mail import EmailMultiAlternatives

from notices.models import Notice
from notices.operations.choices import choose
from notices.operations.mailing import send_due
from notices.states import Delivery
from organizations.models import User
from tests.cast import NOW


def told(person: User) -> list[str]:
    """The kinds of what she has been told, in order."""
    return list(Notice.objects.filter(recipient=person).order_by("pk").values_list("kind", flat=True))


def the_notice(person: User) -> Notice:
    """The only thing that she has been told."""
    return Notice.objects.get(recipient=person)


def choose_all(person: User, delivery: Delivery, kind: str = "") -> None:
    """Let her choose."""
    choose(person=person, chosen={kind: delivery}, by=person, at=NOW)


def mails() -> list[EmailMultiAlternatives]:
    """Every letter that the mail server has been handed."""
    return [each for each in mail.outbox if isinstance(each, EmailMultiAlternatives)]


def mailed(at: datetime = NOW) -> list[EmailMultiAlternatives]:
    """Let the sweep come, and give what it has sent."""
    before = len(mail.outbox)
    send_due(at=at)
    return mails()[before:]


def html_of(letter: EmailMultiAlternatives) -> str:
    """The letter as HTML."""
    ((html, kind),) = letter.alternatives
    assert kind == "text/html"
    return str(html)
