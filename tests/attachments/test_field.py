"""The field of a form that files are handed in by."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from attachments.forms import FilesField
from attachments.kinds import DOCUMENTS, MOST_FILES, PICTURES
from tests.attachments import files


class SeveralForm(forms.Form):
    several = FilesField(label="Bilagor", required=False)
    picture = FilesField(label="Bild", kinds=PICTURES, most=1)


def form(several: list[tuple[str, bytes]], picture: list[tuple[str, bytes]]) -> SeveralForm:
    uploads = {"several": several, "picture": picture}
    return SeveralForm(
        {},
        MultiValueDict(
            {name: [SimpleUploadedFile(*each) for each in of] for name, of in uploads.items() if of}
        ),
    )


def test_several_files_come_in_at_once() -> None:
    valid = form([("a.pdf", files.pdf()), ("b.png", files.picture("PNG"))], [("c.jpg", files.picture())])
    assert valid.is_valid()
    assert [each.name for each in valid.cleaned_data["several"]] == ["a.pdf", "b.webp"]
    assert [each.name for each in valid.cleaned_data["picture"]] == ["c.webp"]


def test_a_field_that_may_be_empty_may_and_another_may_not() -> None:
    invalid = form([], [])
    assert not invalid.is_valid()
    assert invalid.errors == {"picture": ["Välj en fil"]}
    assert invalid.cleaned_data["several"] == []


def test_each_file_that_is_refused_is_named() -> None:
    invalid = form([("a.pdf", b"x"), ("b.pdf", files.pdf()), ("c.pdf", b"")], [("d.jpg", files.pdf())])
    assert not invalid.is_valid()
    first, second = invalid.errors["several"]
    assert str(first).startswith("a.pdf är inte en fil som vi kan ta emot.")
    assert second == "c.pdf är tom. Välj filen igen."
    assert invalid.errors["picture"] == ["d.jpg är ingen bild. Välj en bild i JPEG, PNG, WebP eller HEIC."]


def test_too_many_files_are_refused_before_they_are_read() -> None:
    invalid = form([("a.pdf", b"x")] * (MOST_FILES + 1), [("d.jpg", files.picture())])
    assert invalid.errors == {"several": ["Det går att skicka högst 5 filer på en gång."]}


def test_files_that_are_too_large_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("attachments.forms.LARGEST_FORM", 300)
    invalid = form([("a.pdf", files.pdf()), ("b.pdf", files.pdf())], [("d.jpg", b"x")])
    assert "several" in invalid.errors
    assert str(invalid.errors["several"][0]).startswith("Filerna är tillsammans större än")


def test_the_field_works_by_itself_and_says_what_it_takes() -> None:
    page = str(SeveralForm()["several"].as_field_group())
    assert 'type="file"' in page
    assert " multiple" in page
    assert 'aria-describedby="id_several_helptext"' in page
    assert "Högst 10 MB var." in page
    assert " multiple" not in str(SeveralForm()["picture"].as_field_group())
    assert SeveralForm().is_multipart()
    assert "image" not in FilesField(kinds=DOCUMENTS).widget.attrs["accept"]
