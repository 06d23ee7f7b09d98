"""Office documents, which are archives: what one is by what it holds (pure)."""

import io
import zipfile

from attachments.kinds import MediaType
from attachments.refusals import FileIsBroken, HasMacros, IsLocked, UnknownType

ARCHIVE = b"PK\x03\x04"
MOST_MEMBERS = 5000
LARGEST_UNPACKED = 300_000_000
"""What the members say that they are together, bytes: a bomb says more."""
LONGEST_LIST = 1_000_000
"""Bytes that are read of the list of an archive's parts."""
ENCRYPTED = 0x1

OPEN_DOCUMENTS = {each.value: each for each in (MediaType.ODT, MediaType.ODS)}
MAIN_PARTS = {
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": MediaType.DOCX,
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": MediaType.XLSX,
}
PROGRAMS = ("vbaproject", "macrosheets/", "activex/", "basic/", "scripts/")
"""What stands in the names of parts that are programs: those of Excel, Word and OpenDocument."""


def document_type(content: bytes, *, name: str) -> MediaType:
    """
    Tell which office document an archive is.

    :raises UnknownType: it is an archive of something else.
    :raises HasMacros: it carries a program.
    :raises IsLocked: it opens with a password only.
    :raises FileIsBroken: it cannot be read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS or sum(each.file_size for each in members) > LARGEST_UNPACKED:
                raise UnknownType(name=name)
            if any(each.flag_bits & ENCRYPTED for each in members):
                raise IsLocked(name=name)
            if min((each.header_offset for each in members), default=1) != 0:
                raise UnknownType(name=name)
            names = [each.filename.lower() for each in members]
            if any(program in each for each in names for program in PROGRAMS):
                raise HasMacros(name=name)
            if "mimetype" in names:
                return _open_document(archive, names, name=name)
            if "[content_types].xml" in names:
                return _office_document(archive, name=name)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, ValueError, OSError, KeyError) as error:
        raise FileIsBroken(name=name) from error
    raise UnknownType(name=name)


def _open_document(archive: zipfile.ZipFile, names: list[str], *, name: str) -> MediaType:
    with archive.open("mimetype") as member:
        mimetype = member.read(100).decode("ascii", "replace").strip()
    if mimetype not in OPEN_DOCUMENTS or "content.xml" not in names:
        raise UnknownType(name=name)
    with archive.open("META-INF/manifest.xml") as member:
        if b"encryption-data" in member.read(LONGEST_LIST):
            raise IsLocked(name=name)
    return OPEN_DOCUMENTS[mimetype]


def _office_document(archive: zipfile.ZipFile, *, name: str) -> MediaType:
    with archive.open("[Content_Types].xml") as member:
        parts = member.read(LONGEST_LIST)
    if b"macroEnabled" in parts:
        raise HasMacros(name=name)
    kinds = [kind for content_type, kind in MAIN_PARTS.items() if b'"' + content_type + b'"' in parts]
    if len(kinds) != 1:
        raise UnknownType(name=name)
    return kinds[0]
