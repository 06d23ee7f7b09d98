"""What is read before prices are computed by an index clause: the prices themselves, and the month they were last set by."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Max
from django.db.models.functions import Coalesce

from agreements.models import IndexClause
from catalog.models import Price, PriceProposal
from catalog.models.prices import PriceQuerySet
from catalog.states import PriceProposalStatus


def prices_to_adjust(clause: IndexClause, from_date: date) -> PriceQuerySet:
    """Every price of the agreement that goes on at a day, quantity breaks and order units too."""
    going_on = Price.objects.filter(agreement=clause.agreement_id, valid_during__contains=from_date)
    return going_on.filter(valid_during__contains=from_date - timedelta(days=1))


def base_months(clauses: Sequence[IndexClause]) -> dict[tuple[int, int], date]:
    """
    The month that a supplier's prices were last set by, by clause and supplier: one query.

    Those that are not there go by the clause's own base month. Where some of a proposal's prices were approved, the month was used
    for all of them: what was let go then is not asked for again.
    """
    month = Coalesce("index_adjustment__month", "split_from__index_adjustment__month")
    approved = PriceProposal.objects.filter(index_clause__in=clauses, status=PriceProposalStatus.APPROVED)
    last = approved.values_list("index_clause", "supplier").annotate(last=Max(month))
    return {(clause, supplier): base_month for clause, supplier, base_month in last.order_by()}


def is_proposed(clause: IndexClause, supplier_id: int, from_date: date) -> bool:
    """Whether the clause's prices of a day were proposed already; what was withdrawn may be proposed anew."""
    proposals = PriceProposal.objects.filter(index_clause=clause, supplier=supplier_id, from_date=from_date)
    return proposals.exclude(status=PriceProposalStatus.WITHDRAWN).exists()
