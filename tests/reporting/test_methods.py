"""The six ways of finding the price to compare with: DOMAIN's example A, from the registers to the savings page."""

from datetime import date
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.indexing import IndexMonthMissing
from agreements.models import IndexSeries, IndexValue
from catalog.models import Price
from reporting.effects import effects, realised
from reporting.indexed import IndexMissing
from reporting.models import (
    Baseline,
    BaselineMethod,
    ComparedPrice,
    ComparedPriceKind,
    Component,
    EffectPart,
    InitiativeStage,
    Saving,
    SavingInitiative,
    SavingNature,
)
from reporting.operations import baselines
from tests.cast import NOW, Cast
from tests.pages import signed_in
from tests.reporting import initiatives

THROUGH = date(2020, 12, 31)


def example_a(cast: Cast, method: BaselineMethod) -> SavingInitiative:
    """The gloves, with whatever the method needs; 5 200 boxes a year, 58.00 from September 2020."""
    initiatives.example_deliveries(cast)
    initiative = initiatives.initiative(cast, method=method)
    if method.needs_old_agreement and initiative.old_agreement is None:
        initiative.old_agreement = initiatives.old_agreement(cast)
    if method is BaselineMethod.INDEXED:
        initiative.index_series = index()
        initiative.index_from, initiative.index_to = date(2019, 8, 1), date(2020, 8, 1)
    initiative.save()
    for bidder, price, is_low in [
        ("Alfa", "58", False),
        ("Beta", "63", False),
        ("Gamma", "66", False),
        ("Delta", "69", False),
        ("Billig", "20", True),
    ]:
        compared(cast, initiative, bidder, price, is_low=is_low)
    compared(cast, initiative, "Budget 2020, § 12", "65", kind=ComparedPriceKind.BUDGET)
    return initiative


def index(*, code: str = "PPI") -> IndexSeries:
    series = IndexSeries.objects.create(code=code, name="Producentprisindex", source="SCB", base="2015 = 100")
    for month, value in [(date(2019, 8, 1), "112.0"), (date(2020, 8, 1), "118.3")]:
        published = month.replace(month=month.month + 1)
        IndexValue.objects.create(series=series, month=month, value=value, published_date=published)
    return series


def compared(
    cast: Cast,
    made: SavingInitiative,
    source: str,
    price: str,
    *,
    kind: ComparedPriceKind = ComparedPriceKind.BID,
    is_low: bool = False,
) -> None:
    ComparedPrice.objects.create(
        initiative=made,
        item=cast.gloves,
        kind=kind,
        source=source,
        unit_price=Decimal(price),
        is_abnormally_low=is_low,
    )


def freeze(cast: Cast, made: SavingInitiative) -> baselines.Frozen:
    return baselines.freeze_baselines(initiative=made, at=NOW, by=cast.head)


def confirm(cast: Cast, made: SavingInitiative) -> None:
    waiting = Baseline.objects.awaiting().filter(initiative=made)[0]
    baselines.confirm_baselines(initiative=made, version=waiting.version, by=cast.controller, at=NOW)


