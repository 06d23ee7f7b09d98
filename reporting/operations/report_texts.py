"""Write the texts of a report: several people at once, and no word is lost."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit import trail
from core.errors import DomainError, InvalidInput
from core.printable import printable
from core.transactions import operation
from core.verdicts import require
from organizations.models import User
from reporting import permissions
from reporting.events import Event
from reporting.models import LONGEST_TEXT, FollowUpReport, WrittenPart, WrittenText


class TextTooLong(InvalidInput):
    """A part is longer than the document has room for."""

    code = "report_text_too_long"
    sentence = _("Texten är %(length)s tecken lång. Högst %(longest)s får plats.")


class SomebodyElseHasWritten(DomainError):
    """Since she began, somebody else has saved the same part; nothing is written over."""

    code = "somebody_else_has_written"
    sentence = _(
        "%(name)s har sparat %(part)s medan du skrev. Din text är kvar i fältet och inget är överskrivet."
    )

    def __init__(self, latest: WrittenText | None = None, **facts: Any) -> None:
        super().__init__(**facts)
        self.latest = latest


@operation
def write_text(
    *, report: FollowUpReport, part: WrittenPart, text: str, began_from: int, by: User, at: datetime
) -> WrittenText | None:
    """
    Save one part of a report as its next version; the same text again changes nothing.

    :param began_from: the version that she had before her when she began; 0 when there was none.
    :returns: the version that holds now; None when nothing is written and nothing was.
    :raises NotPermitted: she is neither head of procurement nor finance.
    :raises ReportIsNotDraft: it has been reviewed since.
    :raises TextTooLong: it has more than 10 000 characters.
    :raises SomebodyElseHasWritten: there is a later version than the one she began from.
    """
    text = printable(text).strip()
    if len(text) > LONGEST_TEXT:
        raise TextTooLong(length=len(text), longest=LONGEST_TEXT)
    report = FollowUpReport.objects.select_for_update(no_key=True).get(pk=report.pk)
    require(permissions.can_write_report(by, report, at=at))
    latest = report.texts.filter(part=part).latest_first().first()
    if text == (latest.text if latest else ""):
        return latest
    if latest is not None and latest.version != began_from:
        raise SomebodyElseHasWritten(
            latest, name=latest.by.full_name if latest.by else "Rauk", part=str(WrittenPart(part).label)
        )
    new_text = report.keep_text(part, text, by=by, at=at)
    trail.record(
        Event.REPORT_WRITTEN, subject=report, by=by, at=at, part=str(part.label), version=new_text.version
    )
    return new_text
