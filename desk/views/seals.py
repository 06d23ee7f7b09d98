"""How the trail is sealed, and the files by which anybody can hold it against its seals."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from django import forms
from django.db.models import Max, Min
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

import audit
from audit.export import Seals
from audit.models import Seal
from core.clock import start_of
from core.forms import DayField
from core.numbers import LARGEST_ID
from desk.views.trail import require_trail_visible
from organizations.requests import PersonRequest

LATEST = 20
RECIPE = Path(audit.__file__).with_name("recipe.py")
"""A program that knows nothing of Rauk; shown, and run by a test."""


class PeriodForm(forms.Form):
    """
    Which seals to hand out.

    The page names the last one in the addresses of its files, so that what is sealed between two of them is in neither.
    """

    hides_optional = True
    last_seal = forms.IntegerField(
        required=False, min_value=1, max_value=LARGEST_ID, widget=forms.HiddenInput
    )

    first_date = DayField(required=False, label=gettext_lazy("Från och med"))
    last_date = DayField(required=False, label=gettext_lazy("Till och med"))

    def seals(self) -> Seals | None:
        """The seals of the days, or nothing."""
        values, seals = self.cleaned_data, Seal.objects.all()
        if values["first_date"]:
            seals = seals.filter(sealed_at__gte=start_of(values["first_date"]))
        if values["last_date"]:
            seals = seals.filter(sealed_at__lt=start_of(values["last_date"] + timedelta(days=1)))
        if values["last_seal"]:
            seals = seals.filter(number__lte=values["last_seal"])
        ends = seals.aggregate(first=Min("number"), last=Max("number"))
        return Seals(ends["first"], ends["last"]) if ends["first"] else None


@require_safe
def read_seals(request: PersonRequest) -> HttpResponse:
    """Show the latest seals, and how many there are in the days that are asked for."""
    require_trail_visible(request.user)
    form = PeriodForm(request.GET)
    chosen = form.seals() if form.is_valid() else None
    query = request.GET.copy()
    if chosen:
        query["last_seal"] = str(chosen.last)
    context = {
        "form": form,
        "chosen": chosen,
        "count": chosen.last - chosen.first + 1 if chosen else 0,
        "query": query.urlencode(),
        "recipe": RECIPE.read_text(),
        "latest": Seal.objects.order_by("-number")[:LATEST],
    }
    return render(request, "desk/seals.html", context, status=200 if form.is_valid() else 422)


@require_safe
def sealed_entries(request: PersonRequest) -> HttpResponse | StreamingHttpResponse:
    """Send the entries of the chosen seals, one on each line, as they were sealed."""
    chosen = _chosen(request)
    return _lines(chosen.entry_lines(), f"sparlogg-poster-{chosen}.jsonl") if chosen else _back()


@require_safe
def list_of_seals(request: PersonRequest) -> HttpResponse | StreamingHttpResponse:
    """Send the chosen seals, one on each line."""
    chosen = _chosen(request)
    return _lines(chosen.seal_lines(), f"sparlogg-forseglingar-{chosen}.jsonl") if chosen else _back()


def _chosen(request: PersonRequest) -> Seals | None:
    require_trail_visible(request.user)
    form = PeriodForm(request.GET)
    return form.seals() if form.is_valid() else None


def _back() -> HttpResponse:
    return redirect("desk:seals")


def _lines(lines: Iterator[bytes], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type="application/x-ndjson")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
