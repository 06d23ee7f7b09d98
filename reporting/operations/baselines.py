"""
Freeze what an initiative is compared with, and let finance confirm it.

A baseline is the item's price before and after, and its volume, as they were known when it was frozen; nothing
of it is edited afterwards: what turns out wrong is frozen again as the next version. Only confirmed baselines are counted.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.errors import InvalidInput, WrongState
from core.money import ZERO
from core.text import cleaned
from core.transactions import operation
from core.verdicts import require
from organizations.models import User
from reporting import permissions
from reporting.baseline_days import CONFIRM_SQL, END_EARLIER_SQL, GIVE_BACK_SQL
from reporting.events import Event
from reporting.indexed import Indexing, indexing_of
from reporting.models import Baseline, BaselineMethod, InitiativeStage, SavingInitiative
from reporting.operations.confirming_news import put_away_waiting, tell_confirmers
from reporting.savings import FEWEST_BIDS, MONTHS_NEW


class AlreadyFrozen(WrongState):
    """An initiative's baselines are frozen once."""

    code = "already_frozen"
    sentence = _("Baslinjerna för %(initiative)s är redan frysta.")


class AgreementMissing(WrongState):
    """There is nothing to take a price from."""

    code = "agreement_missing"
    sentence = _("%(initiative)s saknar det avtal som priset hämtas ur.")


class NotDecided(WrongState):
    """Prices are frozen of what is decided, not of an idea."""

    code = "initiative_not_decided"
    sentence = _("%(initiative)s är inte beslutat än. Baslinjer fryses när initiativet är beslutat.")


class NotFrozenYet(WrongState):
    """There is nothing to make a new version of."""

    code = "baselines_not_frozen"
    sentence = _("Baslinjerna för %(initiative)s är inte frysta än.")


class ReasonMissing(InvalidInput):
    """A new version says why."""

    code = "baseline_reason_missing"
    sentence = _("Skriv varför baslinjerna ska frysas om.")


class NothingToConfirm(WrongState):
    """Every baseline of the initiative is confirmed, or none is frozen."""

    code = "nothing_to_confirm"
    sentence = _("Det finns inga baslinjer att bekräfta för %(initiative)s. Någon annan kan ha hunnit före.")


LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Frozen:
    """How many items got a baseline, and how many of the new agreement's items have nothing to be compared with."""

    version: int
    count: int
    without_baseline: int


class FrozenAgainSince(WrongState):
    """What she looked at is not what would be confirmed, or frozen again."""

    code = "baselines_frozen_again_since"
    sentence = _(
        "Baslinjerna för %(initiative)s har frysts om sedan du läste dem. Granska den nya versionen först."
    )


# What an earlier version says stands until the next one is confirmed; one that nobody confirmed goes at once.
SUPERSEDE_SQL = """
UPDATE reporting_baseline SET superseded_at = %(at)s
WHERE initiative_id = %(initiative)s AND superseded_at IS NULL
  AND (confirmed_at IS NOT NULL) = %(are_confirmed)s
"""

