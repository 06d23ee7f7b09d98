"""Show items: add, order and take away their pictures and documents."""

from datetime import date, datetime
from typing import TypeVar

from django.db.models import Max, Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from attachments.detection import AcceptedFile
from attachments.operations import attach
from audit import trail
from catalog import permissions
from catalog.events import Event
from catalog.models import DocumentKind, Item, ItemDocument, ItemPicture
from core.errors import InvalidInput, WrongState
from core.transactions import operation
from core.verdicts import require
from organizations.models import User

F = TypeVar("F", ItemPicture, ItemDocument)

MOST_PICTURES = 8
MOST_DOCUMENTS = 30


class TooManyPictures(WrongState):
    """More pictures than anybody looks at."""

    code = "too_many_pictures"
    sentence = _("Artikeln har redan %(most)s bilder. Ta bort någon först.")


class TooManyDocuments(WrongState):
    """More documents than anybody reads."""

    code = "too_many_documents"
    sentence = _("Artikeln har redan %(most)s dokument. Ta bort något först.")


class PictureIsThere(WrongState):
    """The item has the picture already."""

    code = "picture_is_there"
    sentence = _("Artikeln har redan den bilden.")


class DocumentIsThere(WrongState):
    """The item has the document already, of the same kind."""

    code = "document_is_there"
    sentence = _("Artikeln har redan det dokumentet. Ta bort det först om dess sista dag ska vara en annan.")


class FileIsTakenAway(WrongState):
    """Somebody has taken it away."""

    code = "file_is_taken_away"
    sentence = _("Den är redan borttagen.")


class ProofHasExpired(InvalidInput):
    """A document that is no longer valid when it is handed in proves nothing."""

    code = "proof_has_expired"
    sentence = _("Dokumentet gällde till %(day)s. Lägg till ett som gäller.")


@operation
def add_picture(*, item: Item, file: AcceptedFile, description: str, by: User, at: datetime) -> ItemPicture:
    """
    Add a picture after the others.

    :param file: a picture, as ``attachments.detection.inspect_file`` has accepted it.
    :raises ItemIsForItsManager: the person does not answer for the item.
    :raises TooManyPictures: the item has as many as there is room for.
    :raises PictureIsThere: the item has the same picture.
    """
    item = _locked(item)
    require(permissions.can_illustrate(by, item, at=at))
    pictures = ItemPicture.objects.standing().filter(item=item)
    if pictures.count() >= MOST_PICTURES:
        raise TooManyPictures(most=MOST_PICTURES)
    if pictures.filter(attachment__content__sha256=file.sha256).exists():
        raise PictureIsThere
    last = pictures.aggregate(last=Max("position"))["last"]
    (attachment,) = attach(files=[file], by=by, at=at)
    picture = ItemPicture.objects.create(
        item=item,
        attachment=attachment,
        description=description,
        position=0 if last is None else last + 1,
        added_by=by,
        added_at=at,
    )
    trail.record(
        Event.PICTURE_ADDED, subject=item, by=by, at=at, file=attachment.name, description=description
    )
    return picture


@operation
def put_picture_first(*, picture: ItemPicture, by: User, at: datetime) -> ItemPicture:
    """
    Show a picture before the others, and in lists.

    :raises ItemIsForItsManager: the person does not answer for the item.
    :raises FileIsTakenAway: somebody has taken it away.
    """
    item = _locked(picture.item)
    require(permissions.can_illustrate(by, item, at=at))
    picture = _standing(ItemPicture.objects.select_related("attachment").get(pk=picture.pk))
    first = ItemPicture.objects.standing().filter(item=item).aggregate(first=Min("position"))["first"]
    if picture.position == first:
        return picture
    picture.position = first - 1
    picture.save(update_fields=["position"])
    trail.record(Event.PICTURE_PUT_FIRST, subject=item, by=by, at=at, file=picture.attachment.name)
    return picture


@operation
def remove_picture(*, picture: ItemPicture, by: User, at: datetime) -> ItemPicture:
    """
    Take a picture away.

    :raises ItemIsForItsManager: the person does not answer for the item.
    :raises FileIsTakenAway: somebody has taken it away.
    """
    return _take_away(picture, Event.PICTURE_REMOVED, by=by, at=at)


@operation
def add_document(
    *,
    item: Item,
    file: AcceptedFile,
    kind: DocumentKind,
    valid_through: date | None,
    by: User,
    at: datetime,
) -> ItemDocument:
    """
    Add a document.

    :param file: a document, as ``attachments.detection.inspect_file`` has accepted it.
    :param valid_through: its last day, where it has one.
    :raises ItemIsForItsManager: the person does not answer for the item.
    :raises TooManyDocuments: the item has as many as there is room for.
    :raises DocumentIsThere: the item has the same document of the same kind.
    :raises ProofHasExpired: its last day has passed.
    """
    item = _locked(item)
    require(permissions.can_illustrate(by, item, at=at))
    if valid_through is not None and valid_through < timezone.localdate(at):
        raise ProofHasExpired(day=valid_through)
    documents = ItemDocument.objects.standing().filter(item=item)
    if documents.count() >= MOST_DOCUMENTS:
        raise TooManyDocuments(most=MOST_DOCUMENTS)
    if documents.filter(kind=kind, attachment__content__sha256=file.sha256).exists():
        raise DocumentIsThere
    (attachment,) = attach(files=[file], by=by, at=at)
    document = ItemDocument.objects.create(
        item=item,
        attachment=attachment,
        kind=kind,
        valid_through_date=valid_through,
        added_by=by,
        added_at=at,
    )
    trail.record(Event.DOCUMENT_ADDED, subject=item, by=by, at=at, file=attachment.name, document=kind.value)
    return document


@operation
def remove_document(*, document: ItemDocument, by: User, at: datetime) -> ItemDocument:
    """
    Take a document away.

    :raises ItemIsForItsManager: the person does not answer for the item.
    :raises FileIsTakenAway: somebody has taken it away.
    """
    return _take_away(document, Event.DOCUMENT_REMOVED, by=by, at=at)


def _take_away(file: F, event: Event, *, by: User, at: datetime) -> F:
    item = _locked(file.item)
    require(permissions.can_illustrate(by, item, at=at))
    file = _standing(type(file)._default_manager.select_related("attachment").get(pk=file.pk))
    file.take_away(by=by, at=at)
    file.save(update_fields=["removed_by", "removed_at"])
    trail.record(event, subject=item, by=by, at=at, file=file.attachment.name)
    return file


def _locked(item: Item) -> Item:
    """Lock the item, leaving others free to refer to it."""
    return Item.objects.select_for_update(of=("self",), no_key=True).defer("search_vector").get(pk=item.pk)


def _standing(file: F) -> F:
    if file.removed_at is not None:
        raise FileIsTakenAway
    return file
