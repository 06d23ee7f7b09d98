"""
Orders through Peppol: a file of Peppol BIS Order 3, laid where the region's access point fetches it.

The access point is the region's or a provider's; it wraps the file, finds the receiver by its address and signs. A file has the
order's number for its name and the same content each time, so laying it there again changes nothing. It is written beside and
moved into place, so that nobody fetches half of one.
"""

import os
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from agreements.models import Supplier
from core.delivery import Failure
from core.errors import DomainError
from procurement.documents.stored_files import OrderFiles
from procurement.models import SendAttempt


class NoAccessPoint(DomainError):
    """The installation has no access point to Peppol."""

    code = "no_access_point"
    sentence = _(
        "Det finns ingen accesspunkt till Peppol. Välj e-post för leverantören i registret och försök igen."
    )


class AccessPointAway(DomainError):
    """The directory of the access point cannot be written to."""

    code = "access_point_away"
    sentence = _("Accesspunkten till Peppol tar inte emot filer: %(error)s")


class Peppol:
    """The directory that the access point fetches orders from."""

    def address_of(self, supplier: Supplier) -> str:
        """Its address in Peppol."""
        return supplier.peppol_address

    def send(self, attempt: SendAttempt, files: OrderFiles) -> Failure | None:
        """Lay the file where the access point fetches it."""
        if not settings.PEPPOL_OUTBOX or files.xml is None:
            return Failure(NoAccessPoint(), is_permanent=True)
        place = Path(settings.PEPPOL_OUTBOX) / f"{attempt.order.number}.xml"
        try:
            write_file(place, files.xml)
        except OSError as error:
            return Failure(AccessPointAway(error=error.strerror or str(error)), server_is_away=True)
        return None


def write_file(place: Path, content: bytes) -> None:
    """
    Put a file in its place, whole and written to the disk.

    :raises OSError: it cannot be written.
    """
    beside = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)
