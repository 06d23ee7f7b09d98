"""
What a file is, by its content alone (pure).

Neither its name nor what the browser says of it is believed. A file has to be one thing and nothing else: an archive behind
a PDF, or a page of script before an archive, is refused.
"""

import hashlib
import io
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from typing import BinaryIO

from attachments.archives import ARCHIVE, document_type
from attachments.kinds import ANY, LARGEST_FILE, PICTURES, SUFFIXES, MediaType
from attachments.names import picture_name, safe_name
from attachments.pictures import is_picture, made_picture
from attachments.refusals import (
    FileIsBroken,
    FileIsEmpty,
    FileIsTooLarge,
    NotADocument,
    NotAPicture,
    UnknownType,
)

LOCKED_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How an old office document begins, or a new one with a password."""
PDF, PDF_END = b"%PDF-", b"%%EOF"
TAIL = 2048
"""So near its end a PDF says that it ends, bytes."""


@dataclass(frozen=True, slots=True)
class AcceptedFile:
    """
    A file that can be kept.

    :param sha256: of the bytes that were handed in, so that the same file is known again.
    :param content: what is handed out: a document as it came, a picture made anew.
    :param small: a picture for lists; empty for a document.
    """

    name: str
    media_type: MediaType
    sha256: str
    content: bytes
    small: bytes = b""
    width: int | None = None
    height: int | None = None


def inspect_file(name: str, stream: BinaryIO, *, kinds: Collection[MediaType] = ANY) -> AcceptedFile:
    """
    Read a file, and make it ready to be kept.

    :param kinds: what is asked for: ``PICTURES``, ``DOCUMENTS`` or ``ANY``.
    :raises FileRefused: with the reason, in a sentence that names the file.
    """
    display_name = safe_name(name, suffix="")
    stream.seek(0)
    content = stream.read(LARGEST_FILE + 1)
    if not content:
        raise FileIsEmpty(name=display_name)
    if len(content) > LARGEST_FILE:
        raise FileIsTooLarge(name=display_name)
    sha256 = hashlib.sha256(content).hexdigest()
    if is_picture(content):
        if MediaType.PICTURE not in kinds:
            raise NotADocument(name=display_name)
        picture = made_picture(content, name=display_name)
        stored_name = safe_name(picture_name(name), suffix=SUFFIXES[MediaType.PICTURE])
        return AcceptedFile(
            stored_name,
            MediaType.PICTURE,
            sha256,
            picture.large,
            picture.small,
            picture.width,
            picture.height,
        )
    media_type = _document_type(content, name=display_name)
    if media_type not in kinds:
        raise NotAPicture(name=display_name) if kinds == PICTURES else UnknownType(name=display_name)
    return AcceptedFile(safe_name(name, suffix=SUFFIXES[media_type]), media_type, sha256, content)


def _document_type(content: bytes, *, name: str) -> MediaType:
    if content.startswith(ARCHIVE):
        return document_type(content, name=name)
    if not content.startswith(PDF):
        raise UnknownType(name=name)
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise UnknownType(name=name)
    if PDF_END not in content[-TAIL:]:
        raise FileIsBroken(name=name)
    return MediaType.PDF
