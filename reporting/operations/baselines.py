"""
Freeze what an initiative is compared with, and let finance confirm it.

A baseline is the item's price before and after, and its volume, as they were known when it was frozen; nothing
of it is edited afterwards. Only confirmed baselines are counted.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.errors import WrongState
from core.transactions import operation
from core.verdicts import require
from organizations.models import User
from reporting import permissions
from reporting.events import Event
from reporting.models import Baseline, BaselineMethod, SavingInitiative
from reporting.savings import MONTHS_NEW


class AlreadyFrozen(WrongState):
    """An initiative's baselines are frozen once."""

    code = "already_frozen"
    sentence = _("Baslinjerna för %(initiative)s är redan frysta.")


class AgreementMissing(WrongState):
    """There is nothing to take a price from."""

    code = "agreement_missing"
    sentence = _("%(initiative)s saknar det avtal som priset hämtas ur.")


class NothingToConfirm(WrongState):
    """Every baseline of the initiative is confirmed, or none is frozen."""

    code = "nothing_to_confirm"
    sentence = _("Det finns inga baslinjer att bekräfta för %(initiative)s. Någon annan kan ha hunnit före.")


@dataclass(frozen=True, slots=True)
class Frozen:
    """How many items got a baseline, and how many of the new agreement's items have nothing to be compared with."""

    count: int
    without_baseline: int


# A confirmed baseline ends the earlier ones of its item, and of items that it replaces, on its own first day.
END_EARLIER_SQL = """
UPDATE reporting_baseline b SET counts_during = daterange(lower(b.counts_during), lower(n.counts_during))
FROM reporting_baseline n
WHERE n.initiative_id = %(initiative)s AND n.confirmed_at IS NULL
  AND (b.item_id = n.item_id OR n.evidence->'replaces' @> to_jsonb(b.item_id)) AND b.confirmed_at IS NOT NULL
  AND lower(b.counts_during) < lower(n.counts_during) AND upper(b.counts_during) > lower(n.counts_during)
"""

# A baseline that is confirmed after a later one of the same item ends where that one begins.
CONFIRM_SQL = """
UPDATE reporting_baseline n
SET confirmed_by_id = %(by)s, confirmed_at = %(at)s,
    counts_during = daterange(lower(n.counts_during), least(upper(n.counts_during),
        (SELECT min(lower(b.counts_during)) FROM reporting_baseline b
         WHERE b.item_id = n.item_id AND b.confirmed_at IS NOT NULL
           AND lower(b.counts_during) > lower(n.counts_during))))
WHERE n.initiative_id = %(initiative)s AND n.confirmed_at IS NULL
"""

