"""What a change of a register moves is said before it is made."""

import pytest

from office.registers import category_previews, previews
from organizations.models import AccountingCode, Role
from registers.register import Proposal
from tests.cast import NOW, Cast, membership
from tests.changes import close_account
from tests.pages import signed_in, text_of
from tests.worlds import ordered, submitted


def proposal(cast: Cast, row_id: int | None, before: dict[str, str], **changed: str) -> Proposal:
    return Proposal(row_id, before, before | changed, cast.administrator, NOW)


def test_a_handover_names_lines_and_agreements(cast: Cast) -> None:
    submitted(cast, (cast.gloves, 1), (cast.gown, 1))
    before = {"category": "10", "manager": cast.manager.email}
    assert category_previews.of_post(proposal(cast, 1, before, manager=cast.deputy.email)) == [
        "2 rader som väntar flyttas till den som ansvarar då.",
        "1 avtal byter ansvarig.",
    ]
    assert category_previews.of_post(proposal(cast, 1, before, deputy=cast.deputy.email)) == []


def test_a_leaver_names_all_that_she_holds(cast: Cast) -> None:
    submitted(cast, (cast.gloves, 1))
    sentences = previews.of_person(proposal(cast, cast.manager.pk, {"is_active": "true"}, is_active="false"))
    assert sentences == [
        "1 kategori går till ersättaren, eller till den som ansvarar ovanför.",
        "1 rad flyttas till den som ansvarar då.",
    ]
    assert previews.of_person(proposal(cast, cast.manager.pk, {"is_active": "true"}, title="Chef")) == []


def test_the_last_administrator_is_named_as_such(cast: Cast) -> None:
    change = proposal(cast, cast.administrator.pk, {"is_active": "true"}, is_active="false")
    assert previews.of_person(change) == ["Ingen annan är systemadministratör.", "1 roll upphör."]
    page = signed_in(cast.head).get(f"/personer/{cast.administrator.pk}/avsluta/")
    assert "Ingen annan är systemadministratör." in text_of(page)
    membership(cast.controller, Role.ADMINISTRATOR)
    assert previews.of_person(change) == ["1 roll upphör."]


def test_an_account_that_is_opened_again_says_what_it_lacks(cast: Cast) -> None:
    close_account(user=cast.requester, by=cast.administrator)
    change = proposal(cast, cast.requester.pk, {"is_active": "false"}, is_active="true")
    assert previews.of_person(change) == ["Kontot öppnas utan de roller och det lösenord som det hade."]
    assert not previews.of_person(proposal(cast, cast.requester.pk, {"is_active": "false"}, title="Chef"))


def test_a_closed_konto_names_what_is_booked_on_it(cast: Cast) -> None:
    submitted(cast, (cast.gloves, 1))
    code = AccountingCode.objects.get(pk=cast.account.pk)
    sentences = previews.of_code(proposal(cast, code.pk, {"closed_date": ""}, closed_date="2021-06-01"))
    assert sentences == ["1 rad som väntar behöver en annan kod.", "4 kategorier behöver ett annat konto."]


def test_a_closed_place_names_what_is_to_come_there(cast: Cast) -> None:
    ordered(cast, (cast.gloves, 1))
    submitted(cast, (cast.gloves, 1), (cast.gown, 1))
    sentences = previews.of_place(
        proposal(cast, cast.place.pk, {"closed_date": ""}, closed_date="2021-06-01")
    )
    assert sentences == [
        "2 rader som inte är beställda än behöver en annan leveransplats.",
        "1 rad är redan beställd dit. Hör av dig till leverantören.",
    ]
    assert not previews.of_place(proposal(cast, cast.place.pk, {"city": "Visby"}, city="Slite"))


@pytest.mark.parametrize(
    ("changed", "first"),
    [
        ({"closed_date": "2021-05-18"}, "3 personer kan inte beställa för enheten längre."),
        ({"administration": "XX"}, "1 rad som väntar kan få en annan attestant."),
        ({"name": "Medicin"}, ""),
    ],
)
def test_a_department_names_whom_it_concerns(cast: Cast, changed: dict[str, str], first: str) -> None:
    submitted(cast, (cast.gloves, 1))
    before = {"closed_date": "", "administration": "HSF", "name": cast.ward.name}
    sentences = previews.of_department(proposal(cast, cast.ward.pk, before, **changed))
    assert (sentences[0] if sentences else "") == first
