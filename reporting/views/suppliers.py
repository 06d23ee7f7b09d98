"""How a supplier has delivered in a period, with the rows behind each number."""

from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from agreements.models import Agreement, Supplier
from core.components import Link
from core.forms import DayField
from organizations.requests import PersonRequest
from procurement.models import ReceiptLine
from reporting.periods import a_year_before
from reporting.supplier_facts import Aspect, rows_behind, supplier_facts
from reporting.views.savings import require_savings_visible

MOST_ROWS = 200


class PeriodForm(forms.Form):
    """Which deliveries are counted."""

    hides_optional = True

    fran = DayField(required=False, label=_("Från och med"))
    till = DayField(required=False, label=_("Till och med"))


@require_safe
def supplier(request: PersonRequest, pk: int) -> HttpResponse:
    """Show a supplier's deliveries of the last twelve months, or of the period that is asked for."""
    require_savings_visible(request.user)
    today = timezone.localdate()
    row = get_object_or_404(Supplier, pk=pk)
    agreement = Agreement.objects.visible_to(request.user, today).filter(
        number=request.GET.get("avtal", ""), suppliers__supplier=row
    )
    form = PeriodForm(request.GET)
    data = form.cleaned_data if form.is_valid() else {}
    through = data.get("till") or today
    since = data.get("fran") or a_year_before(through)
    chosen_agreement = agreement.first()
    aspect_code = request.GET.get("visa", "")
    aspect = Aspect(aspect_code) if aspect_code in Aspect.values else Aspect.ALL
    of = {
        "since": since,
        "through": through,
        "agreement_id": chosen_agreement.pk if chosen_agreement else None,
    }
    facts = supplier_facts(row.pk, **of)  # type: ignore[arg-type]
    ids = rows_behind(row.pk, aspect, most=MOST_ROWS, **of)  # type: ignore[arg-type]
    rows = ReceiptLine.objects.filter(pk__in=ids).select_related("allocation__order_line__order", "item")
    counts = {
        Aspect.ALL: facts.rows,
        Aspect.LATE: facts.late,
        Aspect.INCOMPLETE: facts.first - facts.whole,
        Aspect.DEVIATING: facts.deviating,
        Aspect.DEARER: facts.dearer,
    }
    query = {name: request.GET[name] for name in ("fran", "till", "avtal") if request.GET.get(name)}
    context = {
        "supplier": row,
        "agreement": chosen_agreement,
        "form": form,
        "facts": facts,
        "since": since,
        "through": through,
        "rows": rows.order_by("-delivered_date", "-pk"),
        "is_cut": len(ids) == MOST_ROWS,
        "chips": [
            Link(
                str(each.label),
                f"?{urlencode(query | {'visa': each.value})}",
                counts[each],
                is_current=each == aspect,
            )
            for each in Aspect
        ],
    }
    return render(request, "reporting/supplier.html", context, status=200 if form.is_valid() else 422)
