"""What files are told to be, and which are refused."""

import io
import zipfile

import pytest
from PIL import Image

from attachments.detection import AcceptedFile, inspect_file
from attachments.kinds import ANY, DOCUMENTS, LARGEST_FILE, LONGEST_NAME, PICTURES, MediaType
from attachments.names import safe_name
from attachments.pictures import LARGE, SMALL
from attachments.refusals import (
    FileIsBroken,
    FileIsEmpty,
    FileIsTooLarge,
    FileRefused,
    HasMacros,
    IsLocked,
    NotADocument,
    NotAPicture,
    TooManyPixels,
    UnknownType,
)
from tests.attachments import files


def look(content: bytes, name: str = "fil", kinds: frozenset[MediaType] = ANY) -> AcceptedFile:
    return inspect_file(name, io.BytesIO(content), kinds=kinds)


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def is_red(pixel: object) -> bool:
    assert isinstance(pixel, tuple)
    return bool(pixel[0] > 150 and pixel[2] < 90)


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (files.picture("JPEG", (2000, 1000)), (LARGE, LARGE // 2)),
        (files.picture("PNG", (1000, 2000)), (LARGE // 2, LARGE)),
        (files.picture("WEBP", (640, 480)), (640, 480)),
        (files.HEIC, (64, 48)),
    ],
)
def test_a_picture_is_made_anew_in_two_sizes(content: bytes, size: tuple[int, int]) -> None:
    accepted = look(content, "Förband.jpg")
    assert (accepted.media_type, accepted.name) == (MediaType.PICTURE, "Förband.webp")
    large, small = opened(accepted.content), opened(accepted.small)
    assert large.format == small.format == "WEBP"
    assert large.size == (accepted.width, accepted.height) == size
    assert max(small.size) == min(SMALL, max(size))
    rgb_image = large.convert("RGB")
    assert is_red(rgb_image.getpixel((3, 3)))
    assert not is_red(rgb_image.getpixel((size[0] - 3, 3)))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "P"), ("PNG", "1"), ("PNG", "LA"), ("PNG", "I;16"), ("JPEG", "CMYK"), ("JPEG", "L")],
)
def test_a_picture_of_any_way_of_keeping_colours_is_taken(kind: str, mode: str) -> None:
    accepted = look(files.picture(kind, (50, 40), mode))
    assert opened(accepted.content).size == (50, 40)


def test_a_picture_is_turned_upright_and_says_nothing_of_where_it_was_taken() -> None:
    content = files.photograph_on_its_side((640, 480))
    assert b"Visby" in content
    accepted = look(content)
    assert (accepted.width, accepted.height) == (480, 640)
    for image_bytes in (accepted.content, accepted.small):
        assert b"Visby" not in image_bytes
        assert not opened(image_bytes).getexif()
        assert set(opened(image_bytes).info) <= {"loop", "background", "timestamp", "duration"}
    upright = opened(accepted.content).convert("RGB")
    assert is_red(upright.getpixel((240, 10)))
    assert not is_red(upright.getpixel((240, 630)))


def test_what_shows_through_a_picture_still_does() -> None:
    accepted = look(files.picture("PNG", (60, 40), "RGBA"))
    assert opened(accepted.content).convert("RGBA").getpixel((50, 20))[3] == 0  # type: ignore[index]


