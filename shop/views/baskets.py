"""The basket: fill it, look at what will happen, send it."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from catalog.models import Item
from core import formatting, reader
from core.addresses import address_of
from core.errors import DomainError
from core.fragments import asks_for_part
from core.languages import current_language
from core.numbers import whole_number
from organizations.models import Department
from organizations.requests import PersonRequest
from procurement import planning
from procurement.models import Requisition, RequisitionLine
from procurement.operations import baskets, requisitions, submitting
from procurement.order_times import next_order_time
from procurement.permissions import AlreadySubmitted
from procurement.planning import Plan
from procurement.refusals import refuse, status_of
from procurement.states import LineStatus
from shop.carts import (
    Cart,
    cart_of,
    check_lines_unchanged,
    prices_in,
    shown_prices,
    stranded_of,
    submitted_requisition,
)
from shop.division import day_for, division_of
from shop.forecast import about_day, forecast, rows_in_words
from shop.forms.baskets import AddForm, DetailsForm, QuantityForm
from shop.views.acts import return_address
from shop.views.catalogue import row_context
from shop.views.departments import OrdersForNobody, choose_department, department_choice


@require_http_methods(["GET", "HEAD", "POST"])
def basket(request: PersonRequest) -> HttpResponse:
    """Show the basket with what will happen to it; sending it saves the details with it."""
    at = timezone.now()
    department = department_choice(request).department
    if department is None:
        return refuse(request, OrdersForNobody(), back=reverse("shop:start"))
    cart = cart_of(request.user, department)
    if request.method != "POST":
        return render(request, "shop/basket.html", basket_context(request, cart, at=at))
    price_by_line = prices_in(request.POST.get("shown", ""))
    if earlier := submitted_requisition(request.user, price_by_line):
        return refuse(request, AlreadySubmitted(), back=address_of(earlier))
    if cart.basket is None:
        return refuse(request, submitting.BasketIsEmpty(), back=reverse("shop:catalogue"))
    form = _details_form(request, cart.basket, at=at)
    status = 422
    if form.is_valid():
        try:
            check_lines_unchanged(cart, price_by_line)
            details, lines = _submission(request, cart.basket, form, at=at)
            requisition = requisitions.submit(
                basket=cart.basket,
                details=details,
                lines=lines,
                shown_prices=price_by_line,
                by=request.user,
                at=at,
            )
        except DomainError as refusal:
            form.add_error(None, str(refusal))
            status = status_of(refusal)
        else:
            messages.success(request, _sent_message(requisition, at=at))
            if remaining := len(cart.lines) - requisition.lines.count():
                text = rows_in_words(
                    remaining, _("En rad ligger kvar i korgen."), _("%(count)s rader ligger kvar i korgen.")
                )
                messages.info(
                    request,
                    format_html('{} <a href="{}">{}</a>', text, reverse("shop:basket"), _("Gå till korgen")),
                )
            return redirect(address_of(requisition))
    return render(request, "shop/basket.html", basket_context(request, cart, at=at, form=form), status=status)


@require_POST
def add(request: PersonRequest) -> HttpResponse:
    """Put an item in the basket."""
    at = timezone.now()
    return_url = return_address(request, reverse("shop:catalogue"))
    department = department_choice(request).department
    if department is None:
        return refuse(request, OrdersForNobody(), back=return_url)
    data = AddForm.sent(request.POST)
    form = AddForm(data)
    number = data.get("item", "")[:20].replace("\x00", "")
    item = Item.objects.filter(number=number).first()
    if item is None:
        return refuse(
            request,
            _("Artikel %(number)s finns inte i katalogen.") % {"number": number},
            back=return_url,
            status=404,
        )
    if not form.is_valid():
        return refuse(request, _first_error(form), back=return_url)
    try:
        open_basket = baskets.open_basket(department=department, by=request.user, at=at)
        added = baskets.add_item(
            basket=open_basket,
            item=item,
            quantity=form.cleaned_data["quantity"],
            by=request.user,
            at=at,
            unit=form.cleaned_data["unit"],
        )
    except DomainError as refusal:
        return refuse(request, refusal, back=return_url)
    sentence = _added_message(request, item, form.cleaned_data["quantity"], added.unit)
    return _changed(request, item, sentence, back=return_url, at=at)


@require_POST
def line(request: PersonRequest, pk: int) -> HttpResponse:
    """Change how many of a line; zero takes it out."""
    at = timezone.now()
    return_url = return_address(request, reverse("shop:basket"))
    drafts = RequisitionLine.objects.visible_to(request.user).filter(status=LineStatus.DRAFT)
    draft_line = drafts.select_related("item", "requisition").filter(pk=pk).first()
    if draft_line is None:
        return refuse(
            request,
            _("Raden ligger inte i korgen längre. Läs in sidan på nytt."),
            back=return_url,
            status=404,
        )
    form = QuantityForm(request.POST)
    if not form.is_valid():
        return refuse(request, _first_error(form), back=return_url)
    try:
        changed = baskets.set_quantity(
            line=draft_line, quantity=form.cleaned_data["quantity"], by=request.user, at=at
        )
    except DomainError as refusal:
        return refuse(request, refusal, back=return_url)
    if changed is None:
        sentence = _("%(item)s är borttagen ur korgen.") % {"item": draft_line.description}
    else:
        count = reader.counted(changed.quantity, changed.unit)
        sentence = _("%(item)s: %(count)s i korgen.") % {"item": changed.description, "count": count}
    return _changed(request, draft_line.item, sentence, back=return_url, at=at)


@require_POST
def details(request: PersonRequest) -> HttpResponse:
    """Keep what is typed while the person works, and say what the codes mean."""
    at = timezone.now()
    cart = cart_of(request.user, department_choice(request).department)
    if cart.basket is None:
        return _too_late(request, submitting.BasketIsEmpty())
    form = _details_form(request, cart.basket, at=at)
    if form.is_valid():
        try:
            cart = Cart(_save(request, cart.basket, form, at=at), cart.lines)
        except AlreadySubmitted as refusal:
            return _too_late(request, refusal)
        except DomainError as refusal:
            return refuse(request, refusal, back=reverse("shop:basket"))
    if not asks_for_part(request):
        return redirect("shop:basket")
    context = basket_context(request, cart, at=at, form=form)
    context["shown"] = request.POST.get("shown", "")  # the lines are not shown again here
    return render(request, "shop/_basket_details_after.html", context)


def _too_late(request: PersonRequest, refusal: DomainError) -> HttpResponse:
    """The basket was sent in the same moment: what was typed went with it, so there is nothing to say."""
    if asks_for_part(request):
        return HttpResponse(status=204)
    return refuse(request, refusal, back=reverse("shop:requisitions"))


@require_POST
def department(request: PersonRequest) -> HttpResponse:
    """Choose for which department the person orders from now on."""
    chosen = whole_number(request.POST.get("department", ""))
    if chosen is None or not choose_department(request, chosen):
        return refuse(request, OrdersForNobody(), back=reverse("shop:start"))
    messages.success(
        request,
        _("Du beställer nu för %(department)s.") % {"department": department_choice(request).department},
    )
    return redirect(return_address(request, reverse("shop:start")))


@require_safe
def choose(request: PersonRequest) -> HttpResponse:
    """The page where a person with several departments chooses one."""
    return render(request, "shop/basket_department.html", {"ordering": department_choice(request)})


def basket_context(
    request: PersonRequest, cart: Cart, *, at: datetime, form: DetailsForm | None = None
) -> dict[str, Any]:
    """What the basket's page needs."""
    own_ordering = department_choice(request)
    context: dict[str, Any] = {
        "cart": cart,
        "ordering": own_ordering,
        "department": own_ordering.department,
        "stranded": stranded_of(request.user, timezone.localdate(at)),
    }
    if cart.basket is None or not cart.lines:
        return context
    ordered = next_order_time(at)
    try:
        plan = planning.plan(cart.basket, cart.lines, at=at)
    except DomainError as refusal:
        plan, context["obstacle"] = Plan(), refusal
    form = form or _details_form(request, cart.basket, at=at, plan=plan)
    needed_by = _day_of(form) or cart.basket.needed_by_date
    basket_forecast = forecast(plan, cart.basket, at=at, needed_by=needed_by)
    division = division_of(plan, ordered=ordered)
    if division and not division.is_for_attest and needed_by != day_for(plan.lines, ordered):
        division = None  # she has chosen the day herself
    return context | {
        "form": form,
        "plan": plan,
        "shown": shown_prices(cart, plan),
        "forecast": basket_forecast,
        "division": division,
        "about_day": about_day(needed_by, at=at, lead_days=basket_forecast.lead_days) if needed_by else "",
        "names": _code_names(form, cart.basket),
    }


