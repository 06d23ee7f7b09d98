"""A person who leaves, a department or a category that is merged, today or on a day to come: what moves is said before it is done."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assortment.answering import waiting_for
from categories.models import Category
from categories.permissions import can_assign_category
from core.errors import DomainError
from core.views import let_in
from office.forms import MergeCategoryForm, MergeForm, SuccessorForm
from office.operations.mergers import merge_categories, moving_of_category
from office.registers.category_plans import CATEGORY_CHANGES
from office.registers.plans import DEPARTMENT_CHANGES, DEPARTURES
from organizations.models import Department, User
from organizations.permissions import can_arrange_accounts, can_arrange_organisation
from organizations.requests import PersonRequest
from procurement.operations.departments import merge_departments, merging_of
from procurement.operations.leaving import NothingToEnd, leave, leaving_of
from procurement.refusals import refuse, status_of
from registers.cells import Cell
from registers.operations.rows import add_row
from registers.register import Register


@require_http_methods(["GET", "HEAD", "POST"])
def leaving(request: PersonRequest, pk: int) -> HttpResponse:
    """Say what the person holds, ask who takes over, and end her account."""
    at = timezone.now()
    person = get_object_or_404(User, pk=pk)
    let_in(can_arrange_accounts(request.user, person, at=at))
    response = redirect("registers:row", "people", person.pk)
    if request.method != "POST" and not person.is_active:
        return refuse(request, NothingToEnd(), back=response.url)
    form = SuccessorForm(request.POST or None)

    def act() -> HttpResponse:
        last, successor = form.cleaned_data["last_date"], form.cleaned_data["successor"]
        if last:
            cells = {"email": person.email, "last_date": last, "successor": successor.email}
            return _plan(request, DEPARTURES, cells, at=at)
        leave(user=person, successor=successor, by=request.user, at=at)
        messages.success(
            request,
            _("%(person)s har slutat. Det som väntade ligger nu hos den som svarar för det.")
            % {"person": person.full_name},
        )
        return response

    context = {
        "person": person,
        "form": form,
        "moving": leaving_of(person, day=timezone.localdate(at)),
        "proposals": len(waiting_for(person, timezone.localdate(at))),
        "back": response.url,
    }
    return _form_response(request, form, act, "office/leaving.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def merging(request: PersonRequest, pk: int) -> HttpResponse:
    """Say what the department holds, ask which one goes on, and merge them."""
    at = timezone.now()
    department = get_object_or_404(Department, pk=pk)
    let_in(can_arrange_organisation(request.user, at=at))
    response = redirect("registers:row", "departments", department.pk)
    form = MergeForm(request.POST or None)

    def act() -> HttpResponse:
        into, from_date = form.cleaned_data["into"], form.cleaned_data["from_date"]
        if from_date > timezone.localdate(at):
            cells = {
                "cost_center": department.cost_center,
                "from_date": from_date,
                "into": into.cost_center,
            }
            return _plan(request, DEPARTMENT_CHANGES, cells, at=at)
        merge_departments(department=department, into=into, by=request.user, at=at)
        messages.success(
            request,
            _("%(department)s ingår nu i %(into)s.") % {"department": department.name, "into": into.name},
        )
        return response

    context = {
        "department": department,
        "form": form,
        "moving": merging_of(department, day=timezone.localdate(at)),
        "back": response.url,
    }
    return _form_response(request, form, act, "office/merging.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def merging_category(request: PersonRequest, pk: int) -> HttpResponse:
    """Say what is in the category, ask which one goes on, and merge them."""
    at = timezone.now()
    category = get_object_or_404(Category, pk=pk)
    let_in(can_assign_category(request.user, at=at))
    response = redirect("registers:row", "categories", category.pk)
    form = MergeCategoryForm(request.POST or None)

    def act() -> HttpResponse:
        into, from_date = form.cleaned_data["into"], form.cleaned_data["from_date"]
        if from_date > timezone.localdate(at):
            cells = {"category": category.code, "from_date": from_date, "into": into.code}
            return _plan(request, CATEGORY_CHANGES, cells, at=at)
        merge_categories(category=category, into=into, by=request.user, at=at)
        messages.success(
            request, _("%(category)s ingår nu i %(into)s.") % {"category": category, "into": into}
        )
        return response

    context = {
        "category": category,
        "form": form,
        "moving": moving_of_category(category, day=timezone.localdate(at)),
        "back": response.url,
    }
    return _form_response(request, form, act, "office/merging_category.html", context)


def _form_response(
    request: PersonRequest,
    form: BaseForm,
    act: Callable[[], HttpResponse],
    template: str,
    context: Mapping[str, Any],
) -> HttpResponse:
    """Do what is asked for, or show the page, with what was typed and why it was refused."""
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            return act()
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
    return render(request, template, context, status=status)


def _plan(
    request: PersonRequest, register: Register, cells: Mapping[str, Cell], *, at: datetime
) -> HttpResponse:
    """Plan what is asked for on a day to come, and show the plan, where it can be changed and taken back."""
    row_id = add_row(register=register, cells=cells, by=request.user, at=at)
    messages.success(request, _("Ändringen är planerad. Den kan ändras och tas tillbaka fram till sin dag."))
    return redirect("registers:row", register.name, row_id)