# Prices and quantities are turned into packs of the new price: by pack sizes, and by the factor of what is replaced.
# Of quantity breaks the smallest is compared with the smallest, so that how many are ordered at a time is no saving.
FREEZE_SQL = """
WITH new_price AS (
    SELECT DISTINCT ON (p.item_id) p.item_id, p.unit_price, p.units_per_order_unit AS units,
           coalesce(nullif(p.order_unit, ''), i.order_unit) AS unit, i.category_id, c.code, c.name, c.lineage
    FROM catalog_price p JOIN catalog_item i ON i.id = p.item_id JOIN categories_category c ON c.id = i.category_id
    WHERE p.agreement_id = %(new)s AND p.valid_during @> %(effective)s::date
    ORDER BY p.item_id, p.order_unit <> '', p.minimum_quantity, p.unit_price / p.units_per_order_unit
), replaced AS (
    SELECT DISTINCT ON (old.id) way.to_item_id AS item_id, old.id AS old_item_id, way.base_factor AS factor
    FROM (SELECT DISTINCT from_item_id AS id FROM catalog_substitution
          WHERE valid_during @> %(effective)s::date) old
    CROSS JOIN LATERAL catalog_ways(old.id, %(effective)s::date) way
    JOIN new_price n ON n.item_id = way.to_item_id
    WHERE way.equivalence <> 'crisis_only'
      AND NOT EXISTS (SELECT FROM new_price itself WHERE itself.item_id = old.id)
    ORDER BY old.id, way.equivalence <> 'full', way.steps, way.to_item_id
), compared AS (
    SELECT item_id, item_id AS old_item_id, 1::numeric AS factor FROM new_price
    UNION ALL SELECT item_id, old_item_id, factor FROM replaced
), old_price AS (
    SELECT DISTINCT ON (k.item_id) k.item_id,
           round(p.unit_price * n.units / (p.units_per_order_unit * k.factor), 4) AS unit_price,
           least(upper(a.valid_during), %(effective)s::date) - 1 AS price_date
    FROM compared k
    JOIN new_price n ON n.item_id = k.item_id
    JOIN catalog_price p ON p.item_id = k.old_item_id
    JOIN agreements_agreement a ON a.id = p.agreement_id
    WHERE p.agreement_id = %(old)s
      AND p.valid_during @> (least(upper(a.valid_during), %(effective)s::date) - 1)
    ORDER BY k.item_id, k.old_item_id <> k.item_id, p.order_unit <> '', p.minimum_quantity, 2, k.old_item_id
), volume AS (
    SELECT k.item_id, count(*) AS lines, sum(d.unit_price * d.quantity) AS value,
           sum(d.quantity * coalesce(d.units_per_order_unit, o.units_per_order_unit) * k.factor) AS base_quantity
    FROM compared k
    JOIN catalog_item o ON o.id = k.old_item_id
    JOIN reporting_deliveredline d ON d.item_id = k.old_item_id
    WHERE d.currency = 'SEK'
      AND d.delivered_date >= (date_trunc('month', %(effective)s::date) - interval '12 months')::date
      AND d.delivered_date < date_trunc('month', %(effective)s::date)::date
    GROUP BY k.item_id
), chosen AS (
    SELECT n.item_id, n.category_id, n.code, n.name, n.lineage, n.unit, n.units, n.unit_price AS new_unit_price,
           greatest(round(coalesce(v.base_quantity, 0) / n.units, 3), 0) AS annual_quantity,
           CASE WHEN %(method)s = 'prev_contract' THEN o.unit_price
                WHEN v.base_quantity > 0 THEN round(v.value * n.units / v.base_quantity, 4) END AS unit_price,
           o.price_date, coalesce(v.lines, 0) AS lines,
           (SELECT jsonb_agg(r.old_item_id ORDER BY r.old_item_id) FROM replaced r WHERE r.item_id = n.item_id)
               AS replaces,
           (%(effective)s::date + make_interval(months => %(months)s))::date AS ends
    FROM new_price n LEFT JOIN old_price o USING (item_id) LEFT JOIN volume v USING (item_id)
), inserted AS (
    INSERT INTO reporting_baseline (initiative_id, item_id, category_id, category_code, category_name,
                                    category_lineage, method, unit, units_per_order_unit, unit_price, new_unit_price, annual_quantity, counts_during,
                                    evidence, frozen_at)
    SELECT %(initiative)s, item_id, category_id, code, name, lineage, %(method)s, unit, units, unit_price, new_unit_price,
           annual_quantity, daterange(%(effective)s, ends),
           jsonb_strip_nulls(jsonb_build_object(
               'price_date', CASE WHEN %(method)s = 'prev_contract' THEN price_date END,
               'volume_from', (date_trunc('month', %(effective)s::date) - interval '12 months')::date,
               'volume_through', date_trunc('month', %(effective)s::date)::date - 1,
               'volume_lines', lines,
               'replaces', replaces)),
           %(at)s
    FROM chosen c
    WHERE unit_price IS NOT NULL
      AND NOT EXISTS (SELECT FROM reporting_baseline b
                      WHERE b.item_id = c.item_id AND lower(b.counts_during) = %(effective)s::date)
    RETURNING 1
)
SELECT (SELECT count(*) FROM inserted), (SELECT count(*) FROM new_price)
"""