# Prices and quantities are turned into packs of the new price: by pack sizes, and by the factor of what is replaced.
# Of quantity breaks the smallest is compared with the smallest, so that how many are ordered at a time is no saving.
FREEZE_SQL = """
WITH new_price AS (
    SELECT DISTINCT ON (p.item_id) p.item_id, p.unit_price, p.units_per_order_unit AS units,
           coalesce(nullif(p.order_unit, ''), i.order_unit) AS unit, i.units_per_order_unit AS own_units,
           i.category_id, c.code, c.name, c.lineage
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
), bids AS (
    SELECT item_id, avg(unit_price) AS mean, jsonb_agg(unit_price::text ORDER BY unit_price, id) AS prices
    FROM reporting_comparedprice
    WHERE initiative_id = %(initiative)s AND kind = 'bid' AND NOT is_abnormally_low
    GROUP BY item_id HAVING count(*) >= %(fewest_bids)s
), budget AS (
    SELECT item_id, unit_price, source FROM reporting_comparedprice
    WHERE initiative_id = %(initiative)s AND kind = 'budget'
), chosen AS (
    SELECT n.item_id, n.category_id, n.code, n.name, n.lineage, n.unit, n.units, n.unit_price AS new_unit_price,
           greatest(round(coalesce(v.base_quantity, 0) / n.units, 3), 0) AS annual_quantity,
           CASE WHEN %(method)s IN ('prev_contract', 'indexed') THEN o.unit_price
                WHEN %(method)s = 'budget' THEN round(budget.unit_price * n.units / n.own_units, 4)
                WHEN %(method)s = 'hist_avg' AND v.base_quantity > 0
                THEN round(v.value * n.units / v.base_quantity, 4) END AS unit_price,
           CASE WHEN %(method)s = 'indexed'
                THEN round(o.unit_price * %(index_rises_to)s::numeric / %(index_rises_from)s::numeric, 8)
                WHEN %(method)s = 'avg_bid' THEN round(bids.mean * n.units / n.own_units, 8)
                END AS counterfactual_price,
           o.price_date, coalesce(v.lines, 0) AS lines, bids.prices AS bids, budget.source AS budget,
           (SELECT jsonb_agg(r.old_item_id ORDER BY r.old_item_id) FROM replaced r WHERE r.item_id = n.item_id)
               AS replaces,
           (%(effective)s::date + make_interval(months => %(months)s))::date AS ends
    FROM new_price n LEFT JOIN old_price o USING (item_id) LEFT JOIN volume v USING (item_id)
    LEFT JOIN bids USING (item_id) LEFT JOIN budget USING (item_id)
), inserted AS (
    INSERT INTO reporting_baseline (initiative_id, version, reason, item_id, category_id, category_code, category_name,
                                    category_lineage, method, nature, unit, units_per_order_unit, unit_price,
                                    counterfactual_price, new_unit_price, annual_quantity, counts_during, evidence,
                                    frozen_at)
    SELECT %(initiative)s, %(version)s, %(reason)s, item_id, category_id, code, name, lineage, %(method)s, %(nature)s,
           unit, units, unit_price, counterfactual_price, new_unit_price, annual_quantity,
           daterange(%(effective)s, ends),
           jsonb_strip_nulls(%(index_evidence)s::jsonb || jsonb_build_object(
               'price_date', CASE WHEN %(method)s IN ('prev_contract', 'indexed') THEN price_date END,
               'bids', CASE WHEN %(method)s = 'avg_bid' THEN bids END,
               'budget', CASE WHEN %(method)s = 'budget' THEN budget END,
               'volume_from', (date_trunc('month', %(effective)s::date) - interval '12 months')::date,
               'volume_through', date_trunc('month', %(effective)s::date)::date - 1,
               'volume_lines', lines,
               'agreement', %(new)s::bigint,
               'replaces', replaces)),
           %(at)s
    FROM chosen c
    WHERE (unit_price IS NOT NULL OR counterfactual_price IS NOT NULL OR %(method)s = 'none')
      AND NOT EXISTS (SELECT FROM reporting_baseline b
                      WHERE b.item_id = c.item_id AND lower(b.counts_during) = %(effective)s::date
                        AND b.superseded_at IS NULL AND b.initiative_id <> %(initiative)s)
    RETURNING 1
)
SELECT (SELECT count(*) FROM inserted), (SELECT count(*) FROM new_price)
"""


@operation
def freeze_baselines(*, initiative: SavingInitiative, at: datetime, by: User) -> Frozen:
    """
    Freeze prices before, price after and volume for every item under the initiative's new agreement.

    PREV_CONTRACT is the price in the old agreement on its last day (or the day before the new one takes effect).
    HIST_AVG is Σ p·q / Σ q of the last twelve full months before the effective day, 4 decimals, and Q12 the
    quantity delivered in those months. INDEXED is the old agreement's price, and beside it what that would have become
    by the initiative's index. AVG_BID is the mean of at least three valid bids, BUDGET what the approved budget says
    (DOMAIN 2.2). Other packs, and items that one under the new agreement replaces, are converted before they are
    compared (DOMAIN 2.5); of several that one item replaces, the cheapest is its price before. Items that have no such
    price get no baseline, nor do those that another initiative has one for from the same day; by NONE all get one that
    counts nothing. Nothing that is counted changes until finance confirms.

    :raises NotPermitted: she is neither finance nor head of procurement.
    :raises AlreadyFrozen: it is done.
    :raises NotDecided: it is an idea or cancelled.
    :raises AgreementMissing: the method needs an agreement that is not named.
    :raises IndexMissing: the method needs an index that is not named.
    :raises IndexMonthMissing: a month of the index is not known.
    """
    initiative = _locked(initiative)
    require(permissions.can_freeze_baselines(by, at=at))
    if initiative.baselines.exists():
        raise AlreadyFrozen(initiative=initiative)
    return _freeze(initiative, by, at, version=1)


@operation
def revise_baselines(
    *, initiative: SavingInitiative, version: int | None, reason: str, at: datetime, by: User
) -> Frozen:
    """
    Freeze an initiative's baselines again, as its next version: what the registers say now, for a reason.

    A version that nobody has confirmed goes at once; a confirmed one is counted until finance confirms the new one, and
    stays with who confirmed it and when.

    :param version: the version that she was shown; None when she was shown none.
    :raises NotPermitted: she is neither finance nor head of procurement.
    :raises NotFrozenYet: there is nothing to make a new version of.
    :raises FrozenAgainSince: there is a later version than the one that she was shown.
    :raises InvalidInput: there is no reason.
    :raises NotDecided, AgreementMissing, IndexMissing, IndexMonthMissing: as when freezing.
    """
    initiative = _locked(initiative)
    require(permissions.can_freeze_baselines(by, at=at))
    reason_text = " ".join(cleaned(reason).split())[:LONGEST_REASON]
    if not reason_text:
        raise ReasonMissing
    latest = initiative.baselines.aggregate(latest=Max("version"))["latest"]
    if latest is None:
        raise NotFrozenYet(initiative=initiative)
    if version != latest:
        raise FrozenAgainSince(initiative=initiative)
    _supersede(initiative, at, are_confirmed=False)
    put_away_waiting([initiative], at=at)
    return _freeze(initiative, by, at, version=latest + 1, reason=reason_text)