@pytest.mark.parametrize(
    ("method", "reduction", "avoidance"),
    [
        (BaselineMethod.PREV_CONTRACT, "15600.00", "0.00"),
        (BaselineMethod.HIST_AVG, "27040.00", "0.00"),
        (BaselineMethod.INDEXED, "15600.00", "17842.50"),
        (BaselineMethod.AVG_BID, "0.00", "31200.00"),
        (BaselineMethod.BUDGET, "36400.00", "0.00"),
        (BaselineMethod.NONE, "0.00", "0.00"),
    ],
)
def test_same_deal_gives_different_numbers_by_method(
    cast: Cast, method: BaselineMethod, reduction: str, avoidance: str
) -> None:
    initiative = example_a(cast, method)
    freeze(cast, initiative)
    confirm(cast, initiative)
    initiatives.delivered(cast, date(2020, 9, 1), "5200", "58.00")
    initiatives.computed()
    effect = initiative.baselines.get(item=cast.gloves).effect
    assert (effect.reduction, effect.avoidance) == (Decimal(reduction), Decimal(avoidance))
    assert effect.total == Decimal(reduction) + Decimal(avoidance)
    amount_by_component = {row.component: row.amount for row in Saving.objects.current()}
    assert amount_by_component.get(Component.REDUCTION, 0) == Decimal(reduction)
    assert amount_by_component.get(Component.AVOIDANCE, 0) == Decimal(avoidance)
    result = effects(year=2020, through=THROUGH)
    assert result.net.realised == Decimal(reduction)
    assert {part.part: part.amounts.realised for part in result.apart} == (
        {EffectPart.AVOIDED: Decimal(avoidance)} if Decimal(avoidance) else {}
    )
    assert realised(starts=date(2020, 1, 1), ends=THROUGH).amount == Decimal(reduction)


def test_a_dearer_price_is_an_increase_and_what_was_avoided_does_not_hide_it(cast: Cast) -> None:
    Price.objects.filter(item=cast.gloves).update(unit_price=Decimal(63))
    initiative = example_a(cast, BaselineMethod.INDEXED)
    freeze(cast, initiative)
    confirm(cast, initiative)
    effect = initiative.baselines.get().effect
    assert (effect.reduction, effect.avoidance) == (Decimal("-10400.00"), Decimal("17842.50"))
    result = effects(year=2020, through=THROUGH)
    assert result.total_increase.full_year == Decimal("-10400.00")
    assert result.total_decrease.full_year == 0
    assert [part.amounts.full_year for part in result.apart] == [Decimal("17842.50")]


def test_parts_of_a_line_add_up_to_its_whole(cast: Cast) -> None:
    initiative = example_a(cast, BaselineMethod.INDEXED)
    freeze(cast, initiative)
    confirm(cast, initiative)
    initiatives.delivered(cast, date(2020, 10, 1), "333", "60.1234")
    initiatives.computed()
    rows = {row.component: row for row in Saving.objects.all()}
    reduction, avoidance = rows[Component.REDUCTION], rows[Component.AVOIDANCE]
    assert reduction.compared_prices == (Decimal("61.0000"), Decimal("60.1234"))
    assert avoidance.compared_prices == (Decimal("64.43125"), Decimal("61.0000"))
    whole = (Decimal("64.43125") - Decimal("60.1234")) * 333
    assert abs(reduction.amount + avoidance.amount - whole) <= Decimal("0.01")


def test_indexed_follows_a_share_and_a_change_of_base(cast: Cast) -> None:
    initiative = example_a(cast, BaselineMethod.INDEXED)
    old = initiative.index_series
    assert old is not None
    new = IndexSeries.objects.create(
        code="PPI20",
        name="PPI",
        source="SCB",
        base="2020 = 100",
        continues=old,
        link_month=date(2020, 8, 1),
    )
    for month, value in [(date(2020, 8, 1), "100"), (date(2020, 9, 1), "110")]:
        IndexValue.objects.create(series=new, month=month, value=value, published_date=date(2020, 10, 15))
    initiative.index_to, initiative.index_share_percent = date(2020, 9, 1), Decimal(50)
    initiative.save()
    freeze(cast, initiative)
    # 61 × (½ + ½ × (110 × 118.3 ÷ 100) ÷ 112.0)
    assert initiative.baselines.get().counterfactual_price == Decimal("65.93718750")
    assert initiative.baselines.get().evidence["index_links"] == "PPI20 2020-08: 118.3000 ÷ 100.0000"


