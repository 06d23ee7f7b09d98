"""The auditor's page: everything that has happened, latest first, read and never changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db import models
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from audit.models import Entry, EntryQuerySet
from core.clock import start_of
from core.downloads import csv_file
from core.formatting import comes_twice
from core.forms import DayField
from core.numbers import whole_number
from core.spreadsheets import Cell
from core.views import let_in
from desk.trail import SENTENCES, address, details, sentence
from organizations.models import User
from organizations.requests import PersonRequest
from procurement import permissions, trail
from procurement.models import AwardRecord, PurchaseOrder, Requisition, RequisitionLine
from procurement.permissions.reading import can_read_delegated_decisions
from reporting.permissions import can_read_trail

ENTRIES_PER_PAGE = 50
MOST_FOLLOWED = 1000
CHUNK = 2000


class TrailForm(forms.Form):
    """What to look for in the trail."""

    hides_optional = True

    requisition = forms.CharField(
        required=False,
        max_length=40,
        label=gettext_lazy("Följ en beställning"),
        help_text=gettext_lazy("Allt från behov till mottagning, i den ordning det hände"),
    )
    event = forms.ChoiceField(required=False, label=gettext_lazy("Händelse"))
    person = forms.CharField(required=False, max_length=100, label=gettext_lazy("Vem"))
    subject = forms.CharField(
        required=False, max_length=100, label=gettext_lazy("Nummer eller namn på det som hände")
    )
    first_date = DayField(required=False, label=gettext_lazy("Från och med"))
    last_date = DayField(required=False, label=gettext_lazy("Till och med"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["event"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101, declared so above
        field.choices = [("", _("Alla händelser")), *SENTENCES.items()]

    def clean_requisition(self) -> Requisition | None:
        """Find what is to be followed."""
        number = self.cleaned_data["requisition"].strip()
        requisition = Requisition.objects.submitted().filter(number=number).first() if number else None
        if number and requisition is None:
            raise forms.ValidationError(_("Det finns ingen beställning med det numret."))
        return requisition


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
    require_trail_visible(request.user)
    form = TrailForm(request.GET)
    entries = _filtered(form) if form.is_valid() else Entry.objects.none()
    if form.is_valid() and form.cleaned_data["requisition"]:
        page, newer, older = list(entries.order_by("pk")[:MOST_FOLLOWED]), False, False
    else:
        page, newer, older = _page_of(entries, before=_place(request, "fore"), after=_place(request, "efter"))
    rows = [Row(each, sentence(each), trail.rule(each), details(each), address(each)) for each in page]
    context = {
        "form": form,
        "rows": rows,
        "newer_url": _address(request, "efter", page[0].pk) if newer else "",
        "older_url": _address(request, "fore", page[-1].pk) if older else "",
        "csv_query": _query(request).urlencode(),
        "shows_delegated": bool(can_read_delegated_decisions(request.user, at=timezone.now())),
        "shows_observations": bool(permissions.can_read_observations(request.user, at=timezone.now())),
        "is_filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "desk/trail.html", context, status=200 if form.is_valid() else 422)


@require_safe
def trail_csv(request: PersonRequest) -> HttpResponseBase:
    """Send what the filter finds as CSV, latest first, while it is read."""
    require_trail_visible(request.user)
    form = TrailForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('desk:trail')}?{_query(request).urlencode()}")
    header = [
        _("När"),
        _("Vad hände"),
        _("Händelse"),
        _("Nummer eller namn"),
        _("Vem"),
        _("Åt vem"),
        _("Med vilken rätt"),
        _("Uppgifter"),
    ]
    return csv_file(f"sparlogg-{timezone.localdate().isoformat()}.csv", header, _cells(_filtered(form)))


def _cells(entries: EntryQuerySet) -> Iterator[list[Cell]]:
    for entry in entries.newest_first().iterator(chunk_size=CHUNK):
        yield [
            _when(entry.at),
            str(sentence(entry)),
            entry.event,
            entry.subject_label,
            entry.by_name,
            entry.on_behalf_of_name,
            str(trail.rule(entry)),
            "; ".join(f"{name} {value}" for name, value in details(entry)),
        ]


def _when(at: datetime) -> str:
    """As spreadsheets read it; in the hour that comes twice with its offset, so that each is told from the other."""
    local = timezone.localtime(at)
    return local.replace(tzinfo=local.tzinfo if comes_twice(local) else None).isoformat(" ", "seconds")


def require_trail_visible(user: User) -> None:
    """Let in those who see the region."""
    let_in(can_read_trail(user, at=timezone.now()))


def _filtered(form: TrailForm) -> EntryQuerySet:
    values, entries = form.cleaned_data, Entry.objects.all()
    if values["requisition"]:
        entries = entries.about(*_steps_of(values["requisition"]))
    if values["event"]:
        entries = entries.filter(event=values["event"])
    if values["person"]:
        is_by_person = models.Q(by_name__icontains=values["person"]) | models.Q(
            on_behalf_of_name__icontains=values["person"]
        )
        entries = entries.filter(is_by_person)
    if values["subject"]:
        entries = entries.filter(subject_label__icontains=values["subject"])
    if values["first_date"]:
        entries = entries.filter(at__gte=start_of(values["first_date"]))
    if values["last_date"]:
        entries = entries.filter(at__lt=start_of(values["last_date"] + timedelta(days=1)))
    return entries


def _steps_of(requisition: Requisition) -> list[models.Model]:
    """A requisition, its lines in all their versions, the orders that they became, and what is documented of those."""
    lines = RequisitionLine.objects.filter(requisition=requisition)
    orders = PurchaseOrder.objects.filter(lines__allocations__line__in=lines).distinct()
    return [requisition, *lines, *orders, *AwardRecord.objects.filter(order__in=orders)]


def _place(request: PersonRequest, name: str) -> int | None:
    return whole_number(request.GET.get(name, ""))


def _page_of(
    entries: EntryQuerySet, *, before: int | None, after: int | None
) -> tuple[list[Entry], bool, bool]:
    """One page, and whether there is anything newer and older; as quick deep in the trail as at its top."""
    if after is not None:
        rows = list(entries.filter(pk__gt=after).order_by("pk")[: ENTRIES_PER_PAGE + 1])
        return rows[:ENTRIES_PER_PAGE][::-1], len(rows) > ENTRIES_PER_PAGE, bool(rows)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    rows = list(entries.newest_first()[: ENTRIES_PER_PAGE + 1])
    return rows[:ENTRIES_PER_PAGE], before is not None and bool(rows), len(rows) > ENTRIES_PER_PAGE


def _address(request: PersonRequest, name: str, pk: int) -> str:
    query = _query(request)
    query[name] = str(pk)
    return f"?{query.urlencode()}"


def _query(request: PersonRequest) -> QueryDict:
    """The filter in the address, without the place in the list."""
    query = request.GET.copy()
    for each in ("fore", "efter"):
        query.pop(each, None)
    return query
