"""The auditor's page: everything that has happened, latest first, read and never changed."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audit.models import Entry, EntryQuerySet
from core.forms import DayField
from core.numbers import whole_number
from desk.trail import SENTENCES, address, sentence
from organizations.requests import PersonRequest
from procurement import trail
from reporting.permissions import can_read_trail

ENTRIES_PER_PAGE = 50


class TrailForm(forms.Form):
    """What to look for in the trail."""

    hides_optional = True

    event = forms.ChoiceField(required=False, label=_("Händelse"))
    person = forms.CharField(required=False, max_length=100, label=_("Vem"))
    subject = forms.CharField(required=False, max_length=100, label=_("Nummer eller namn på det som hände"))
    first_date = DayField(required=False, label=_("Från och med"))
    last_date = DayField(required=False, label=_("Till och med"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["event"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101, declared so above
        field.choices = [("", _("Alla händelser")), *SENTENCES.items()]


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as it is read."""

    entry: Entry
    sentence: trail.Text
    rule: trail.Text
    details: list[tuple[trail.Text, str]]
    url: str


@require_safe
def read_trail(request: PersonRequest) -> HttpResponse:
    """Show the trail, filtered by event, person, subject and day, one page at a time from a place in it."""
    verdict = can_read_trail(request.user, at=timezone.now())
    if verdict.refusal is not None:
        raise PermissionDenied(str(verdict.refusal))
    form = TrailForm(request.GET)
    entries = _filtered(form) if form.is_valid() else Entry.objects.none()
    page, newer, older = _page_of(entries, before=_place(request, "fore"), after=_place(request, "efter"))
    rows = [Row(each, sentence(each), trail.rule(each), trail.details(each), address(each)) for each in page]
    context = {
        "form": form,
        "rows": rows,
        "newer_url": _address(request, "efter", page[0].pk) if newer else "",
        "older_url": _address(request, "fore", page[-1].pk) if older else "",
        "is_filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "desk/trail.html", context, status=200 if form.is_valid() else 422)


def _filtered(form: TrailForm) -> EntryQuerySet:
    wanted, entries = form.cleaned_data, Entry.objects.all()
    if wanted["event"]:
        entries = entries.filter(event=wanted["event"])
    if wanted["person"]:
        named = models.Q(by_name__icontains=wanted["person"]) | models.Q(
            on_behalf_of_name__icontains=wanted["person"]
        )
        entries = entries.filter(named)
    if wanted["subject"]:
        entries = entries.filter(subject_label__icontains=wanted["subject"])
    if wanted["first_date"]:
        entries = entries.filter(at__gte=_midnight(wanted["first_date"]))
    if wanted["last_date"]:
        entries = entries.filter(at__lt=_midnight(wanted["last_date"] + timedelta(days=1)))
    return entries


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _place(request: PersonRequest, name: str) -> int | None:
    return whole_number(request.GET.get(name, ""))


def _page_of(
    entries: EntryQuerySet, *, before: int | None, after: int | None
) -> tuple[list[Entry], bool, bool]:
    """One page, and whether there is anything newer and older; as quick deep in the trail as at its top."""
    if after is not None:
        found = list(entries.filter(pk__gt=after).order_by("pk")[: ENTRIES_PER_PAGE + 1])
        return found[:ENTRIES_PER_PAGE][::-1], len(found) > ENTRIES_PER_PAGE, bool(found)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    found = list(entries.newest_first()[: ENTRIES_PER_PAGE + 1])
    return found[:ENTRIES_PER_PAGE], before is not None and bool(found), len(found) > ENTRIES_PER_PAGE


def _address(request: PersonRequest, name: str, pk: int) -> str:
    query = request.GET.copy()
    for each in ("fore", "efter"):
        query.pop(each, None)
    query[name] = str(pk)
    return f"?{query.urlencode()}"
