"""Files as people hand them in, and as those who mean harm do."""

import base64
import io
import struct
import zipfile
import zlib
from typing import Any

from docx import Document
from openpyxl import Workbook
from PIL import Image

ORIENTATION, MAKE = 0x0112, 0x010F
RED, BLUE = (200, 30, 30), (30, 30, 200)


HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAACQAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRt"
    "AAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5j"
    "bHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBp"
    "eGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAACxtZGF0AAAAICgBrxmA70mlv//f4x/19q/4pshf/7OOd9FbH+73"
    "A21v"
)
"""As a telephone keeps a photograph: 64 by 48, red to the left and blue to the right."""


def picture(kind: str = "JPEG", size: tuple[int, int] = (640, 480), mode: str = "RGB", **saved: Any) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new(mode, size)
    if mode in ("RGB", "RGBA"):
        image.paste(RED if mode == "RGB" else (*RED, 255), (0, 0, size[0] // 2, size[1]))
        image.paste(BLUE if mode == "RGB" else (*BLUE, 0), (size[0] // 2, 0, size[0], size[1]))
    buffer = io.BytesIO()
    image.save(buffer, kind, **saved)
    return buffer.getvalue()


def photograph_on_its_side(size: tuple[int, int] = (640, 480)) -> bytes:
    """As a telephone takes one that is held upright: pixels on their side, and the turning said beside them."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[MAKE] = "Telefon och plats: Visby"
    return picture(size=size, exif=exif)


def bomb(width: int = 20_000, height: int = 20_000) -> bytes:
    """A PNG of some kilobytes that says that it has 400 million pixels, and has them."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    packed = zlib.compressobj(9)
    row = bytes(1 + width // 8)
    rows = b"".join(packed.compress(row * 1000) for _ in range(height // 1000)) + packed.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def pdf(text: str = "x") -> bytes:
    """A PDF with one empty page."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n%" + text.encode() + b"\n"
        b"trailer<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"
    )


def docx() -> bytes:
    buffer = io.BytesIO()
    document = Document()
    document.add_paragraph("Produktblad")
    document.save(buffer)
    return buffer.getvalue()


def xlsx() -> bytes:
    buffer = io.BytesIO()
    Workbook().save(buffer)
    return buffer.getvalue()


def archive(**members: bytes) -> bytes:
    """An archive; ``__`` in a name is a folder, and ``_dot_`` a dot."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as zip_file:
        for name, content in members.items():
            zip_file.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()


def with_members(content: bytes, members: dict[str, bytes]) -> bytes:
    """An archive with more in it."""
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as zip_file:
        for name, inside in members.items():
            zip_file.writestr(name, inside)
    return buffer.getvalue()


def open_document(kind: str = "text", manifest: bytes = b"<manifest/>", **more: bytes) -> bytes:
    return archive(
        mimetype=f"application/vnd.oasis.opendocument.{kind}".encode(),
        content_dot_xml=b"<x/>",
        **{"META-INF__manifest_dot_xml": manifest},
        **more,
    )