def _locked(initiative: SavingInitiative) -> SavingInitiative:
    return (
        SavingInitiative.objects.select_for_update(of=("self",), no_key=True)
        .select_related("category", "index_series")
        .get(pk=initiative.pk)
    )


def _freeze(
    initiative: SavingInitiative, by: User, at: datetime, *, version: int, reason: str = ""
) -> Frozen:
    """Freeze every item that has a price to be compared with, in one statement."""
    if initiative.stage != InitiativeStage.DECIDED:
        raise NotDecided(initiative=initiative)
    method = BaselineMethod(initiative.method)
    if initiative.new_agreement_id is None or (
        method.needs_old_agreement and not initiative.old_agreement_id
    ):
        raise AgreementMissing(initiative=initiative)
    day = timezone.localdate(at)
    indexing = indexing_of(initiative, day=day) if method is BaselineMethod.INDEXED else Indexing()
    facts: dict[str, Any] = {
        "initiative": initiative.pk,
        "version": version,
        "reason": reason,
        "method": method.value,
        "nature": initiative.nature,
        "new": initiative.new_agreement_id,
        "old": initiative.old_agreement_id,
        "effective": initiative.effective_date,
        "months": MONTHS_NEW,
        "fewest_bids": FEWEST_BIDS,
        "index_rises_to": indexing.factor.numerator,
        "index_rises_from": indexing.factor.denominator,
        "index_evidence": json.dumps(indexing.evidence),
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(FREEZE_SQL, facts)
        count, items = cursor.fetchone()
    details: dict[str, Any] = {"method": method.value, "count": count, "without_baseline": items - count}
    if reason:
        details["reason"] = reason
    event = Event.BASELINES_FROZEN if version == 1 else Event.BASELINES_REVISED
    trail.record(event, subject=initiative, by=by, at=at, **details)
    tell_confirmers(initiative, count=count, reason=reason, by=by, at=at)
    return Frozen(version, count, items - count)


def _supersede(initiative: SavingInitiative, at: datetime, *, are_confirmed: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SUPERSEDE_SQL, {"initiative": initiative.pk, "at": at, "are_confirmed": are_confirmed})


@operation
def confirm_baselines(
    *, initiative: SavingInitiative, version: int | None, by: User, at: datetime
) -> SavingInitiative:
    """
    Confirm an initiative's frozen baselines, so that delivered lines are counted against them.

    An earlier baseline of the same item ends the day before, and an earlier version of the initiative's own counts no
    longer: the days that it had taken from others are theirs again. Lines that were counted against it in the meantime are
    corrected by new rows when the register is computed.

    :param version: the version that she was shown; None when she was shown none.
    :raises NotPermitted: she is not finance.
    :raises OwnCategorysSaving: she answers for a part of it herself.
    :raises NothingToConfirm: it is done, or nothing is frozen.
    :raises FrozenAgainSince: another version waits than the one that she was shown.
    """
    initiative = _locked(initiative)
    require(permissions.can_confirm_baselines(by, initiative, at=at))
    waiting = list(Baseline.objects.awaiting().filter(initiative=initiative))
    if not waiting:
        raise NothingToConfirm(initiative=initiative)
    if version != waiting[0].version:
        raise FrozenAgainSince(initiative=initiative)
    _confirm(initiative, by, at)
    trail.record(
        Event.BASELINES_CONFIRMED,
        subject=initiative,
        by=by,
        at=at,
        count=len(waiting),
        full_year_effect=str(sum((baseline.effect.reduction for baseline in waiting), ZERO)),
        avoidance=str(sum((baseline.effect.avoidance for baseline in waiting), ZERO)),
    )
    put_away_waiting([initiative], at=at)
    return initiative


def _confirm(initiative: SavingInitiative, by: User, at: datetime) -> None:
    """
    Give back the days that the version before had taken from others, take those of the new one, then confirm.

    One confirmation at a time.
    """
    facts: dict[str, Any] = {"initiative": initiative.pk, "by": by.pk, "at": at, "months": MONTHS_NEW}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('baseline confirmation'))")
        cursor.execute(SUPERSEDE_SQL, facts | {"are_confirmed": True})
        cursor.execute(GIVE_BACK_SQL, facts)
        cursor.execute(END_EARLIER_SQL, facts)
        cursor.execute(CONFIRM_SQL, facts)
