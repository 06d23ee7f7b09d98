"""Files kept in parts: as they came, read from any place, never changed."""

import hashlib
import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from core import models
from core.models import Forgotten, StoredFile, StoredPart


@pytest.mark.parametrize("size", [0, 1, 9, 10, 11, 30, 35])
def test_a_file_is_kept_as_it_came(db: None, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(models, "PART_SIZE", 10)
    content = bytes(range(size))
    file = StoredFile.objects.keep(io.BytesIO(content))
    assert (file.size, file.sha256) == (size, hashlib.sha256(content).hexdigest())
    assert file.open().read() == b"".join(file.pieces()) == content
    assert file.parts.count() == -(-size // 10)


def test_a_file_is_kept_from_its_first_byte_wherever_it_was_read_to(db: None) -> None:
    content = io.BytesIO(b"abc")
    content.read(2)
    assert StoredFile.objects.keep(content).open().read() == b"abc"


def test_a_file_is_read_from_any_place(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "PART_SIZE", 10)
    file = StoredFile.objects.keep(io.BytesIO(bytes(range(35)))).open()
    assert file.seek(28) == 28
    assert file.read(4) == bytes([28, 29, 30, 31])
    assert (file.seek(0, io.SEEK_END), file.read()) == (35, b"")
    assert file.seek(-35, io.SEEK_CUR) == 0
    assert file.read(1) == b"\x00"


def test_a_kept_file_is_never_changed(db: None) -> None:
    StoredFile.objects.keep(io.BytesIO(b"abc"))
    for change in (
        lambda: StoredFile.objects.update(size=1),
        lambda: StoredPart.objects.update(content=b""),
        lambda: StoredPart.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_content_is_forgotten_when_its_time_has_come_and_not_before(db: None) -> None:
    at = timezone.now()
    old, new, permanent = (
        StoredFile.objects.keep(io.BytesIO(content), forget_after=when)
        for content, when in (
            (b"old", at - timedelta(days=1)),
            (b"new", at + timedelta(days=1)),
            (b"kept", None),
        )
    )
    assert StoredFile.objects.forget(at=at) == 1
    assert StoredFile.objects.forget(at=at) == 0
    assert (new.open().read(), permanent.open().read()) == (b"new", b"kept")
    with pytest.raises(Forgotten):
        old.open().read()
    old.refresh_from_db()
    assert old.sha256 == hashlib.sha256(b"old").hexdigest()
    for file in (new, permanent):
        with pytest.raises(IntegrityError), transaction.atomic():
            StoredPart.objects.filter(file=file).delete()
