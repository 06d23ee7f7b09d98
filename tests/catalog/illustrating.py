"""Items with pictures and documents, brought about by the real operations."""

import io
from datetime import date, datetime

from attachments.detection import AcceptedFile, inspect_file
from catalog.models import DocumentKind, Item, ItemDocument, ItemPicture
from catalog.operations.illustrations import add_document, add_picture
from organizations.models import User
from tests.attachments import files
from tests.cast import NOW, Cast


def photograph(width: int = 64) -> AcceptedFile:
    """A photograph; those of different widths are different files."""
    return inspect_file("Bild.jpg", io.BytesIO(files.picture(size=(width, 48))))


def sheet(text: str = "x") -> AcceptedFile:
    return inspect_file("Blad.pdf", io.BytesIO(files.pdf(text)))


def picture(
    cast: Cast, *, item: Item, width: int = 64, by: User | None = None, description: str = "Öppen ask"
) -> ItemPicture:
    return add_picture(
        item=item, file=photograph(width), description=description, by=by or cast.manager, at=NOW
    )


def document(
    cast: Cast,
    *,
    item: Item,
    text: str = "x",
    kind: DocumentKind = DocumentKind.SAFETY_SHEET,
    valid_through: date | None = None,
    by: User | None = None,
    at: datetime = NOW,
) -> ItemDocument:
    return add_document(
        item=item, file=sheet(text), kind=kind, valid_through=valid_through, by=by or cast.manager, at=at
    )
