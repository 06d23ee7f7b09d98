"""A person's own requisitions, or her department's: looked for, sorted, page by page, and as a file."""

from pathlib import Path

from django.db.models import Count, QuerySet
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.components import Link
from core.downloads import csv_file, workbook_file
from core.numbers import whole_number
from core.ordering import swedish
from core.paging import OnePage
from core.workbooks import Book
from organizations.models import Department
from organizations.requests import PersonRequest
from procurement.models import Requisition, RequisitionLine
from procurement.models.requisitions import RequisitionQuerySet
from shop import own_orders
from shop.own_orders import CONDITIONS, OrderFilter, OrdersForm, State
from shop.views.departments import department_choice

PER_PAGE = 20
LAST_PAGE = 500


@require_safe
def requisitions(request: PersonRequest) -> HttpResponse:
    """The person's own requisitions, or her department's: under way, waiting for her, coming, finished."""
    orders, form = _matching_orders(request)
    state = _state(request)
    counts = orders.order_by().aggregate(
        **{each.name: Count("pk", filter=CONDITIONS[each]) for each in State if each != State.ALL},
        **{State.ALL.name: Count("pk")},
    )
    number = min(max(whole_number(request.GET.get("sida", "")) or 1, 1), LAST_PAGE)
    listed = orders.filter(CONDITIONS[state])
    ids = list(listed.values_list("pk", flat=True)[: number * PER_PAGE + 1])
    page = OnePage(number, ids, per_page=PER_PAGE)
    page_rows = listed.filter(pk__in=page.shown).with_totals(request.user)
    is_shared = _is_shared(request)
    context = {
        "form": form,
        "requisitions": page_rows.select_related("department", "requester"),
        "older_url": page.older_url(request.GET),
        "newer_url": page.newer_url(request.GET),
        "state": state,
        "needs_you": state == State.ASKED and counts[State.ASKED.name],
        "is_shared": is_shared,
        "tabs": [
            Link(str(each.label), _address(request, flik=each), counts[each.name], is_current=each == state)
            for each in State
        ],
        "whose": [
            Link(_("Mina"), _address(request, vilka=""), is_current=not is_shared),
            Link(_("Hela enheten"), _address(request, vilka="enheten"), is_current=is_shared),
        ]
        if department_choice(request).department
        else [],
        "department": department_choice(request).department,
        "query": _query(request).urlencode(),
        "kept": [(name, request.GET[name]) for name in ("vilka", "flik") if request.GET.get(name)],
    }
    return render(request, "shop/requisitions.html", context)


@require_safe
def requisitions_csv(request: PersonRequest) -> HttpResponseBase:
    """Send what the list shows, line by line, as CSV."""
    header = [column.title for column in own_orders.columns()]
    return csv_file(_name("csv"), header, own_orders.rows(*_listed_lines(request)))


@require_safe
def requisitions_xlsx(request: PersonRequest) -> HttpResponseBase:
    """Send what the list shows, line by line, as a workbook."""
    title = _("Mina beställningar")

    def write(path: Path) -> None:
        with Book(path, title=title, at=timezone.localtime()) as book:
            book.table(title, own_orders.columns(), own_orders.rows(*_listed_lines(request)))

    return workbook_file(_name("xlsx"), write)


def _listed_lines(request: PersonRequest) -> tuple[RequisitionQuerySet, QuerySet[RequisitionLine]]:
    orders, _form = _matching_orders(request)
    lines = RequisitionLine.objects.opened_to(request.user)
    return orders.filter(CONDITIONS[_state(request)]), lines


def _matching_orders(request: PersonRequest) -> tuple[RequisitionQuerySet, OrdersForm]:
    """What is looked for among hers or her department's."""
    orders = Requisition.objects.visible_to(request.user).submitted()
    if _is_shared(request):
        orders = orders.filter(department=department_choice(request).department)
    else:
        orders = orders.filter(requester=request.user)
    departments = Department.objects.filter(
        pk__in=Requisition.objects.submitted().filter(requester=request.user).order_by().values("department")
    )
    form = OrdersForm(request.GET, departments=departments.order_by(swedish("name"), "pk"))
    return OrderFilter.read(form).among(orders), form


def _is_shared(request: PersonRequest) -> bool:
    return request.GET.get("vilka") == "enheten" and department_choice(request).department is not None


def _state(request: PersonRequest) -> State:
    tab = request.GET.get("flik", "")
    return State(tab) if tab in State.values else State.OPEN


def _query(request: PersonRequest) -> QueryDict:
    """The filter in the address, without the place in the list."""
    query = request.GET.copy()
    query.pop("sida", None)
    return query


def _address(request: PersonRequest, **changed: str) -> str:
    query = _query(request)
    for name, value in changed.items():
        query[name] = value
    return f"?{query.urlencode()}"


def _name(ending: str) -> str:
    return f"bestallningar-{timezone.localdate().isoformat()}.{ending}"
