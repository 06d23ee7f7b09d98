"""
Rises of a price list become proposals: all rows of an import at once, however many.

A proposal is of an agreement, a supplier and a day. The day is that of the list, and at the earliest the one after it was applied.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.models import Agreement, PriceClause
from audit import trail
from catalog.events import Event
from catalog.models import PriceProposal
from catalog.operations.price_news import put_away_answered, tell_of_waiting
from catalog.operations.price_proposals import PricesAreFixed
from catalog.permissions import PricesAreForTheirManager
from catalog.states import PriceProposalStatus
from core.errors import DomainError, stored
from organizations.models import User
from registers.models import ChangeKind, Import
from registers.operations.applying import BuiltUpon

PurchaseQuery = Callable[[RawSQL], "QuerySet[Any, tuple[int, Decimal, int]]"]
"""Base units and departments of items in a year, by SQL that gives the items' ids."""


def refuse_rises(of_import: Import, by: User | None, at: datetime) -> None:
    """Refuse the rises under agreements with fixed prices, and those that are not the person's to propose."""
    numbers = of_import.changes.to_propose().order_by().values_list("values__agreement", flat=True).distinct()
    under = Agreement.objects.filter(number__in=list(numbers))
    for agreement in under.filter(price_clause=PriceClause.FIXED).order_by("pk"):
        _refuse(of_import, agreement, PricesAreFixed(agreement=agreement.number), "unit_price")
    if by is not None:
        own_agreements = Agreement.objects.answered_by(by, timezone.localdate(at))
        for agreement in under.exclude(pk__in=own_agreements.values("pk")).order_by("pk"):
            _refuse(of_import, agreement, PricesAreForTheirManager(), "agreement")


def differing_rises(of_import: Import, at: datetime) -> int:
    """How many rows rise by what the register says now and are not marked, or are marked and do not rise."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({_FOLLOWED}) AS f WHERE (f.old_price < f.new_price) <> f.is_proposed",
            _facts(of_import, at),
        )
        return int(cursor.fetchone()[0])


def compute_effects(of_import: Import, at: datetime, *, bought: PurchaseQuery) -> None:
    """Tell of each rise what it would cost in a year, as its proposal will."""
    with connection.cursor() as cursor:
        rows_sql, parameters = _counted(of_import, at, bought)
        cursor.execute(_EFFECTS.format(counted=rows_sql), parameters)
        cursor.execute("DROP TABLE price_rise")


def propose_rises(of_import: Import, by: User, at: datetime, *, bought: PurchaseQuery) -> None:
    """Make a proposal for each agreement, supplier and day of what rises; what waits already word for word is not proposed again."""
    with connection.cursor() as cursor:
        rows_sql, parameters = _counted(of_import, at, bought)
        facts = {
            **parameters,
            "import": of_import.pk,
            "reason": _("Prislistan %(file)s.") % {"file": of_import.file_name},
            "by": by.pk,
            "at": at,
            "status": PriceProposalStatus.PROPOSED.value,
        }
        cursor.execute(_PROPOSALS, facts)
        cursor.execute(_ROWS.format(counted=rows_sql), facts)
        cursor.execute("DROP TABLE price_rise")
    proposals = list(of_import.price_proposals.for_display().filter(registered_at=at).order_by("pk"))
    for proposal in proposals:
        trail.record(
            Event.PRICE_PROPOSED,
            subject=proposal,
            by=by,
            at=at,
            agreement=proposal.agreement.number,
            amount=str(proposal.total_effect),  # type: ignore[attr-defined]
            comment=proposal.reason,
        )
    tell_of_waiting(proposals, by=by, at=at)


def withdraw_rises(of_import: Import, by: User | None, at: datetime) -> None:
    """
    Withdraw the proposals of a list whose changes are taken back.

    :raises BuiltUpon: some of their prices are approved.
    """
    proposals = list(of_import.price_proposals.locked().order_by("pk"))
    approved = [each for each in proposals if each.status == PriceProposalStatus.APPROVED]
    if approved:
        raise BuiltUpon(rows=sum(each.rows.count() for each in approved))
    waiting = [each for each in proposals if each.is_undecided]
    for proposal in waiting:
        proposal.status = PriceProposalStatus.WITHDRAWN
        proposal.decided_by, proposal.decided_at = by or proposal.registered_by, at
        trail.record(Event.PRICE_WITHDRAWN, subject=proposal, by=by, at=at, file=of_import.file_name)
    PriceProposal.objects.bulk_update(waiting, ["status", "decided_by", "decided_at"])
    for proposal in waiting:
        put_away_answered(proposal, at=at)


def _counted(of_import: Import, at: datetime, bought: PurchaseQuery) -> tuple[str, dict[str, Any]]:
    """Put what rises in a table of the session's own, and give SQL of its rows with what was bought in a year."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE price_rise ON COMMIT DROP AS {_RISES}", _facts(of_import, at))
    sql, parameters = bought(RawSQL("SELECT item_id FROM price_rise", [])).query.sql_with_params()
    values = {f"bought_{number}": value for number, value in enumerate(parameters)}
    return _COUNTED.format(bought=sql % tuple(f"%({name})s" for name in values)), values


def _refuse(of_import: Import, agreement: Agreement, refusal: DomainError, column: str) -> None:
    of_import.changes.to_propose().filter(values__agreement=agreement.number).update(
        kind=ChangeKind.REFUSED, reason=stored(refusal), column=column, before={}
    )


