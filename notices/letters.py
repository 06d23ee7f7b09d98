"""The e-mail that a letter is: text and HTML, in the recipient's language, with links to the very places."""

from collections.abc import Sequence
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import ngettext

from core.addresses import absolute, place
from notices.kinds import urgency_of
from notices.models import Letter, Notice
from notices.models.notices import NoticeQuerySet
from organizations.region import region_name

MOST_SHOWN = 50
"""So many notices stand in a letter; of the others it says how many they are."""


def message(letter: Letter, notices: NoticeQuerySet) -> EmailMultiAlternatives:
    """
    Compose the letter: nothing that follows who opens it, and nothing but titles in the subject.

    What waits most urgently comes first, and is what the subject says; of two as urgent the one that has waited longest.

    Its Message-ID is the same each time, so that one that is sent twice is recognised.
    """
    person = letter.recipient
    listed = list(notices[: MOST_SHOWN + 1])
    top_notices = sorted(listed[:MOST_SHOWN], key=lambda notice: urgency_of(notice.kind))
    more = notices.count() - MOST_SHOWN if len(listed) > MOST_SHOWN else 0
    with translation.override(person.language):
        facts = {
            "person": person,
            "rows": [(notice.sentence, notice.public_address) for notice in top_notices],
            "more": more,
            "region": region_name(),
            "list_url": absolute(place("notices")),
            "choices_url": absolute(place("notice_choices")),
            "language": person.language,
        }
        email = EmailMultiAlternatives(
            subject=_subject(top_notices, len(top_notices) + more),
            body=render_to_string("notices/letter.txt", facts),
            to=[person.email],
            headers={
                "Message-ID": message_id(letter),
                "Auto-Submitted": "auto-generated",
                "X-Auto-Response-Suppress": "All",
            },
        )
        email.attach_alternative(render_to_string("notices/letter.html", facts), "text/html")
    return email


def message_id(letter: Letter) -> str:
    """Give the same Message-ID each time a letter is sent: ``<notis-417@inkop.example>``."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return f"<notis-{letter.pk}@{address.rpartition('@')[2] or 'localhost'}>"


def _subject(notices: Sequence[Notice], count: int) -> str:
    """What stands first in the letter, and how many more there are."""
    first = notices[0].sentence.title
    if count == 1:
        return first
    others = count - 1
    text = ngettext("%(first)s, och en notis till", "%(first)s, och %(others)s notiser till", others)
    return text % {"first": first, "others": others}
