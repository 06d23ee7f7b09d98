"""After twelve months a price is not new: what it still gives is retained, apart from the year's effect."""

from datetime import date
from decimal import Decimal

from history.models import PurchaseHistoryLine
from reporting.effects import effects
from reporting.models import BaselineMethod, Component, EffectPart, Saving
from reporting.operations.baselines import confirm_baselines
from tests.cast import NOW, Cast
from tests.reporting import initiatives


def under_agreement(
    cast: Cast, day: date, quantity: str = "100", price: str = "58.00"
) -> PurchaseHistoryLine:
    return initiatives.delivered(cast, day, quantity, price, agreement=cast.agreement)


def test_what_comes_after_twelve_months_is_retained_and_not_new(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast)
    under_agreement(cast, date(2021, 8, 31))
    under_agreement(cast, date(2021, 9, 1))
    initiatives.computed()
    assert [(each.component, each.amount) for each in Saving.objects.order_by("delivered_date")] == [
        (Component.REDUCTION, Decimal("520.00")),
        (Component.RETAINED, Decimal("520.00")),
    ]
    result = effects(year=2021, through=date(2021, 12, 31))
    assert result.net.realised == Decimal("520.00")
    assert [(each.part, each.amounts.realised) for each in result.apart] == [
        (EffectPart.RETAINED, Decimal("520.00"))
    ]


def test_only_what_comes_under_the_initiatives_agreement_is_retained(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast)
    initiatives.delivered(cast, date(2021, 9, 1), "100", "58.00")
    initiatives.computed()
    assert not Saving.objects.exists()


def test_a_later_baseline_makes_new_of_what_was_retained(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiatives.confirmed(cast)
    under_agreement(cast, date(2021, 7, 1))
    under_agreement(cast, date(2021, 10, 1), price="50.00")
    initiatives.computed()
    assert Saving.objects.current().get(component=Component.RETAINED).amount == Decimal("1320.00")
    second = initiatives.initiative(cast, method=BaselineMethod.HIST_AVG, effective=date(2021, 9, 15))
    initiatives.frozen(cast, second)
    confirm_baselines(initiative=second, version=1, by=cast.controller, at=NOW)
    initiatives.computed()
    amount_by_component = {
        each.component: each.amount for each in Saving.objects.current().filter(delivered_date__month=10)
    }
    assert amount_by_component == {Component.RETAINED: 0, Component.REDUCTION: Decimal("800.00")}
    assert initiatives.computed().added_count == 0


def test_what_is_retained_is_under_the_agreement_that_was_frozen_whatever_the_register_says_since(
    cast: Cast,
) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.confirmed(cast)
    under_agreement(cast, date(2021, 9, 1))
    initiatives.computed()
    initiative.new_agreement = initiatives.old_agreement(cast)
    initiative.save()
    under_agreement(cast, date(2021, 9, 2))
    initiatives.computed()
    retained = Saving.objects.current().filter(component=Component.RETAINED)
    assert sorted(retained.values_list("amount", flat=True)) == [Decimal("520.00"), Decimal("520.00")]
