"""Finance is told that baselines wait, and never whoever answers for the category; what waits no longer is put away."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from audit.models import Entry
from notices.models import Notice
from organizations.models import Role, User
from procurement.operations.morning_notices import tell_morning
from registers.operations.rows import change_row
from registers.register import REGISTERS
from reporting.models import SavingInitiative
from reporting.operations.baselines import NothingToConfirm, confirm_baselines, revise_baselines
from reporting.permissions import can_confirm_baselines, confirmers_of, to_confirm
from tests.api.clients import Program
from tests.cast import NOW, Cast, delegation, membership, person
from tests.notices.letters import mailed
from tests.pages import signed_in, text_of
from tests.reporting import initiatives

LATER = NOW + timedelta(hours=1)


def waiting(cast: Cast) -> SavingInitiative:
    initiatives.example_deliveries(cast)
    return initiatives.frozen(cast, initiatives.initiative(cast))


def told() -> dict[str, bool]:
    """To whom it was told that baselines wait, and whether it is read."""
    notices = Notice.objects.filter(kind="baselines_waiting").order_by("pk")
    return {
        each.recipient.first_name: each.read_at is not None for each in notices.select_related("recipient")
    }


def everybody(cast: Cast) -> None:
    """Finance people of every sort: one more, and those who answer for the gloves in each way."""
    membership(person("nils.ekonom", "Nils", "Ekonom"), Role.CONTROLLER)
    for each in (cast.manager, cast.deputy):
        membership(each, Role.CONTROLLER)
    acting = person("disa.delegat", "Disa", "Delegat")
    membership(acting, Role.CONTROLLER)
    delegation(cast.manager, acting)
    ex_controller = person("gun.slutat", "Gun", "Slutat")
    membership(ex_controller, Role.CONTROLLER)
    User.objects.filter(pk=ex_controller.pk).update(is_active=False)


def test_finance_is_told_and_never_who_answers_for_the_category(cast: Cast) -> None:
    everybody(cast)
    initiative = waiting(cast)
    assert told() == {"Lars": False, "Nils": False}
    notice = Notice.objects.filter(kind="baselines_waiting").first()
    assert notice is not None
    assert notice.address == initiative.get_absolute_url()
    page = text_of(signed_in(cast.controller).get("/notiser/"))
    assert "Baslinjerna för Handskar, nytt avtal väntar på dig" in page
    assert "Helena Stenmark har fryst en baslinje. Den räknas först när en ekonom har bekräftat den." in page


def test_those_told_are_those_who_may(cast: Cast) -> None:
    everybody(cast)
    initiative = waiting(cast)
    people = User.objects.filter(is_active=True)
    may = {each.pk for each in people if can_confirm_baselines(each, initiative, at=NOW)}
    assert set(confirmers_of(initiative, at=NOW).values_list("pk", flat=True)) == may
    assert {each.pk for each in people if initiative in to_confirm(each, at=NOW)} == may
    assert len(may) == 2


def test_who_freezes_herself_is_not_told(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.initiative(cast)
    Program(cast.controller).post(f"initiatives/{initiative.pk}/freeze/")
    assert told() == {}


def test_a_new_version_is_told_anew_with_its_reason(cast: Cast) -> None:
    initiative = waiting(cast)
    revise_baselines(initiative=initiative, version=1, reason="Fel pris.", at=LATER, by=cast.head)
    notices = Notice.objects.filter(kind="baselines_waiting").order_by("pk")
    assert [each.read_at is not None for each in notices] == [True, False]
    page = text_of(signed_in(cast.controller).get("/notiser/"))
    assert "Helena Stenmark har fryst om en baslinje: Fel pris. Den räknas först" in page


def test_it_comes_in_the_mornings_letter(cast: Cast) -> None:
    waiting(cast)
    assert mailed(NOW) == []
    morning = NOW.replace(hour=7, minute=30) + timedelta(days=1)
    assert tell_morning(at=morning)
    (letter,) = [each for each in mailed(morning) if each.to == [cast.controller.email]]
    assert letter.subject == "Baslinjerna för Handskar, nytt avtal väntar på dig"


def confirmed(cast: Cast, made: SavingInitiative) -> None:
    confirm_baselines(initiative=made, version=1, by=cast.controller, at=LATER)


def cancelled(cast: Cast, made: SavingInitiative) -> None:
    change_row(
        register=REGISTERS["initiatives"],
        row_id=made.pk,
        cells={"stage": "cancelled"},
        by=cast.controller,
        at=LATER,
    )


@pytest.mark.parametrize("act", [confirmed, cancelled])
def test_what_waits_no_longer_is_put_away(cast: Cast, act: Callable[[Cast, SavingInitiative], None]) -> None:
    membership(person("nils.ekonom", "Nils", "Ekonom"), Role.CONTROLLER)
    initiative = waiting(cast)
    act(cast, initiative)
    assert told() == {"Lars": True, "Nils": True}
    assert not to_confirm(cast.controller, at=LATER).exists()


def test_baselines_of_a_cancelled_initiative_are_withdrawn(cast: Cast) -> None:
    initiative = waiting(cast)
    cancelled(cast, initiative)
    with pytest.raises(NothingToConfirm):
        confirm_baselines(initiative=initiative, version=1, by=cast.controller, at=LATER)
    entry = Entry.objects.get(event="baselines.withdrawn")
    assert (entry.subject_id, entry.by_name) == (initiative.pk, "Lars Wedin")
    page = text_of(signed_in(cast.controller).get(initiative.get_absolute_url()))
    assert "Återtagen" in page
    assert "Väntar på bekräftelse" not in page
    change_row(
        register=REGISTERS["initiatives"],
        row_id=initiative.pk,
        cells={"stage": "decided"},
        by=cast.controller,
        at=LATER,
    )
    revise_baselines(initiative=initiative, version=1, reason="Beslutat igen", at=LATER, by=cast.head)
    assert initiative in to_confirm(cast.controller, at=LATER)


def test_confirmed_baselines_stay_when_an_initiative_is_cancelled(cast: Cast) -> None:
    initiatives.example_deliveries(cast)
    initiative = initiatives.confirmed(cast)
    cancelled(cast, initiative)
    assert initiative.baselines.get().is_counted
    assert not Entry.objects.filter(event="baselines.withdrawn").exists()


@pytest.mark.usefixtures("at_nine")
def test_today_has_a_row_for_who_may_confirm(cast: Cast) -> None:
    waiting(cast)
    page = text_of(signed_in(cast.controller).get("/i-dag/"))
    assert "initiativ att bekräfta" in page
    savings = signed_in(cast.controller).get("/besparingar/").content.decode()
    assert 'href="/i-dag/"' in savings
    membership(cast.manager, Role.CONTROLLER)
    assert "initiativ att bekräfta" not in text_of(signed_in(cast.manager).get("/i-dag/"))
    assert "initiativ att bekräfta" not in text_of(signed_in(cast.head).get("/i-dag/"))
