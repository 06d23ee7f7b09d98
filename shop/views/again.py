"""Order the same again, and say what became of it."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from catalog.models import Item
from catalog.replacements import replacements_of
from core import reader
from core.addresses import address_of
from core.errors import DomainError
from organizations.requests import PersonRequest
from procurement.models import Requisition
from procurement.operations import baskets, copying
from procurement.operations.copying import Copied
from procurement.refusals import refuse
from shop.views.departments import OrdersForNobody, department_choice


@require_POST
def copy(request: PersonRequest, number: str) -> HttpResponse:
    """Put a requisition's items in the basket, and lead there: what is left is to send it."""
    at = timezone.now()
    requisition = get_object_or_404(
        Requisition.objects.visible_to(request.user).submitted().select_related("department"), number=number
    )
    department = department_choice(request).department
    if any(each.pk == requisition.department_id for each in department_choice(request).choices):
        department = requisition.department
    if department is None:
        return refuse(request, OrdersForNobody(), back=address_of(requisition))
    try:
        basket = baskets.open_basket(department=department, by=request.user, at=at)
        copied = copying.copy_lines(requisition=requisition, basket=basket, by=request.user, at=at)
    except DomainError as refusal:
        return refuse(request, refusal, back=address_of(requisition))
    tell(request, copied, day=timezone.localdate(at))
    request.session["department"] = department.pk
    return redirect("shop:basket")


def tell(request: PersonRequest, copied: Copied, *, day: date) -> None:
    """Say how many lines were put in, which are more than last time, and what is missing and why."""
    count = len(copied.lines) + len(copied.increased)
    if count:
        messages.success(
            request,
            ngettext("%(count)s rad ligger i korgen.", "%(count)s rader ligger i korgen.", count)
            % {"count": count},
        )
    elif copied.present and not copied.left_out:
        messages.info(request, _("Allt ligger redan i korgen. Inget lades till."))
    else:
        messages.info(request, _("Inga rader lades till."))
    if copied.increased:
        messages.info(
            request,
            ngettext(
                "%(count)s av dem låg där redan, och är nu fler.",
                "%(count)s av dem låg där redan, och är nu fler.",
                len(copied.increased),
            )
            % {"count": len(copied.increased)},
        )
    if count and copied.present:
        messages.info(
            request,
            ngettext(
                "%(count)s artikel låg där redan, och antalet är som det var.",
                "%(count)s artiklar låg där redan, och antalen är som de var.",
                len(copied.present),
            )
            % {"count": len(copied.present)},
        )
    for line in copied.raised:
        least = reader.counted(line.quantity, line.unit)
        messages.info(
            request,
            _("%(item)s säljs numera i minst %(least)s, så det är vad som ligger i korgen.")
            % {"item": line.description, "least": least},
        )
    for line in copied.other_unit:
        messages.info(
            request,
            _("%(item)s säljs numera per %(unit)s. Se över antalet.")
            % {"item": line.description, "unit": reader.unit_word(line.unit)},
        )
    if copied.left_out:
        messages.warning(request, _left_out_message(copied.left_out, day=day))


def _left_out_message(items: list[Item], *, day: date) -> SafeString:
    """What can no longer be ordered, each with what replaces it."""
    replacements = replacements_of(items, day=day)
    sentences = []
    for item in items:
        replacement = replacements.get(item.pk)
        if replacement is None:
            sentences.append(format_html("<li>{}</li>", item))
        else:
            other = replacement.to_item
            link = format_html('<a href="{}">{}</a>', address_of(other), other)
            text = SafeString(_("%(item)s, ersätts av %(other)s") % {"item": escape(item), "other": link})
            is_plain = replacement.factor == 1 and not replacement.note
            facts = {"replacement": replacement, "item": item}
            how = "" if is_plain else ". " + render_to_string("shop/_replacement.html", facts).strip()
            sentences.append(format_html("<li>{}{}</li>", text, SafeString(how)))
    intro = ngettext(
        "En artikel går inte längre att beställa:",
        "%(count)s artiklar går inte längre att beställa:",
        len(items),
    ) % {"count": len(items)}
    return format_html("{}<ul>{}</ul>", intro, format_html_join("", "{}", ((each,) for each in sentences)))
