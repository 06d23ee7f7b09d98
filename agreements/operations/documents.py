"""Documents are laid to an agreement."""

from collections.abc import Sequence
from datetime import datetime

from agreements.events import Event
from agreements.models import Agreement, AgreementDocument
from agreements.permissions import can_manage_agreement
from attachments.detection import AcceptedFile
from attachments.operations import attach
from audit import trail
from core.transactions import operation
from core.verdicts import require
from organizations.models import User


@operation
def add_documents(
    *, agreement: Agreement, files: Sequence[AcceptedFile], by: User, at: datetime
) -> list[AgreementDocument]:
    """
    Lay documents to an agreement, whatever its state; nothing is taken away, and a file that is there already is not laid again.

    :raises NotPermitted: she does not answer for it.
    :returns: those that were laid to it.
    """
    agreement = Agreement.objects.locked().select_related("category").get(pk=agreement.pk)
    require(can_manage_agreement(by, agreement, at=at))
    earlier_documents = AgreementDocument.objects.filter(agreement=agreement)
    hashes = set(earlier_documents.values_list("attachment__content__sha256", flat=True))
    files = [file for file in files if file.sha256 not in hashes]
    if not files:
        return []
    documents = [
        AgreementDocument(agreement=agreement, attachment=attachment)
        for attachment in attach(files=files, by=by, at=at)
    ]
    AgreementDocument.objects.bulk_create(documents)
    trail.record(
        Event.DOCUMENT_ATTACHED,
        subject=agreement,
        by=by,
        at=at,
        file=", ".join(file.name for file in files),
    )
    return documents