def test_what_is_hidden_behind_a_picture_is_gone() -> None:
    script = b"<script>alert(1)</script>"
    behind = files.picture() + script + files.archive(x=b"y")
    within = files.picture(comment=script)
    for content in (behind, within):
        accepted = look(content, "bild.html")
        assert accepted.name == "bild.html.webp"
        assert script not in accepted.content + accepted.small


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (files.pdf(), MediaType.PDF),
        (files.docx(), MediaType.DOCX),
        (files.xlsx(), MediaType.XLSX),
        (files.open_document("text"), MediaType.ODT),
        (files.open_document("spreadsheet"), MediaType.ODS),
    ],
)
def test_a_document_is_told_by_its_content_and_kept_as_it_is(content: bytes, kind: MediaType) -> None:
    accepted = look(content, "säkerhetsblad.png")
    assert accepted.media_type == kind
    assert accepted.content == content
    assert accepted.small == b""
    assert accepted.name.startswith("säkerhetsblad.png.")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def locked_archive() -> bytes:
    """As an archive says of its parts that they are locked."""
    content = bytearray(files.archive(x=b"y"))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def swollen() -> bytes:
    """A document of some kilobytes that says that it is half a gigabyte unpacked."""
    content = bytearray(files.open_document())
    start = content.index(b"PK\x01\x02")
    content[start + 24 : start + 28] = (500_000_000).to_bytes(4, "little")
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", FileIsEmpty),
        (b"\0" * (LARGEST_FILE + 1), FileIsTooLarge),
        (SVG, UnknownType),
        (HTML, UnknownType),
        (b"MZ\x90\0" + b"\0" * 100, UnknownType),
        (b"GIF89a" + b"\0" * 100, UnknownType),
        (files.picture("GIF"), UnknownType),
        (files.picture("TIFF"), UnknownType),
        (files.picture()[:2000], FileIsBroken),
        (files.picture("PNG")[:-30], FileIsBroken),
        (b"\xff\xd8\xff\xe0" + b"x" * 100, UnknownType),
        (files.bomb(), TooManyPixels),
        (files.bomb(10_000, 8_000), TooManyPixels),
        (files.pdf()[:60], FileIsBroken),
        (b"\n" + files.pdf(), UnknownType),
        (files.pdf() + files.archive(x=b"y"), UnknownType),
        (files.pdf() + files.docx() + b"%%EOF", UnknownType),
        (HTML + files.docx(), UnknownType),
        (files.archive(x=b"y"), UnknownType),
        (files.archive(mimetype=b"application/epub+zip"), UnknownType),
        (files.archive(mimetype=b"application/vnd.oasis.opendocument.text"), UnknownType),
        (files.docx()[:-100], FileIsBroken),
        (b"PK\x03\x04" + b"\xff" * 500, FileIsBroken),
        (files.with_members(files.docx(), {"word/vbaProject.bin": b"x"}), HasMacros),
        (files.with_members(files.xlsx(), {"xl/macrosheets/sheet1.xml": b"x"}), HasMacros),
        (files.with_members(files.xlsx(), {"xl/activeX/activeX1.bin": b"x"}), HasMacros),
        (files.open_document(Basic__Standard__Module1_dot_xml=b"x"), HasMacros),
        (files.open_document(Scripts__python__x_dot_py=b"x"), HasMacros),
        (files.open_document(manifest=b"<encryption-data/>"), IsLocked),
        (locked_archive(), IsLocked),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, UnknownType),
        (swollen(), UnknownType),
        (files.archive(**{f"m{number}": b"" for number in range(5001)}), UnknownType),
    ],
)
def test_what_is_not_taken(content: bytes, refusal: type[FileRefused]) -> None:
    with pytest.raises(refusal) as exc_info:
        look(content, "bild.png")
    assert "bild.png" in str(exc_info.value)


def test_a_document_that_says_that_it_has_macros_is_refused_without_its_program() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(files.docx())) as before, zipfile.ZipFile(content, "w") as after:
        for member in before.namelist():
            inside = before.read(member).replace(
                b"vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                b"vnd.ms-word.document.macroEnabled.main+xml",
            )
            after.writestr(member, inside)
    with pytest.raises(HasMacros):
        look(content.getvalue())


def test_a_picture_is_no_document_and_a_document_no_picture() -> None:
    with pytest.raises(NotADocument):
        look(files.picture(), kinds=DOCUMENTS)
    with pytest.raises(NotAPicture):
        look(files.pdf(), kinds=PICTURES)


def test_the_largest_file_is_taken() -> None:
    content = files.pdf()
    filled = content.replace(b"%x\n", b"%" + b"x" * (LARGEST_FILE - len(content) + 1) + b"\n")
    assert len(filled) == LARGEST_FILE
    assert look(filled).media_type == MediaType.PDF


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Säkerhetsblad handsprit.pdf", "Säkerhetsblad handsprit.pdf"),
        ("BLAD.PDF", "BLAD.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\karin\\blad.pdf", "blad.pdf"),
        ("a\0b.pdf", "a b.pdf"),
        ("\ud800.pdf", "fil.pdf"),
        ("", "fil.pdf"),
        (".pdf", "fil.pdf"),
        ("...", "fil.pdf"),
        ('x"; filename="evil.exe', "x ; filename= evil.exe.pdf"),
        ("fdp\u202efdp.exe", "fdpfdp.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        ("å" * 300 + ".pdf", "å" * (LONGEST_NAME - 4) + ".pdf"),
    ],
)
def test_a_name_is_kept_as_every_system_can_keep_it(name: str, kept: str) -> None:
    assert safe_name(name, suffix=".pdf") == kept
