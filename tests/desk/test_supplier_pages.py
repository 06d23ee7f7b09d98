"""The pages of suppliers that are proposed with needs: the head's task, the examination, and the line of whoever decides."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements.models import Supplier
from organizations.models import User
from procurement.models import Check, SupplierExamination, SupplierProposal
from tests.cast import Cast
from tests.pages import signed_in, text_of
from tests.procurement.proposing import ORDERS, SAID, accept, proposal, proposal_of, proposed, refuse

pytestmark = pytest.mark.usefixtures("at_nine")

LIST = "/leverantorsprovningar/"
YES = {each.value: "yes" for each in Check}


def page_of(made: SupplierProposal) -> str:
    return reverse("desk:supplier_proposal", args=[made.pk])


def text_to(user: User, address: str) -> str:
    return text_of(signed_in(user).get(address))


def test_what_waits_is_a_task_of_the_head_alone(cast: Cast) -> None:
    proposal(cast)
    assert "ny leverantör att pröva" in text_to(cast.head, reverse("desk:today"))
    assert "ny leverantör att pröva" not in text_to(cast.manager, reverse("desk:today"))


def test_what_is_examined_is_no_task(cast: Cast) -> None:
    refuse(proposal(cast), by=cast.head)
    assert "ny leverantör att pröva" not in text_to(cast.head, reverse("desk:today"))


def test_the_line_says_what_is_proposed_by_whom_and_that_it_waits(cast: Cast) -> None:
    line = proposed(cast, replace(SAID, has_interest=True))
    for address in (reverse("desk:line", args=[line.pk]), f"{reverse('desk:queue')}?rad={line.pk}"):
        text = text_to(cast.deputy, address)
        assert f"Föreslår {SAID.name}, 550000-9005" in text
        assert "Inte prövad än" in text
        assert f"{cast.requester.full_name} uppger jäv" in text
        assert SAID.reason in text


def test_an_accepted_supplier_is_chosen_already_when_the_line_is_decided(cast: Cast) -> None:
    line = proposed(cast)
    accept(proposal_of(line), by=cast.head)
    page = signed_in(cast.deputy).get(reverse("desk:line", args=[line.pk]))
    assert "Prövad och godkänd" in text_of(page)
    supplier = Supplier.objects.get(org_number="550000-9005")
    assert f'<option value="{supplier.pk}" selected>' in page.content.decode()


def test_a_supplier_that_the_register_has_is_chosen_already(cast: Cast) -> None:
    line = proposed(cast, replace(SAID, name=cast.paper_supplier.name))
    page = signed_in(cast.deputy).get(reverse("desk:line", args=[line.pk]))
    assert "Finns i registret" in text_of(page)
    assert f'<option value="{cast.paper_supplier.pk}" selected>' in page.content.decode()


def test_the_head_examines_on_the_page(cast: Cast) -> None:
    supplier_proposal = proposal(cast)
    client = signed_in(cast.head)
    assert f'value="{ORDERS}"' in client.get(page_of(supplier_proposal)).content.decode()
    form = {
        **YES,
        "tax": "not_applicable",
        "tax_note": "Ideell förening",
        "outcome": "accepted",
        "order_email": ORDERS,
    }
    text = text_of(client.post(page_of(supplier_proposal), form, follow=True))
    assert "Prövningen är sparad." in text
    assert "Prövad och godkänd" in text
    assert "Ideell förening" in text
    assert "Spara prövningen" not in text


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "Välj ja, nej eller gäller inte"),
        ({**YES, "reason": "Skälet står kvar"}, "Välj om leverantören godkänns"),
        ({**YES, "outcome": "accepted", "order_email": ""}, "Skriv den e-postadress"),
        ({**YES, "outcome": "refused"}, "Skriv varför leverantören inte godkänns."),
        ({**YES, "conduct": "no", "conduct_note": "Vill inte", "outcome": "accepted", "order_email": ORDERS}, "svaret är nej på"),
        ({**YES, "conduct": "no", "outcome": "refused", "reason": "x"}, "Förklara svaret på ”Godtar uppförandekoden"),
    ],
)  # fmt: skip
def test_a_form_that_is_refused_keeps_what_was_written(
    cast: Cast, form: dict[str, str], sentence: str
) -> None:
    supplier_proposal = proposal(cast)
    page = signed_in(cast.head).post(page_of(supplier_proposal), form)
    assert page.status_code in (409, 422)
    assert sentence in text_of(page)
    content = page.content.decode()
    assert all(
        f'value="{form[name]}"' in content for name in ("conduct_note", "order_email") if form.get(name)
    )
    assert form.get("reason", "") in content
    assert content.count("checked") == len([name for name in form if name in YES or name == "outcome"])
    assert not SupplierExamination.objects.exists()


def test_who_may_not_examine_reads_why(cast: Cast) -> None:
    supplier_proposal = proposal(cast)
    for user in (cast.requester, cast.deputy, cast.auditor):
        text = text_to(user, page_of(supplier_proposal))
        assert "Bara inköpschefen prövar" in text
        assert "Spara prövningen" not in text
    assert signed_in(cast.stranger).get(page_of(supplier_proposal)).status_code == 404


def test_the_list_tells_what_waits_and_how_others_ended(cast: Cast) -> None:
    accept(proposal(cast), by=cast.head)
    proposal(cast, replace(SAID, name="Kalk AB", org_number="DE811907980", has_interest=True))
    text = text_to(cast.head, LIST)
    waiting, examined = text.split("Vilka är prövade?")
    assert "Kalk AB" in waiting
    assert "uppger jäv" in waiting
    assert "Prövad och godkänd" in examined
    assert "Kalk AB" not in text_to(cast.stranger, LIST)


def test_a_company_that_was_refused_before_says_so(cast: Cast) -> None:
    refuse(proposal(cast), by=cast.head)
    assert "Bolaget är i konkurs" in text_to(cast.head, page_of(proposal(cast)))


def queries_of_list(cast: Cast) -> int:
    client = signed_in(cast.head)
    with CaptureQueriesContext(connection) as captured:
        client.get(LIST)
    return len(captured)


def test_the_list_uses_the_same_queries_for_one_and_for_ten(cast: Cast) -> None:
    proposal(cast, replace(SAID, name="Kalk AB", org_number="DE811907980"))
    refuse(proposal(cast), by=cast.head)
    few = queries_of_list(cast)
    for number in range(10):
        proposal(cast, replace(SAID, name=f"Kalk {number}", org_number=f"DE81190790{number}"))
    assert queries_of_list(cast) == few


def test_the_register_says_why_nothing_is_ordered_yet(cast: Cast) -> None:
    """A supplier that is entered by hand while its proposal waits."""
    proposal(cast)
    client = signed_in(cast.head)
    entered = {
        "org_number": "550000-9005",
        "name": SAID.name,
        "order_email": ORDERS,
        "order_channel": "E-post med PDF och CSV",
    }
    client.post("/register/suppliers/ny/", entered)
    supplier = Supplier.objects.get(org_number="550000-9005")
    assert supplier.awaits_examination
    assert "inte godkänd i prövningen" in text_to(cast.head, f"/register/suppliers/{supplier.pk}/")
