"""Files that are kept: once for the same bytes, never changed, and seen by nobody unless something says so."""

import io

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attachments.detection import inspect_file
from attachments.kinds import MOST_FILES
from attachments.models import Attachment, Content
from attachments.operations import attach
from core.models import StoredFile
from tests.attachments import files
from tests.cast import NOW, Cast
from tests.pages import signed_in
from tests.races import race

pytestmark = pytest.mark.django_db


def test_each_file_has_its_attachment_and_the_same_bytes_are_kept_once(cast: Cast) -> None:
    names = ["blad.pdf", "bild.jpg", "samma blad.pdf"]
    contents = [files.pdf(), files.picture(), files.pdf()]
    accepted = [inspect_file(name, io.BytesIO(each)) for name, each in zip(names, contents, strict=True)]
    attachments = attach(files=accepted, by=cast.requester, at=NOW)
    assert [each.name for each in attachments] == ["blad.pdf", "bild.webp", "samma blad.pdf"]
    assert [each.is_picture for each in attachments] == [False, True, False]
    assert attachments[0].content == attachments[2].content
    assert {each.uploaded_by for each in attachments} == {cast.requester}
    stored = StoredFile.objects.count()
    (again,) = attach(files=[inspect_file("annat.pdf", io.BytesIO(files.pdf()))], by=cast.stranger, at=NOW)
    assert again.content == attachments[0].content
    assert (Content.objects.count(), StoredFile.objects.count()) == (2, stored)
    assert again.content.file.open().read() == files.pdf()


def test_files_that_are_kept_already_cost_three_statements(cast: Cast) -> None:
    accepted = [
        inspect_file(f"{number}.pdf", io.BytesIO(files.pdf(str(number)))) for number in range(MOST_FILES)
    ]
    attach(files=accepted, by=cast.requester, at=NOW)
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        attach(files=accepted, by=cast.requester, at=NOW)
    assert len([each for each in queries if "SAVEPOINT" not in each["sql"]]) == 3


def test_nothing_to_keep_asks_nothing(cast: Cast) -> None:
    assert attach(files=[], by=cast.requester, at=NOW) == []


def test_what_is_kept_is_never_changed(cast: Cast) -> None:
    (attachment,) = attach(
        files=[inspect_file("blad.pdf", io.BytesIO(files.pdf()))], by=cast.requester, at=NOW
    )
    for change in (
        lambda: Attachment.objects.update(name="annat.pdf"),
        lambda: Content.objects.update(size=1),
        attachment.delete,
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


def test_a_picture_has_its_sizes_and_a_document_has_none(cast: Cast) -> None:
    (attachment,) = attach(
        files=[inspect_file("blad.pdf", io.BytesIO(files.pdf()))], by=cast.requester, at=NOW
    )
    with pytest.raises(IntegrityError, match="picture_has_sizes"), transaction.atomic():
        Content.objects.create(sha256="0" * 64, media_type="image/webp", size=1, file=attachment.content.file)
    with pytest.raises(IntegrityError, match="picture_has_sizes"), transaction.atomic():
        Content.objects.create(
            sha256="0" * 64,
            media_type="application/pdf",
            size=1,
            width=1,
            height=1,
            file=attachment.content.file,
        )


def test_a_file_that_belongs_to_nothing_is_shown_to_nobody(cast: Cast) -> None:
    (attachment,) = attach(
        files=[inspect_file("bild.png", io.BytesIO(files.picture()))], by=cast.requester, at=NOW
    )
    for name in ("attachment", "small"):
        address = reverse(f"attachments:{name}", args=[attachment.key])
        for person in (cast.requester, cast.stranger, cast.head, cast.auditor, cast.administrator):
            assert signed_in(person).get(address).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_who_hand_in_the_same_files_at_once_keep_them_once(cast: Cast) -> None:
    first, second = (inspect_file(f"{text}.pdf", io.BytesIO(files.pdf(text))) for text in "ab")
    results = race(
        lambda: attach(files=[first, second], by=cast.requester, at=NOW),
        lambda: attach(files=[second, first], by=cast.stranger, at=NOW),
    )
    assert [[each.name for each in result] for result in results] == [["a.pdf", "b.pdf"], ["b.pdf", "a.pdf"]]
    assert (Attachment.objects.count(), Content.objects.count(), StoredFile.objects.count()) == (4, 2, 2)
