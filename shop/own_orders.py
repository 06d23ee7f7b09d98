"""Which of her own requisitions, or her department's, a person looks for; and the same as a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db import models
from django.db.models import Exists, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.clock import start_of
from core.forms import DayField
from core.spreadsheets import Cell
from core.workbooks import Column, Kind
from organizations.models import Department
from procurement.models import Allocation, RequisitionLine
from procurement.models.requisitions import RequisitionQuerySet
from procurement.spending import charged_on
from procurement.states import CLOSED, DELIVERABLE, UNDECIDED, LineStatus

LONGEST_SEARCH = 100
CHUNK = 1000
OPEN = (*UNDECIDED, LineStatus.APPROVED, *DELIVERABLE)
ASKED_ABOUT_PRICE = Q(asked_unit_price__isnull=False, status__in=UNDECIDED)
"""Lines that wait for a yes to a price that has risen (``is_asked_about_price``)."""
FIRST_NEEDED = Subquery(
    RequisitionLine.objects.filter(requisition=OuterRef("pk"))
    .exclude(status__in=CLOSED)
    .order_by()
    .values("requisition")
    .annotate(first=Min(charged_on()))
    .values("first")
)
"""The day on which the first of its lines is needed; a line may have a day of its own."""


class State(models.TextChoices):
    """Which are shown; the value stands in the address."""

    OPEN = "pagar", gettext_lazy("Pågår")
    ASKED = "vantar", gettext_lazy("Väntar på dig")
    COMING = "pa-vag", gettext_lazy("På väg")
    DONE = "klara", gettext_lazy("Klara")
    ALL = "alla", gettext_lazy("Alla")


class Sort(models.TextChoices):
    """In which order; the value stands in the address."""

    LATEST = "senast", gettext_lazy("Senast skickad först")
    OLDEST = "aldst", gettext_lazy("Äldst först")
    NEEDED = "behovs", gettext_lazy("Behövs först")


ORDERS: Mapping[Sort, tuple[Any, str]] = {
    Sort.LATEST: ("-submitted_at", "-pk"),
    Sort.OLDEST: ("submitted_at", "pk"),
    Sort.NEEDED: (Coalesce(FIRST_NEEDED, "needed_by_date"), "pk"),
}

CONDITIONS: Mapping[State, Q] = {
    State.OPEN: Q(is_open=True),
    State.ASKED: Q(is_asked=True),
    State.COMING: Q(is_coming=True),
    State.DONE: Q(is_open=False),
    State.ALL: Q(),
}


class OrdersForm(forms.Form):
    """What is looked for, beside the state."""

    hides_optional = True

    sok = forms.CharField(
        required=False, max_length=LONGEST_SEARCH, label=gettext_lazy("Nummer, artikel eller leverantör")
    )
    fran = DayField(required=False, label=gettext_lazy("Skickad från och med"))
    till = DayField(required=False, label=gettext_lazy("Till och med"))
    enhet = forms.ModelChoiceField(
        queryset=Department.objects.none(),
        required=False,
        to_field_name="cost_center",
        label=gettext_lazy("Enhet"),
        empty_label=gettext_lazy("Alla enheter"),
    )
    ordning = forms.ChoiceField(choices=Sort.choices, required=False, label=gettext_lazy("Ordning"))

    def __init__(self, query: Any, *, departments: models.QuerySet[Department]) -> None:
        """Only departments of which the person sees orders can be chosen."""
        super().__init__(query)
        field = self.fields["enhet"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101, declared so above
        field.queryset = departments

    @property
    def is_used(self) -> bool:
        """Whether anything is looked for."""
        return any(self.data.get(name) for name in ("sok", "fran", "till", "enhet"))


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What is looked for."""

    words: str = ""
    since: date | None = None
    through: date | None = None
    department: Department | None = None
    sort: Sort = Sort.LATEST

    @classmethod
    def read(cls, form: OrdersForm) -> "OrderFilter":
        """Take what the form says; nothing when it says what cannot be."""
        if not form.is_valid():
            return cls()
        cleaned_data = form.cleaned_data
        return cls(
            cleaned_data["sok"].strip(),
            cleaned_data["fran"],
            cleaned_data["till"],
            cleaned_data["enhet"],
            Sort(cleaned_data["ordning"] or Sort.LATEST),
        )

    def among(self, orders: RequisitionQuerySet) -> RequisitionQuerySet:
        """Those that are looked for, with what their state is told from."""
        if self.words:
            orders = orders.filter(_matches(self.words))
        if self.since:
            orders = orders.filter(submitted_at__gte=start_of(self.since))
        if self.through:
            orders = orders.filter(submitted_at__lt=start_of(self.through + timedelta(days=1)))
        if self.department:
            orders = orders.filter(department=self.department)
        lines = RequisitionLine.objects.filter(requisition=OuterRef("pk"))
        return orders.annotate(
            is_open=Exists(lines.filter(status__in=OPEN)),
            is_asked=Exists(lines.filter(Q(status=LineStatus.RETURNED) | ASKED_ABOUT_PRICE)),
            is_coming=Exists(lines.filter(status__in=DELIVERABLE)),
        ).order_by(*ORDERS[self.sort])


