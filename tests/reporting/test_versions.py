"""A baseline is never edited: what was wrong is frozen again as the next version, and the register follows."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from audit.models import Entry
from catalog.models import Price
from core.errors import NotPermitted
from office.rules import breaches
from registers.operations.rows import change_row
from registers.register import REGISTERS
from reporting.effects import awaiting_confirmation, effects
from reporting.models import (
    Baseline,
    BaselineMethod,
    Component,
    Saving,
    SavingInitiative,
    UncountedMonth,
)
from reporting.operations import baselines
from reporting.report.names import names_on
from reporting.report.snapshot import _initiatives, _unconfirmed
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of
from tests.races import race
from tests.reporting import initiatives
from tests.reporting.test_methods import compared, confirm, example_a, freeze

LATER = NOW + timedelta(days=1)


def revise(
    cast: Cast, made: SavingInitiative, reason: str = "Fel pris i det gamla avtalet", *, version: int = 1
) -> None:
    baselines.revise_baselines(initiative=made, version=version, reason=reason, at=LATER, by=cast.head)


def wrong_price(cast: Cast) -> SavingInitiative:
    """Gloves compared with 61.00 in the old agreement, confirmed and counted; it should have said 60.00."""
    initiatives.example_deliveries(cast)
    initiative = initiatives.confirmed(cast, method=BaselineMethod.PREV_CONTRACT)
    initiatives.delivered(cast, date(2020, 9, 15), "100", "58.00")
    initiatives.computed()
    assert Saving.objects.get().amount == Decimal("300.00")
    Price.objects.filter(agreement=initiative.old_agreement).update(unit_price=Decimal(60))
    return initiative


def test_new_version_counts_when_it_is_confirmed_and_not_before(cast: Cast) -> None:
    initiative = wrong_price(cast)
    revise(cast, initiative)
    initiatives.computed()
    first, second = initiative.baselines.order_by("version")
    assert (first.is_counted, second.is_counted, second.reason) == (
        True,
        False,
        "Fel pris i det gamla avtalet",
    )
    assert Saving.objects.get().baseline == first
    confirm(cast, initiative)
    initiatives.computed()
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_counted, second.is_counted) == (False, True)
    assert (first.confirmed_by, first.unit_price) == (cast.controller, Decimal(61))
    corrected = Saving.objects.current().get()
    assert (corrected.amount, corrected.calculation_version, corrected.baseline) == (
        Decimal("200.00"),
        2,
        second,
    )
    assert Saving.objects.count() == 2
    events = list(Entry.objects.about(initiative).values_list("event", flat=True))
    assert events.count("baselines.revised") == 1


def test_rules_hold_between_the_confirmation_and_the_next_run(cast: Cast) -> None:
    initiative = wrong_price(cast)
    revise(cast, initiative)
    assert breaches(LATER) == []
    confirm(cast, initiative)
    assert breaches(LATER) == [], "what waits to be corrected is no breach"
    initiatives.computed()
    assert breaches(LATER) == []
    assert not UncountedMonth.objects.exists()


def test_computing_again_changes_nothing(cast: Cast) -> None:
    initiative = wrong_price(cast)
    revise(cast, initiative)
    confirm(cast, initiative)
    initiatives.computed()
    before = list(Saving.objects.order_by("pk").values())
    assert initiatives.computed().added_count == 0
    assert list(Saving.objects.order_by("pk").values()) == before


def test_component_that_the_new_version_has_no_price_for_is_withdrawn(cast: Cast) -> None:
    initiative = example_a(cast, BaselineMethod.INDEXED)
    freeze(cast, initiative)
    confirm(cast, initiative)
    initiatives.delivered(cast, date(2020, 9, 15), "100", "58.00")
    initiatives.computed()
    SavingInitiative.objects.update(method=BaselineMethod.PREV_CONTRACT)
    revise(cast, initiative, "Indexet var inte överenskommet")
    confirm(cast, initiative)
    initiatives.computed()
    amount_by_component = {row.component: row.amount for row in Saving.objects.current()}
    assert amount_by_component == {Component.REDUCTION: Decimal("300.00"), Component.AVOIDANCE: 0}


def test_version_that_nobody_confirmed_goes_at_once(cast: Cast) -> None:
    initiative = example_a(cast, BaselineMethod.AVG_BID)
    freeze(cast, initiative)
    compared(cast, initiative, "Epsilon", "74")
    revise(cast, initiative, "Ett anbud saknades")
    first, second = initiative.baselines.order_by("version")
    assert first.superseded_at == LATER
    assert (second.counterfactual_price, list(initiative.baselines.awaiting())) == (Decimal(66), [second])
    confirm(cast, initiative)
    first.refresh_from_db()
    assert first.confirmed_at is None


def test_new_version_says_why(cast: Cast) -> None:
    initiative = wrong_price(cast)
    with pytest.raises(baselines.ReasonMissing):
        revise(cast, initiative, " \n ")
    assert initiative.baselines.count() == 1


def test_nothing_frozen_has_no_next_version(cast: Cast) -> None:
    with pytest.raises(baselines.NotFrozenYet):
        revise(cast, initiatives.initiative(cast))


@pytest.mark.parametrize("who", ["requester", "manager", "deputy", "auditor", "administrator"])
def test_new_version_is_for_finance_and_head(cast: Cast, who: str) -> None:
    initiative = wrong_price(cast)
    with pytest.raises(NotPermitted):
        baselines.revise_baselines(
            initiative=initiative, version=1, reason="x", at=LATER, by=getattr(cast, who)
        )
    assert initiative.baselines.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_freeze_again_at_once_make_one_version(cast: Cast) -> None:
    initiative = wrong_price(cast)
    results = race(lambda: revise(cast, initiative, "Den ena"), lambda: revise(cast, initiative, "Den andra"))
    assert [type(each) for each in results if isinstance(each, Exception)] == [baselines.FrozenAgainSince]
    assert sorted(initiative.baselines.values_list("version", flat=True)) == [1, 2]
    assert Baseline.objects.awaiting().get().version == 2
    assert Baseline.objects.counted().get().version == 1


def test_page_freezes_again_and_shows_both_versions(cast: Cast) -> None:
    initiative = wrong_price(cast)
    client = signed_in(cast.head)
    address = f"{initiative.get_absolute_url()}frys-om/"
    assert 'name="version" value="1"' in client.get(address).content.decode()
    assert client.post(address, {"version": "1", "reason": ""}).status_code == 422
    assert client.post(address, {"version": "1", "reason": "Fel pris"}).status_code == 302
    again = client.post(address, {"version": "1", "reason": "Fel pris"}, follow=True)
    assert "har frysts om sedan du läste dem" in again.content.decode()
    assert initiative.baselines.count() == 2
    page = client.get(initiative.get_absolute_url()).content.decode()
    assert "Väntar på bekräftelse" in page
    assert "Den förra versionen räknas" in page
    assert "60,00" in page
    earlier = client.get(initiative.get_absolute_url() + "?version=1").content.decode()
    assert "Tidigare version" in earlier
    assert "61,00" in earlier
    assert client.get(initiative.get_absolute_url() + "?version=9").status_code == 404


def test_nobody_confirms_a_version_that_she_was_not_shown(cast: Cast) -> None:
    initiative = wrong_price(cast)
    revise(cast, initiative)
    lars = signed_in(cast.controller)
    address = f"{initiative.get_absolute_url()}bekrafta/"
    assert 'name="version" value="2"' in lars.get(address).content.decode()
    revise(cast, initiative, "En gång till", version=2)
    response = lars.post(address, {"version": "2"}, follow=True)
    assert "har frysts om sedan du läste dem" in response.content.decode()
    assert Baseline.objects.counted().get().version == 1
    assert lars.post(address).status_code == 302
    assert Baseline.objects.counted().get().version == 1
    assert lars.post(address, {"version": "3"}).status_code == 302
    assert Baseline.objects.counted().get().version == 3


def test_what_the_register_says_since_is_not_how_they_were_frozen(cast: Cast) -> None:
    """Waiting and confirmed, baselines are told by their own method and day; the register's are those of the next version."""
    initiatives.example_deliveries(cast)
    this = initiatives.initiative(cast)
    baselines.freeze_baselines(initiative=this, at=NOW, by=cast.head)

    def changed() -> None:
        cells = {"method": "none", "effective_date": "2020-10-01"}
        change_row(register=REGISTERS["initiatives"], row_id=this.pk, cells=cells, by=cast.controller, at=NOW)

    changed()
    finance = signed_in(cast.controller)
    for page in (f"/baslinjer/{this.pk}/", f"/baslinjer/{this.pk}/bekrafta/", "/baslinjer/"):
        text = text_of(finance.get(page))
        assert str(BaselineMethod.HIST_AVG.label) in text
        assert str(BaselineMethod.NONE.label) not in text
    baselines.confirm_baselines(initiative=this, version=1, by=cast.controller, at=NOW)
    (effect,) = effects(year=2020, through=date(2020, 12, 31)).rows
    assert (effect.method, effect.initiative.begins) == (BaselineMethod.HIST_AVG, date(2020, 9, 1))
    (row,) = _initiatives(effects(year=2020, through=date(2020, 12, 31)), names_on(date(2020, 12, 31)))
    assert (row["method"], row["effective"]) == ("hist_avg", "2020-09-01")
    assert "1 september 2020" in text_of(finance.get(f"/baslinjer/{this.pk}/"))


def test_a_new_version_that_waits_is_not_said_to_be_left_out_of_what_counts_already(cast: Cast) -> None:
    initiative = wrong_price(cast)
    revise(cast, initiative)
    waiting = awaiting_confirmation()
    assert (waiting.initiatives, waiting.new) == (1, 0)
    assert waiting.amount == 0
    page = text_of(signed_in(cast.controller).get("/besparingar/?ar=2020"))
    assert "Ett initiativ väntar på att du bekräftar baslinjen." in page
    assert "Till dess räknas den version som är bekräftad." in page
    assert "inte medräknade nedan" not in page
    assert _unconfirmed(date(2021, 12, 31))["count"] == 0