def test_indexed_needs_an_index_with_both_months_known(cast: Cast) -> None:
    initiative = example_a(cast, BaselineMethod.INDEXED)
    initiative.index_to = date(2020, 7, 1)
    initiative.save()
    with pytest.raises(IndexMonthMissing):
        freeze(cast, initiative)
    initiative.index_series = initiative.index_from = initiative.index_to = None
    initiative.save()
    with pytest.raises(IndexMissing):
        freeze(cast, initiative)


def test_two_bids_are_no_mean(cast: Cast) -> None:
    initiative = example_a(cast, BaselineMethod.AVG_BID)
    ComparedPrice.objects.filter(source__in=["Alfa", "Beta"]).delete()
    assert freeze(cast, initiative).count == 0


def test_bids_stand_beside_the_baseline_and_a_low_one_is_not_among_them(cast: Cast) -> None:
    initiative = example_a(cast, BaselineMethod.AVG_BID)
    freeze(cast, initiative)
    baseline = initiative.baselines.get()
    assert baseline.evidence["bids"] == ["58.0000", "63.0000", "66.0000", "69.0000"]
    assert (baseline.unit_price, baseline.counterfactual_price) == (None, Decimal(64))


def test_without_a_baseline_nothing_is_counted_and_an_earlier_one_goes_on(cast: Cast) -> None:
    first = example_a(cast, BaselineMethod.HIST_AVG)
    freeze(cast, first)
    confirm(cast, first)
    later = initiatives.initiative(cast, method=BaselineMethod.NONE, effective=date(2020, 12, 1))
    freeze(cast, later)
    confirm(cast, later)
    initiatives.delivered(cast, date(2020, 12, 15), "10", "58.00")
    initiatives.computed()
    assert first.baselines.get().counts_during == DateRange(date(2020, 9, 1), date(2021, 9, 1))
    assert Saving.objects.get().baseline.initiative == first


@pytest.mark.parametrize("nature", [SavingNature.ONE_OFF, SavingNature.CRISIS])
def test_what_comes_once_and_crisis_prices_stand_apart(cast: Cast, nature: SavingNature) -> None:
    initiative = example_a(cast, BaselineMethod.BUDGET)
    SavingInitiative.objects.update(nature=nature)
    freeze(cast, initiative)
    confirm(cast, initiative)
    initiatives.delivered(cast, date(2020, 9, 1), "100", "58.00")
    initiatives.computed()
    SavingInitiative.objects.update(nature=SavingNature.RECURRING)
    result = effects(year=2020, through=THROUGH)
    assert not result.rows
    assert [(each.part, each.amounts.realised) for each in result.apart] == [
        (EffectPart(nature.value), Decimal("700.00"))
    ]


def test_ideas_are_not_frozen(cast: Cast) -> None:
    initiative = example_a(cast, BaselineMethod.HIST_AVG)
    SavingInitiative.objects.update(stage=InitiativeStage.ANALYSIS)
    with pytest.raises(baselines.NotDecided):
        freeze(cast, initiative)


def test_pages_tell_the_parts_apart(cast: Cast) -> None:
    saving_initiative = example_a(cast, BaselineMethod.INDEXED)
    freeze(cast, saving_initiative)
    confirm(cast, saving_initiative)
    initiatives.delivered(cast, date(2020, 9, 1), "5200", "58.00")
    initiatives.computed()
    client = signed_in(cast.controller)
    page = client.get("/besparingar/?ar=2020").content.decode()
    assert "Redovisas för sig" in page
    assert "Undvikna höjningar" in page
    lines = client.get("/besparingar/rader/?ar=2020&del=avoided").content.decode()
    assert "17\xa0842,50" in lines
    assert "15\xa0600,00" not in lines
    assert "15\xa0600,00" in client.get("/besparingar/rader/?ar=2020").content.decode()
    initiative = client.get(saving_initiative.get_absolute_url()).content.decode()
    assert "64,4313" in initiative
    assert "PPI 112,00 (2019-08) till 118,30 (2020-08)" in initiative
    assert client.get("/besparingar/rader/?ar=2020&del=x").status_code == 404