def _matches(words: str) -> Q:
    """With the words in their number, in what was asked for or came instead, in its supplier or its purchase order."""
    number = words.replace("\N{NON-BREAKING HYPHEN}", "-")
    lines = RequisitionLine.objects.filter(
        Q(description__icontains=words)
        | Q(item__name__icontains=words)
        | Q(item__name_en__icontains=words)
        | Q(item__number__iexact=words)
        | Q(approved_item__name__icontains=words)
        | Q(approved_item__name_en__icontains=words)
        | Q(approved_item__number__iexact=words)
        | Q(supplier__name__icontains=words)
        | Q(approved_supplier__name__icontains=words),
        requisition=OuterRef("pk"),
    )
    ordered = Allocation.objects.filter(
        line__requisition=OuterRef("pk"), order_line__order__number__icontains=number
    )
    return Q(number__icontains=number) | Q(Exists(lines)) | Q(Exists(ordered))


def columns() -> list[Column]:
    """The columns of the file: one row for each line."""
    return [
        Column(_("Beställning"), Kind.TEXT, 14),
        Column(_("Skickad"), Kind.DAY, 12),
        Column(_("Behövs"), Kind.DAY, 12),
        Column(_("Enhet"), Kind.TEXT, 26),
        Column(_("Beställare"), Kind.TEXT, 24),
        Column(_("Artikelnummer"), Kind.TEXT, 14),
        Column(_("Benämning"), Kind.TEXT, 40),
        Column(_("Antal"), Kind.QUANTITY, 10),
        Column(_("Enhet för antal"), Kind.TEXT, 12),
        Column(_("Pris, kr"), Kind.PRICE, 12),
        Column(_("Belopp, kr"), Kind.AMOUNT, 14),
        Column(_("Leverantör"), Kind.TEXT, 26),
        Column(_("Läge"), Kind.TEXT, 18),
    ]


def rows(orders: RequisitionQuerySet, lines: models.QuerySet[RequisitionLine]) -> Iterator[list[Cell]]:
    """Read the lines of the requisitions that the person may open, a portion at a time."""
    order_lines = (
        lines.filter(requisition__in=orders.order_by().values("pk"))
        .exclude(status=LineStatus.SUPERSEDED)
        .select_related(
            "requisition__department",
            "requisition__requester",
            "item",
            "approved_item",
            "supplier",
            "approved_supplier",
        )
        .order_by("-requisition__submitted_at", "-requisition", "position")
    )
    for line in order_lines.iterator(chunk_size=CHUNK):
        requisition, item = line.requisition, line.approved_item or line.item
        supplier = line.approved_supplier or line.supplier
        yield [
            str(requisition.number),
            requisition.submitted_at and timezone.localdate(requisition.submitted_at),
            line.service_done_date or line.needed_by_date,
            requisition.department.name,
            requisition.requester.full_name,
            item.number if item else "",
            str(item) if item else line.description,
            line.coming_quantity,
            line.approved_unit or line.unit,
            line.shown_unit_price if line.approved_unit_price is None else line.approved_unit_price,
            line.coming_amount,
            supplier.name if supplier else line.suggested_supplier,
            str(line.get_status_display()),
        ]