@operation
def freeze_baselines(*, initiative: SavingInitiative, at: datetime, by: User) -> Frozen:
    """
    Freeze price before, price after and volume for every item under the initiative's new agreement.

    PREV_CONTRACT is the price in the old agreement on its last day (or the day before the new one takes effect).
    HIST_AVG is Σ p·q / Σ q of the last twelve full months before the effective day, 4 decimals, and Q12 the
    quantity delivered in those months (DOMAIN 2.2). Other packs, and items that one under the new agreement replaces,
    are converted before they are compared (DOMAIN 2.5); of several that one item replaces, the cheapest is its price
    before. Items that have no such price get no baseline, nor do those that another initiative has one for from the
    same day. Nothing that is counted changes until finance confirms.

    :raises NotPermitted: she is neither finance nor head of procurement.
    :raises AlreadyFrozen: it is done.
    :raises AgreementMissing: the method needs an agreement that is not named.
    """
    initiative = SavingInitiative.objects.select_for_update(no_key=True).get(pk=initiative.pk)
    require(permissions.can_freeze_baselines(by, at=at))
    if initiative.baselines.exists():
        raise AlreadyFrozen(initiative=initiative)
    needs_old = initiative.method == BaselineMethod.PREV_CONTRACT
    if initiative.new_agreement_id is None or (needs_old and initiative.old_agreement_id is None):
        raise AgreementMissing(initiative=initiative)
    frozen = _freeze(initiative, at)
    trail.record(
        Event.BASELINES_FROZEN,
        subject=initiative,
        by=by,
        at=at,
        method=initiative.method,
        count=frozen.count,
        without_baseline=frozen.without_baseline,
    )
    return frozen


def _freeze(initiative: SavingInitiative, at: datetime) -> Frozen:
    """Freeze every item that has a price to be compared with, in one statement."""
    facts: dict[str, Any] = {
        "initiative": initiative.pk,
        "method": initiative.method,
        "new": initiative.new_agreement_id,
        "old": initiative.old_agreement_id,
        "effective": initiative.effective_date,
        "months": MONTHS_NEW,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(FREEZE_SQL, facts)
        count, items = cursor.fetchone()
    return Frozen(count, items - count)


@operation
def confirm_baselines(*, initiative: SavingInitiative, by: User, at: datetime) -> SavingInitiative:
    """
    Confirm an initiative's frozen baselines, so that delivered lines are counted against them.

    An earlier baseline of the same item ends the day before. Lines that were counted against it in the meantime are
    corrected by new rows when the register is computed.

    :raises NotPermitted: she is not finance.
    :raises OwnCategorysSaving: she answers for a part of it herself.
    :raises NothingToConfirm: it is done, or nothing is frozen.
    """
    initiative = (
        SavingInitiative.objects.select_for_update(of=("self",), no_key=True)
        .select_related("category")
        .get(pk=initiative.pk)
    )
    require(permissions.can_confirm_baselines(by, initiative, at=at))
    waiting = list(Baseline.objects.awaiting().filter(initiative=initiative))
    if not waiting:
        raise NothingToConfirm(initiative=initiative)
    _confirm(initiative, by, at)
    trail.record(
        Event.BASELINES_CONFIRMED,
        subject=initiative,
        by=by,
        at=at,
        count=len(waiting),
        full_year_effect=str(sum(baseline.full_year_effect for baseline in waiting)),
    )
    return initiative


def _confirm(initiative: SavingInitiative, by: User, at: datetime) -> None:
    """End what earlier baselines count of the same items, then confirm; one confirmation at a time."""
    facts: dict[str, Any] = {"initiative": initiative.pk, "by": by.pk, "at": at}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('baseline confirmation'))")
        cursor.execute(END_EARLIER_SQL, facts)
        cursor.execute(CONFIRM_SQL, facts)