def _facts(of_import: Import, at: datetime) -> dict[str, Any]:
    day = timezone.localdate(at)
    return {"import": of_import.pk, "day": day, "first": day + timedelta(days=1)}


_SAID = "c.id AS change_id, c.is_proposed, c.values AS v, (c.values->>'unit_price')::numeric AS new_price"
_STANDING = "c.of_import_id = %(import)s AND NOT c.is_left_out AND c.values->>'agreement' <> ''"
# Each row with the price that it changes, or follows at once.
_FOLLOWED = f"""
SELECT {_SAID}, p.*, p.unit_price AS old_price,
       greatest(coalesce(nullif(c.values->>'from_date', '')::date, lower(p.valid_during)), %(first)s) AS begins
FROM registers_change AS c JOIN catalog_price AS p ON p.id = c.subject_id
WHERE {_STANDING} AND c.kind = 'changed' AND c.values ? 'unit_price'
UNION ALL
SELECT {_SAID}, p.*, p.unit_price AS old_price,
       greatest(nullif(c.values->>'from_date', '')::date, %(first)s) AS begins
FROM registers_change AS c
JOIN catalog_item AS i ON i.number = c.values->>'item'
JOIN agreements_agreement AS a ON a.number = c.values->>'agreement'
JOIN agreements_supplier AS s ON s.org_number = c.values->>'supplier'
CROSS JOIN LATERAL (SELECT coalesce(nullif(c.values->>'from_date', '')::date, %(day)s) AS day) AS said
CROSS JOIN LATERAL (
    SELECT * FROM catalog_price AS p
    WHERE p.item_id = i.id AND p.agreement_id = a.id AND p.supplier_id = s.id
    AND p.order_unit = coalesce(c.values->>'order_unit', '')
    AND p.minimum_quantity = coalesce(nullif(c.values->>'minimum_quantity', '')::numeric, 1)
    AND lower(p.valid_during) < said.day AND (upper(p.valid_during) IS NULL OR upper(p.valid_during) >= said.day)
    ORDER BY lower(p.valid_during) DESC LIMIT 1
) AS p
WHERE {_STANDING} AND c.kind = 'new'
"""
# Of several of the same price and day the last that is said holds.
_RISES = f"""
SELECT DISTINCT ON (f.id, f.begins) f.change_id, f.id AS price_id, f.item_id, f.agreement_id, f.supplier_id, f.begins, f.old_price, f.new_price,
       f.order_unit, f.minimum_quantity, coalesce(f.units_per_order_unit, 1) AS pack,
       nullif(nullif(f.v->>'units_per_order_unit', '')::numeric, f.units_per_order_unit) AS new_pack,
       nullif(nullif(f.v->>'lead_days', '')::int, f.lead_days) AS new_lead_days,
       nullif(f.v->>'through_date', '')::date AS through_date, EXISTS (
           SELECT FROM catalog_proposedprice AS row JOIN catalog_priceproposal AS q ON q.id = row.proposal_id
           WHERE row.price_id = f.id AND row.new_price = f.new_price AND q.from_date = f.begins AND q.status = 'proposed'
       ) AS waits_already
FROM ({_FOLLOWED}) AS f
WHERE f.is_proposed AND f.old_price < f.new_price
ORDER BY f.id, f.begins, f.v->>'from_date' DESC
"""
_PROPOSALS = """
INSERT INTO catalog_priceproposal
    (agreement_id, supplier_id, from_date, reason, status, registered_by_id, registered_at, decision_reason, of_import_id)
SELECT DISTINCT agreement_id, supplier_id, begins, %(reason)s, %(status)s, %(by)s, %(at)s, '', %(import)s FROM price_rise
WHERE NOT waits_already
"""
# What was bought of an item is counted once in a proposal, on its smallest quantity in its own order unit where there are several.
_COUNTED = """
SELECT r.*, CASE WHEN turn = 1 THEN coalesce(b.departments, 0) ELSE 0 END AS departments,
       CASE WHEN turn = 1 THEN round(greatest(coalesce(b.bought, 0) / r.pack, 0), 3) ELSE 0 END AS quantity
FROM (
    SELECT *, row_number() OVER (
        PARTITION BY agreement_id, supplier_id, begins, item_id ORDER BY order_unit, minimum_quantity, price_id) AS turn
    FROM price_rise
) AS r LEFT JOIN ({bought}) AS b (item_id, bought, departments) ON b.item_id = r.item_id
"""
_EFFECTS = """
UPDATE registers_change AS c SET yearly_effect = round((r.new_price - r.old_price) * r.quantity, 2)
FROM ({counted}) AS r WHERE c.id = r.change_id
"""
_ROWS = """
INSERT INTO catalog_proposedprice (proposal_id, price_id, old_price, new_price, annual_quantity, department_count, annual_effect,
                                   units_per_order_unit, lead_days, through_date)
SELECT q.id, price_id, old_price, new_price, quantity, departments, round((new_price - old_price) * quantity, 2),
       new_pack, new_lead_days, through_date
FROM ({counted}) AS r
JOIN catalog_priceproposal AS q ON q.of_import_id = %(import)s AND q.registered_at = %(at)s
AND (q.agreement_id, q.supplier_id, q.from_date) = (r.agreement_id, r.supplier_id, r.begins)
WHERE NOT waits_already ORDER BY price_id
"""
