"""Write about a line: a message with its files, and others asked in without moving the responsibility."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from attachments.detection import AcceptedFile
from attachments.operations import attach
from audit import trail
from core.bulk import insert_rows, insert_unless
from core.errors import InvalidInput, KeyIsTaken
from core.keys import KeyHasOtherContent, content_hash
from core.transactions import operation
from core.verdicts import require
from organizations.models import User
from procurement import permissions
from procurement.events import Event
from procurement.models import Consultation, LineDecision, LineMessage, LineMessageFile, RequisitionLine
from procurement.operations.decidable import locked_lines
from procurement.operations.putting_away import put_away_for
from procurement.operations.telling import tell_of_message


class MessageMissing(InvalidInput):
    """There is nothing to send."""

    code = "message_missing"
    sentence = _("Skriv ett meddelande, eller bifoga en fil.")


class CannotBeAsked(InvalidInput):
    """Whoever is asked in is somebody at work, and neither the one who asks nor the one who ordered."""

    code = "cannot_be_asked"
    sentence = _("%(person)s kan inte tillfrågas. Välj någon annan än dig själv och den som har beställt.")


@operation
def write(
    *,
    line: RequisitionLine,
    text: str,
    by: User,
    at: datetime,
    files: Sequence[AcceptedFile] = (),
    asked: Sequence[User] = (),
    key: UUID | None = None,
) -> LineMessage:
    """
    Write about a line, in its latest version, and perhaps ask others in; whoever answers for it stays the same.

    :param asked: who is asked in: she sees the line and its conversation from now on, and may write.
    :param key: the caller's; the same key with the same content gives the first message back.
    :raises NotPermitted: she has no part in the line, or asks others in without answering for it.
    :raises WrongState: others are asked in about what is closed.
    :raises InvalidInput: there is nothing to send, or somebody cannot be asked.
    :raises KeyIsTaken: somebody else has used the key.
    :raises KeyHasOtherContent: it was used for something else.
    """
    (line,) = locked_lines([_latest(line)])
    was_asked = permissions.is_asked_in(by, line)
    require(permissions.can_write_about(by, line, is_asked=was_asked, at=at))
    people = list({person.pk: person for person in asked}.values())
    if people:
        require(permissions.can_ask_in(by, line, at=at))
    text = text.strip()
    if not text and not files:
        raise MessageMissing
    for person in people:
        if not person.is_active or person.pk in {by.pk, line.requisition.requester_id}:
            raise CannotBeAsked(person=person.full_name)
    content = content_hash(line.requisition_id, line.position, text, [file.sha256 for file in files], people)
    message = LineMessage(line=line, by=by, at=at, text=text, key=key, key_content=content if key else "")
    if not insert_unless(message, constraint="line_message_key_unique"):
        return _earlier_message(key, content, by)
    keep_files(message, files, by=by, at=at)
    insert_rows([Consultation(message=message, person=person) for person in people])
    trail.record(
        Event.LINE_CONSULTED if people else Event.LINE_MESSAGE,
        subject=line,
        by=by,
        at=at,
        comment=text,
        asked=[person.full_name for person in people],
        files=[file.name for file in files],
    )
    tell_of_message(message, consulted=people, is_answer=was_asked, by=by, at=at)
    if was_asked:
        put_away_for([by.pk, line.responsible_id], at=at)
    return message


def keep_answer(
    question: LineDecision, text: str, files: Sequence[AcceptedFile], *, by: User, at: datetime
) -> LineMessage:
    """Keep the answer to a question that returned a line, inside the operation that lets the line go on."""
    message = LineMessage.objects.create(line=question.line, answers=question, by=by, at=at, text=text)
    keep_files(message, files, by=by, at=at)
    return message


def keep_files(message: LineMessage, files: Sequence[AcceptedFile], *, by: User, at: datetime) -> None:
    """Keep the files of a message, inside the operation that writes it."""
    attachments = attach(files=files, by=by, at=at) if files else []
    insert_rows([LineMessageFile(message=message, attachment=attachment) for attachment in attachments])


def _latest(line: RequisitionLine) -> RequisitionLine:
    """The version of the line that counts now; one that is made at the same moment does no harm."""
    versions = RequisitionLine.objects.filter(requisition=line.requisition_id, position=line.position)
    return versions.order_by("-version")[0]


def _earlier_message(key: UUID | None, content: str, by: User) -> LineMessage:
    earlier = LineMessage.objects.get(key=key)
    if earlier.by_id != by.pk:
        raise KeyIsTaken
    if earlier.key_content != content:
        raise KeyHasOtherContent
    return earlier
