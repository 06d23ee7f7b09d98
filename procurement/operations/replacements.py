"""What suppliers are to send in place of what was damaged or wrong: settled as complaints, and not cancelled beside them."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from core.errors import WrongState
from procurement.models import Allocation, Complaint, Expectation


class ReplacementIsComing(WrongState):
    """What the supplier owes for something damaged or wrong is settled as a complaint."""

    code = "replacement_is_coming"
    sentence = _(
        "Leverantören ska ersätta %(owed)s av %(line)s. Avsluta reklamationen i stället, om de inte behövs längre."
    )


def replacements_due(allocations: Iterable[int]) -> dict[int, Decimal]:
    """How many the supplier is to send in place of what was damaged or wrong, by the id of the allocation."""
    replacements = Complaint.objects.open().filter(
        expects=Expectation.REPLACEMENT, receipt_line__allocation__in=allocations
    )
    return dict(replacements.values_list("receipt_line__allocation").annotate(Sum("quantity")))


def check_nothing_is_owed(allocations: QuerySet[Allocation]) -> None:
    """
    Check that no supplier is to replace anything of allocations that are to be cancelled.

    :raises ReplacementIsComing: one is.
    """
    for pk, quantity in replacements_due(allocations.values_list("pk", flat=True)).items():
        line = Allocation.objects.select_related("order_line").get(pk=pk).order_line
        raise ReplacementIsComing(owed=quantity, line=line.description)
