"""Decisions taken by delegation, for the board to be told of: a page and a workbook."""

import tempfile
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.forms import DayField
from core.ordering import swedish
from core.spreadsheets import Cell
from core.views import let_in
from core.workbooks import Book, Column, Kind
from desk.delegated_decisions import DecisionKindFilter, Period, decision_rows, decisions_of
from organizations.models import Administration
from organizations.requests import PersonRequest
from procurement.permissions.reading import can_read_delegated_decisions

PER_PAGE = 50
CHUNK = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class DelegatedForm(forms.Form):
    """The period that the board is told of, and of whom."""

    hides_optional = True

    fran = DayField(label=gettext_lazy("Från och med"))
    till = DayField(label=gettext_lazy("Till och med"))
    namnd = forms.ModelChoiceField(
        Administration.objects.none(),
        required=False,
        label=gettext_lazy("Nämnd eller förvaltning"),
        empty_label=gettext_lazy("Alla"),
    )
    visa = forms.ChoiceField(required=False, label=gettext_lazy("Beslut"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        namnd, visa = self.fields["namnd"], self.fields["visa"]
        assert isinstance(namnd, forms.ModelChoiceField)  # noqa: S101, declared so above
        assert isinstance(visa, forms.ChoiceField)  # noqa: S101, declared so above
        namnd.queryset = Administration.objects.order_by(swedish("name"), "pk")
        visa.choices = DecisionKindFilter.choices

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("fran"), cleaned.get("till")
        if first and last and last < first:
            self.add_error("till", _("Sista dagen är före den första"))
        return cleaned

    @property
    def period(self) -> Period:
        """What is asked for."""
        values = self.cleaned_data
        return Period(values["fran"], values["till"], values["namnd"], values["visa"])


@require_safe
def delegated(request: PersonRequest) -> HttpResponse:
    """Show the decisions of a period, oldest first; from the first day of last month until today unless asked otherwise."""
    at = timezone.now()
    let_in(can_read_delegated_decisions(request.user, at=at))
    form = _form(request, timezone.localdate(at))
    context: dict[str, Any] = {"form": form, "rows": [], "query": _query(form)}
    if form.is_valid():
        page = Paginator(decisions_of(form.period), PER_PAGE).get_page(request.GET.get("sida"))
        context |= {"page": page, "rows": list(decision_rows(list(page.object_list))), "period": form.period}
    return render(request, "desk/delegated.html", context, status=200 if form.is_valid() else 422)


@require_safe
def delegated_xlsx(request: PersonRequest) -> HttpResponseBase:
    """Send the list as a workbook, to be laid before the board."""
    at = timezone.now()
    let_in(can_read_delegated_decisions(request.user, at=at))
    form = _form(request, timezone.localdate(at))
    if not form.is_valid():
        return redirect(f"{reverse('desk:delegated')}?{_query(form)}")
    period = form.period
    name = f"delegationsbeslut-{period.first.isoformat()}-{period.last.isoformat()}.xlsx"
    whose = period.administration.name if period.administration else _("Alla nämnder och förvaltningar")
    with tempfile.TemporaryDirectory(prefix="rauk-") as directory:
        path = Path(directory) / name
        with Book(path, title=_("Anmälan av delegationsbeslut"), at=timezone.localtime(at)) as book:
            book.table(
                _("Delegationsbeslut"),
                _columns(),
                _cells(period),
                heading=_("Anmälan av delegationsbeslut"),
                intro=[f"{whose}, {period.first.isoformat()}\u2013{period.last.isoformat()}"],
            )
        file = path.open("rb")  # stays readable when its directory is gone
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _form(request: PersonRequest, day: date) -> DelegatedForm:
    last_month = date(day.year - (day.month == 1), (day.month - 2) % 12 + 1, 1)
    query = request.GET.copy()
    query.setdefault("fran", last_month.isoformat())
    query.setdefault("till", day.isoformat())
    return DelegatedForm(query)


def _query(form: DelegatedForm) -> str:
    """What is asked for, in the address."""
    return urlencode({name: form.data.get(name, "") for name in form.fields if form.data.get(name)})


def _columns() -> list[Column]:
    return [
        Column(_("Dag"), Kind.DAY, 12),
        Column(_("Beställning"), width=16),
        Column(_("Vad"), width=44),
        Column(_("Nämnd eller förvaltning"), width=34),
        Column(_("Enhet"), width=28),
        Column(_("Belopp, kr exkl. moms"), Kind.AMOUNT),
        Column(_("Beslutat av"), width=24),
        Column(_("Befattning"), width=24),
        Column(_("Med vilken rätt"), width=26),
        Column(_("Åt"), width=24),
        Column(_("Slag"), width=20),
        Column(_("Upphävt"), width=12),
    ]


def _cells(period: Period) -> Iterator[list[Cell]]:
    decisions = decisions_of(period).iterator(chunk_size=CHUNK)
    while rows := list(islice(decisions, CHUNK)):
        for each in decision_rows(rows):
            yield [
                timezone.localdate(each.at),
                each.number,
                each.what,
                each.administration,
                each.department,
                each.amount,
                each.person,
                each.title,
                each.right,
                each.in_place_of,
                each.nature,
                _("ja") if each.is_undone else "",
            ]
