"""An assignment of the board is reported, and closed when the board has found it answered."""

import re
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from audit import trail
from core.diary import diary_number_of
from core.errors import InvalidInput
from core.transactions import operation
from core.verdicts import require
from governance.days import require_day
from governance.events import Event
from governance.models import BoardAssignment
from governance.operations.reminding import put_away_reminders
from governance.permissions import can_close_assignment, can_report_assignment
from organizations.models import User

_PARAGRAPH = re.compile(r"§?\s*([1-9][0-9]{0,4})")


class NoMinutesParagraph(InvalidInput):
    """A paragraph of minutes is a number."""

    code = "not_a_paragraph_of_minutes"
    sentence = _("Skriv paragrafen i protokollet som § 229.")


@operation
def report_assignment(
    *, assignment: BoardAssignment, diary_number: str, day: date, by: User, at: datetime
) -> BoardAssignment:
    """
    Say by which report an assignment is answered, and when it was handed over.

    :raises NotPermitted: she does not answer for it.
    :raises WrongState: it is reported already.
    :raises InvalidInput: the day or the diary number cannot be so.
    """
    assignment = BoardAssignment.objects.locked().get(pk=assignment.pk)
    require(can_report_assignment(by, assignment, at=at))
    clean_number = diary_number_of(diary_number)
    require_day(day, since=assignment.meeting_date, at=at)
    assignment.report(diary_number=clean_number, day=day, by=by)
    trail.record(
        Event.ASSIGNMENT_REPORTED,
        subject=assignment,
        by=by,
        at=at,
        day=day.isoformat(),
        diary_number=clean_number,
    )
    put_away_reminders([assignment], at=at)
    return assignment


@operation
def close_assignment(
    *, assignment: BoardAssignment, paragraph: str, day: date, by: User, at: datetime
) -> BoardAssignment:
    """
    Note down that the board found the assignment answered, by which paragraph of its minutes.

    :raises NotPermitted: she is not head of procurement.
    :raises WrongState: it is not reported, or closed already.
    :raises InvalidInput: the day or the paragraph cannot be so.
    """
    assignment = BoardAssignment.objects.locked().get(pk=assignment.pk)
    require(can_close_assignment(by, at=at))
    match = _PARAGRAPH.fullmatch(paragraph.strip())
    if match is None:
        raise NoMinutesParagraph
    require_day(day, since=assignment.reported_date or assignment.meeting_date, at=at)
    assignment.close(paragraph=f"§ {match.group(1)}", day=day, by=by)
    trail.record(
        Event.ASSIGNMENT_CLOSED,
        subject=assignment,
        by=by,
        at=at,
        day=day.isoformat(),
        paragraph=assignment.closing_paragraph,
    )
    return assignment