def _details_form(
    request: PersonRequest, basket: Requisition, *, at: datetime, plan: Plan | None = None
) -> DetailsForm:
    day = timezone.localdate(at)
    suggested = day_for(plan.lines, next_order_time(at)) if plan else None
    return DetailsForm(
        request.POST if request.method == "POST" and "cost_center" in request.POST else None,
        basket=basket,
        day=day,
        own=[each.cost_center for each in department_choice(request).choices],
        initial={
            "account": basket.account_id,
            "cost_center": basket.charged_department.cost_center,
            "activity": basket.activity.code if basket.activity else "",
            "project": basket.project.code if basket.project else "",
            "delivery_place": basket.delivery_place_id,
            "needed_by_date": basket.needed_by_date or suggested,
            "reason": basket.reason,
        },
    )


def _save(
    request: PersonRequest, requisition: Requisition, form: DetailsForm, *, at: datetime
) -> Requisition:
    details = _details(form)
    return baskets.save_details(
        basket=requisition,
        delivery_place=details.delivery_place,
        charged_department=details.charged_department,
        activity=details.activity,
        account=details.account,
        project=details.project,
        needed_by_date=details.needed_by_date,
        reason=details.reason,
        by=request.user,
        at=at,
    )


def _details(form: DetailsForm) -> baskets.Details:
    cleaned_data = form.cleaned_data
    return baskets.Details(
        delivery_place=cleaned_data["delivery_place"],
        charged_department=cleaned_data["cost_center"],
        activity=cleaned_data["activity"],
        account=cleaned_data["account"],
        project=cleaned_data["project"],
        needed_by_date=cleaned_data["needed_by_date"],
        reason=cleaned_data["reason"],
    )


