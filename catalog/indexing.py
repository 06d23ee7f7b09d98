"""What is read before prices are computed by an index clause: the prices themselves, and the month they were last set by."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Max

from agreements.models import IndexClause
from catalog.models import IndexAdjustment, Price, PriceProposal
from catalog.models.prices import PriceQuerySet
from catalog.states import PriceProposalStatus


def prices_to_adjust(clause: IndexClause, from_date: date) -> PriceQuerySet:
    """Every price of the agreement that goes on at a day, quantity breaks and order units too."""
    going_on = Price.objects.filter(agreement=clause.agreement_id, valid_during__contains=from_date)
    return going_on.filter(valid_during__contains=from_date - timedelta(days=1))


def base_months(clauses: Sequence[IndexClause]) -> dict[tuple[int, int], date]:
    """
    The month that a supplier's prices were last set by, by clause and supplier: one query.

    Those that are not there go by the clause's own base month.
    """
    approved = IndexAdjustment.objects.filter(
        proposal__index_clause__in=clauses, proposal__status=PriceProposalStatus.APPROVED
    )
    last = approved.values_list("proposal__index_clause", "proposal__supplier").annotate(last=Max("month"))
    return {(clause, supplier): month for clause, supplier, month in last.order_by()}


def is_proposed(clause: IndexClause, supplier_id: int, from_date: date) -> bool:
    """Whether the clause's prices of a day were proposed already; what was withdrawn may be proposed anew."""
    made = PriceProposal.objects.filter(index_clause=clause, supplier=supplier_id, from_date=from_date)
    return made.exclude(status=PriceProposalStatus.WITHDRAWN).exists()
