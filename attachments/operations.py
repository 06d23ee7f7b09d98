"""Keep files that were handed in."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

from django.db import connection

from attachments.detection import AcceptedFile
from attachments.models import Attachment, Content
from core.models import StoredFile
from core.transactions import operation
from organizations.models import User


@operation
def attach(*, files: Sequence[AcceptedFile], by: User | None, at: datetime) -> list[Attachment]:
    """
    Keep files; returns one attachment for each, in their order.

    Called inside the operation that the files belong to, which checks who may, links each to its owner and records it:
    an attachment that nothing links is seen by nobody. Bytes that are kept already are not kept again.
    """
    digests = sorted({file.sha256 for file in files})
    if not digests:
        return []
    with connection.cursor() as cursor:
        # One at a time for the same bytes, and in one order, so that two who hand in the same files neither store them
        # twice nor wait for each other.
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(digest, 0))"
            " FROM (SELECT digest FROM unnest(%s::text[]) AS digest ORDER BY 1) AS locked",
            [digests],
        )
    contents = {each.sha256: each for each in Content.objects.filter(sha256__in=digests)}
    for file in files:
        if file.sha256 not in contents:
            contents[file.sha256] = _store(file)
    attachments = [
        Attachment(name=file.name, content=contents[file.sha256], uploaded_by=by, uploaded_at=at)
        for file in files
    ]
    Attachment.objects.bulk_create(attachments)
    return attachments


def _store(file: AcceptedFile) -> Content:
    return Content.objects.create(
        sha256=file.sha256,
        media_type=file.media_type,
        size=len(file.content),
        width=file.width,
        height=file.height,
        file=StoredFile.objects.keep(BytesIO(file.content)),
        small=StoredFile.objects.keep(BytesIO(file.small)) if file.small else None,
    )