def _submission(
    request: PersonRequest, basket: Requisition, form: DetailsForm, *, at: datetime
) -> tuple[baskets.Details, list[int] | None]:
    """The details and the lines to send: all, or those that need not wait, by their own day unless she chose one."""
    details = _details(form)
    lines = [pk for pk in map(whole_number, request.POST.get("now", "").split(",")) if pk is not None]
    if not lines:
        return details, None
    ordered = next_order_time(at)
    planned = requisitions.preview(basket=basket, at=at).lines
    first = [each for each in planned if each.line.pk in lines]
    if first and details.needed_by_date == day_for(planned, ordered):
        details = replace(details, needed_by_date=day_for(first, ordered))
    return details, lines


def _day_of(form: DetailsForm) -> Any:
    if not form.is_bound:
        return form.initial.get("needed_by_date")
    return form.cleaned_data.get("needed_by_date") if hasattr(form, "cleaned_data") else None


def _code_names(form: DetailsForm, requisition: Requisition) -> dict[str, str]:
    """What the codes mean: names to stand under the fields."""
    cleaned_data = form.cleaned_data if form.is_bound and hasattr(form, "cleaned_data") else {}
    meanings: dict[str, Department | Any] = {
        "cost_center": cleaned_data.get("cost_center")
        or (None if form.is_bound else requisition.charged_department),
        "activity": cleaned_data.get("activity") or (None if form.is_bound else requisition.activity),
        "project": cleaned_data.get("project") or (None if form.is_bound else requisition.project),
    }
    return {name: meaning.name for name, meaning in meanings.items() if meaning}


def _sent_message(requisition: Requisition, *, at: datetime) -> str:
    """Say that it is sent, what is decided already, and when the rest is answered."""
    lines = list(requisition.lines.values_list("status", "response_due_date"))
    waiting = [due for status, due in lines if status == LineStatus.AWAITING]
    text = _("Beställning %(number)s är skickad.") % {"number": formatting.order_number(requisition.number)}
    if len(waiting) < len(lines):
        decided = len(lines) - len(waiting)
        text += " " + rows_in_words(
            decided, _("En rad är godkänd direkt."), _("%(count)s rader är godkända direkt.")
        )
    promised = [due for due in waiting if due]
    if promised:
        language = current_language()
        day = formatting.weekday_day(max(promised), timezone.localdate(at), language=language)
        text += " " + _("Svar senast %(day)s.") % {"day": day}
    return text


def _first_error(form: forms.Form) -> str:
    return str(next(iter(form.errors.values()))[0])


def _added_message(request: PersonRequest, item: Item, quantity: Decimal, unit: str) -> str:
    """What was put in the basket; of which department, for who may have chosen another in another window."""
    own_ordering = department_choice(request)
    facts = {"count": reader.counted(quantity, unit), "item": item, "department": own_ordering.department}
    if len(own_ordering.choices) > 1:
        return _("%(count)s %(item)s ligger i korgen för %(department)s.") % facts
    return _("%(count)s %(item)s ligger i korgen.") % facts


def _changed(
    request: PersonRequest, item: Item | None, sentence: str, *, back: str, at: datetime
) -> HttpResponse:
    """Answer a change of the basket: the part that was touched, or the page again with a note."""
    view = request.POST.get("view", "knapp" if "put" in request.POST else "rad")
    if asks_for_part(request) and view == "korg":
        cart = cart_of(request.user, department_choice(request).department)
        if not cart.lines:
            return HttpResponseClientRefresh()
        context = basket_context(request, cart, at=at) | {"sentence": sentence}
        return render(request, "shop/_basket.html", context)
    if asks_for_part(request) and item is not None and view in ("rad", "artikel", "knapp", "start", "enhet"):
        context = row_context(request, item, at=at) | {"view": view, "sentence": sentence}
        return render(request, "shop/catalogue/_changed.html", context)
    note = format_html('{} <a href="{}">{}</a>', sentence, reverse("shop:basket"), _("Gå till korgen"))
    messages.success(request, sentence if back == reverse("shop:basket") else note)
    return redirect(back)
