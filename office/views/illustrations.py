"""The pictures and documents of an item: what there is, one more, which is first, and away with one."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from attachments.kinds import LARGEST_FILE
from audit.models import Entry
from catalog.events import Event
from catalog.models import DocumentKind, Item, ItemDocument, ItemPicture
from catalog.operations import illustrations
from catalog.permissions import can_illustrate
from core.errors import DomainError
from core.request_cleaning import takes_files
from core.views import let_in
from office.illustration_forms import DocumentForm, PictureForm
from office.permissions import can_see_registers
from organizations.requests import PersonRequest

F = TypeVar("F", ItemPicture, ItemDocument)


@require_safe
def item_files(request: PersonRequest, number: str) -> HttpResponse:
    """The pictures and documents of an item, and forms that add one more."""
    return _page(request, _item(request, number), at=timezone.now())


@takes_files(LARGEST_FILE)
@require_POST
def add_picture(request: PersonRequest, number: str) -> HttpResponse:
    """Add a picture."""
    at, item = timezone.now(), _item(request, number)
    let_in(can_illustrate(request.user, item, at=at))
    form = PictureForm(request.POST, request.FILES, prefix="bild")
    if form.is_valid():
        try:
            illustrations.add_picture(
                item=item,
                file=form.accepted,
                description=form.cleaned_data["description"],
                by=request.user,
                at=at,
            )
        except DomainError as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("Bilden är tillagd."))
            return redirect("office:item_files", number)
    return _page(request, item, at=at, picture_form=form)


@takes_files(LARGEST_FILE)
@require_POST
def add_document(request: PersonRequest, number: str) -> HttpResponse:
    """Add a document."""
    at, item = timezone.now(), _item(request, number)
    let_in(can_illustrate(request.user, item, at=at))
    form = DocumentForm(request.POST, request.FILES, prefix="dokument")
    if form.is_valid():
        try:
            illustrations.add_document(
                item=item,
                file=form.accepted,
                kind=DocumentKind(form.cleaned_data["kind"]),
                valid_through=form.cleaned_data["valid_through"],
                by=request.user,
                at=at,
            )
        except illustrations.ProofHasExpired as refusal:
            form.add_error("valid_through", str(refusal))
        except DomainError as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("Dokumentet är tillagt."))
            return redirect("office:item_files", number)
    return _page(request, item, at=at, document_form=form)


@require_POST
def picture_first(request: PersonRequest, pk: int) -> HttpResponse:
    """Show a picture before the others."""

    def act(picture: ItemPicture, at: datetime) -> None:
        illustrations.put_picture_first(picture=picture, by=request.user, at=at)

    return _do(request, ItemPicture, pk, act, _("Bilden visas först."))


@require_POST
def remove_picture(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a picture away."""

    def act(picture: ItemPicture, at: datetime) -> None:
        illustrations.remove_picture(picture=picture, by=request.user, at=at)

    return _do(request, ItemPicture, pk, act, _("Bilden är borttagen."))


@require_POST
def remove_document(request: PersonRequest, pk: int) -> HttpResponse:
    """Take a document away."""

    def act(document: ItemDocument, at: datetime) -> None:
        illustrations.remove_document(document=document, by=request.user, at=at)

    return _do(request, ItemDocument, pk, act, _("Dokumentet är borttaget."))


def _item(request: PersonRequest, number: str) -> Item:
    let_in(can_see_registers(request.user, timezone.now()))
    return get_object_or_404(Item.objects.select_related("category").defer("search_vector"), number=number)


def _do(
    request: PersonRequest, model: type[F], pk: int, act: Callable[[F, datetime], None], sentence: str
) -> HttpResponse:
    """
    Do something with a picture or a document; one that is taken away says so.

    :raises PermissionDenied: the registers are not open to her, or she does not answer for the item.
    """
    at = timezone.now()
    let_in(can_see_registers(request.user, at))
    file = get_object_or_404(model._default_manager.select_related("item"), pk=pk)
    let_in(can_illustrate(request.user, file.item, at=at))
    try:
        act(file, at)
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, sentence)
    return redirect("office:item_files", file.item.number)


def _page(
    request: PersonRequest,
    item: Item,
    *,
    at: datetime,
    picture_form: PictureForm | None = None,
    document_form: DocumentForm | None = None,
) -> HttpResponse:
    bound: list[forms.Form] = [form for form in (picture_form, document_form) if form is not None]
    day = timezone.localdate(at)
    documents = item.documents.standing().in_order().select_related("attachment__content")
    entries = Entry.objects.about(item).filter(event__in=Event.values).order_by("-pk")[:20]
    context = {
        "item": item,
        "pictures": item.pictures.standing().in_order().select_related("attachment__content"),
        "documents": [(document, document.is_valid_on(day)) for document in documents],
        "may_change": can_illustrate(request.user, item, at=at),
        "picture_form": picture_form or PictureForm(prefix="bild"),
        "document_form": document_form or DocumentForm(prefix="dokument"),
        "bound": bound[0] if bound else None,
        "entries": [(entry, Event(entry.event).label) for entry in entries],
    }
    return render(request, "office/item_files.html", context, status=422 if bound else 200)
