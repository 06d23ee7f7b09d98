"""The registers by what they are about, and the list of one."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.components import Link
from core.counting import counts_of
from core.numbers import whole_number
from organizations.requests import PersonRequest
from registers.downloads import fits_a_workbook
from registers.forms import ListForm
from registers.kinds import Day, Flag
from registers.listing import MOST_COUNTED, SIZES, Selection
from registers.references import with_names
from registers.register import REGISTERS, BoundColumn, Group, Register
from registers.views.seeing import may_change, register_for, selection_for
from registers.words import cell_text, count_in_words, is_number, label_of

COLUMNS_SHOWN = 7


@require_safe
def index(request: PersonRequest) -> HttpResponse:
    """Show the registers that the person may see, by what they are about, with how many rows each has."""
    at = timezone.now()
    verdicts = {name: register.may_see(request.user, at) for name, register in REGISTERS.items()}
    registers = [REGISTERS[name] for name, verdict in verdicts.items() if verdict]
    if not registers:
        raise PermissionDenied(next((str(verdict.refusal) for verdict in verdicts.values()), ""))
    counts = counts_of(
        {each.name: each.model._default_manager.order_by().values("pk") for each in registers},
        most=MOST_COUNTED,
    )
    groups = [
        (
            group.label,
            [(each, count_in_words(counts[each.name])) for each in registers if each.group == group],
        )
        for group in Group
    ]
    return render(request, "registers/index.html", {"groups": [each for each in groups if each[1]]})


@require_safe
def rows(request: PersonRequest, name: str) -> HttpResponse:
    """Show the rows of a register, searched, narrowed and sorted as the address says."""
    register = register_for(request.user, name)
    selection = selection_for(request, register)
    page = selection.page(
        after=whole_number(request.GET.get("efter", "")), before=whole_number(request.GET.get("fore", ""))
    )
    first, others = columns_of(register)
    context = {
        "register": register,
        "selection": selection,
        "form": ListForm(selection),
        "heads": [heading(selection, column) for column in (first, *others)],
        "rows": [
            (
                row.pk,
                label_of(register, row),
                cell_text(row, first),
                [cell_text(row, each) for each in others],
            )
            for row in page.rows
        ],
        "count": count_in_words(selection.count),
        "chips": chips(selection),
        "sizes": [
            Link(str(each), selection.address(antal=str(each)), is_current=each == selection.size)
            for each in SIZES
        ],
        "query": selection.address(),
        "newer_url": selection.address(fore=str(page.newer)) if page.newer else "",
        "older_url": selection.address(efter=str(page.older)) if page.older else "",
        "hides_columns": len(register.bound) > 1 + len(others),
        "may_change": may_change(request.user, register),
        "links": register.links(request.user, timezone.now()) if register.links else [],
        "may_add": register.may_write_rows(request.user, timezone.now()),
        "fits_a_workbook": fits_a_workbook(selection),
    }
    return render(request, "registers/rows.html", context)


def columns_of(register: Register) -> tuple[BoundColumn, list[BoundColumn]]:
    """The column that leads to a row, and those that a list has room for: what tells rows apart and what must be there first."""
    first, *others = register.bound.values()
    room = COLUMNS_SHOWN - 1
    weight = {
        column.name: (
            not column.is_key or column.may_be_unsaid,
            not column.is_listed,
            not column.is_required,
            column.name not in register.filtered,
            not isinstance(column.kind, Day | Flag),
        )
        for column in others
    }
    chosen = {column.name for column in sorted(others, key=lambda each: weight[each.name])[:room]}
    return first, [column for column in others if column.name in chosen]


def heading(selection: Selection, column: BoundColumn) -> dict[str, object]:
    """A column's heading, which sorts by it: upwards first, then downwards."""
    is_current = selection.sorted_by.name == column.name
    goes_down = is_current and selection.goes_down
    can_sort = selection.is_countable or column.name == selection.usual.name
    turned = column.name if not is_current or goes_down else f"-{column.name}"
    return {
        "label": column.heading,
        "url": selection.address(ordning=turned) if can_sort else "",
        "sorted": ("descending" if goes_down else "ascending") if is_current else "",
        "is_number": is_number(column),
    }


def chips(selection: Selection) -> list[Link]:
    """What the list is narrowed by, each to be taken away."""
    links = [
        Link(
            f"{selection.register.bound[name].heading}: {with_names(selection.register.bound[name], text)}",
            selection.address(**{name: ""}),
            is_removable=True,
        )
        for name, text in selection.chosen.items()
    ]
    if selection.words:
        links.append(Link(f"”{selection.words}”", selection.address(q=""), is_removable=True))
    return links
