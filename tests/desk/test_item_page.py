"""The page of an item's life cycle, what is told of its recall, and the page of a department that has it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from catalog.models import Item, Substitution, Trial
from catalog.states import ItemStatus
from categories.models import CategoryPolicy, ClassificationCode
from desk.today.assortment import MOST_RECALLS, assortment_questions
from desk.today.tasks import answers
from notices.models import Notice
from organizations.models import Role
from procurement.models import Recall, Severity
from procurement.operations import recalls, sending
from tests import worlds
from tests.cast import ALWAYS, NOW, TODAY, Cast, many_items, membership, person
from tests.pages import signed_in, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]

RECALLED = {"reason": "Hål i fingertopparna.", "severity": "remove", "since_date": "2021-01-01"}


def page(item: Item) -> str:
    return reverse("desk:item", args=[item.number])


def act(item: Item, name: str) -> str:
    return reverse("desk:item_act", args=[item.number, name])


def test_settled_recalls_do_not_hide_one_that_is_not(
    cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """Nothing is left to do about the oldest; recalls and trials are one statement, and the roles one, whatever is open."""
    for each in many_items(cast, MOST_RECALLS):
        begin(each, cast)
    worlds.received(cast, (cast.gloves, 10))
    begin(cast.gloves, cast)
    with django_assert_max_num_queries(2):
        (task,), trials = answers(assortment_questions(cast.head, None, TODAY))
    assert trials == []
    assert task.title == f"{cast.gloves} är återkallad"
    assert task.text == "1 enhet har inte svarat."


def begin(item: Item, cast: Cast) -> None:
    recalls.recall(
        item=item, reason="Hål", severity=Severity.REMOVE, since_date=date(2021, 1, 1), by=cast.head, at=NOW
    )


def test_a_recall_from_the_page_to_the_answer(cast: Cast) -> None:
    """The manager's sentence: who has it, and is anything on its way?"""
    worlds.received(cast, (cast.gloves, 10))
    (mixed,) = worlds.ordered(cast, (cast.gloves, 4), (cast.gown, 2))
    sending.send_order(order=mixed, at=NOW)
    manager = signed_in(cast.manager)
    text = text_of(manager.post(act(cast.gloves, "sparra"), RECALLED, follow=True))
    assert "är spärrad, och enheterna som har tagit emot den får veta det." in text
    assert "1 enhet av 1 har inte svarat." in text
    assert "10 ask" in text
    assert "Oskar Lindahl" in text
    assert "Ring Nordmedica AB och be dem hålla inne den." in text
    today = text_of(manager.get(reverse("desk:today")))
    assert "är återkallad" in today
    assert "1 enhet har inte svarat. 1 order är på väg: ring leverantören." in today
    manager.post(reverse("desk:item_call", args=[cast.gloves.number, mixed.number]), {"note": "Stoppat"})
    notice = Notice.objects.get(kind="recall", recipient=cast.colleague)
    colleague = signed_in(cast.colleague)
    unit = Recall.objects.get().units.get()
    answered = colleague.get(notice.address)
    assert "Vi har tagit undan den" in text_of(answered)
    assert "Hål i fingertopparna." in text_of(answered)
    url = reverse("shop:recall_acknowledge", args=[unit.pk])
    thanks = text_of(colleague.post(url, {"answer": "Tre askar"}, follow=True))
    assert "Oskar Lindahl svarade" in thanks
    text = text_of(manager.get(page(cast.gloves)))
    assert "Alla enheter har svarat." in text
    assert "Tre askar" in text
    assert "Karin Sundblad talade med leverantören" in text
    assert "är återkallad" not in text_of(manager.get(reverse("desk:today")))
    assert signed_in(cast.stranger).get(notice.address).status_code == 404
    assert signed_in(cast.stranger).post(url).status_code == 404
    text = text_of(manager.post(act(cast.gloves, "hav"), {"reason": "Fel etikett"}, follow=True))
    assert "Spärren är hävd för" in text


def test_phasing_out_says_what_is_missing_and_then_does_it(cast: Cast) -> None:
    client = signed_in(cast.manager)
    fields = {"replacement": "x", "factor": "2", "equivalence": "full", "last_order_date": "2021-06-30"}
    answer = client.post(act(cast.gown, "fasa-ut"), fields)
    assert answer.status_code == 422
    assert "Ingen artikel har det numret" in text_of(answer)
    answer = client.post(act(cast.gown, "fasa-ut"), fields | {"replacement": cast.gown.number})
    assert "En artikel kan inte ersättas av sig själv." in text_of(answer)
    text = text_of(
        client.post(act(cast.gown, "fasa-ut"), fields | {"replacement": cast.gloves.number}, follow=True)
    )
    assert "motsvarar 2" in text
    substitution = Substitution.objects.get()
    assert (substitution.to_item, substitution.factor) == (cast.gloves, Decimal(2))
    basket = worlds.basket(cast, (cast.gown, 1))
    assert basket.lines.count() == 1
    nurse = text_of(signed_in(cast.requester).get(reverse("shop:basket")))
    assert "Ersätts av" in nurse
    Item.objects.filter(pk=cast.gown.pk).update(last_order_date=TODAY - timedelta(days=1))
    nurse = text_of(signed_in(cast.requester).get(reverse("shop:basket")))
    assert "Ta i stället" in nurse
    assert "går inte längre att beställa" in nurse


def test_a_trial_waits_for_its_decision(cast: Cast) -> None:
    Item.objects.filter(pk=cast.gown.pk).update(status=ItemStatus.ASSESSED)
    client = signed_in(cast.manager)
    fields = {"departments": [cast.ward.cost_center], "first_date": "2021-05-18", "last_date": "2021-05-30"}
    text = text_of(client.post(act(cast.gown, "prova"), fields, follow=True))
    assert "2021-05-18–2021-05-30" in text
    assert "prov behöver ett beslut" in text_of(client.get(reverse("desk:today")))
    assert "Den här prövas av din enhet." in text_of(
        signed_in(cast.requester).get(reverse("shop:item", args=[cast.gown.number]))
    )
    others = text_of(signed_in(cast.stranger).get(reverse("shop:item", args=[cast.gown.number])))
    assert "Den här prövas av andra enheter än din." in others
    assert "Lägg till" not in others
    Trial.objects.update(valid_during=DateRange(TODAY - timedelta(days=9), TODAY - timedelta(days=1)))
    assert "prövades till och med" in text_of(client.get(reverse("desk:today")))
    client.post(act(cast.gown, "standard"), {"comment": "Bra"})
    assert "prov behöver" not in text_of(client.get(reverse("desk:today")))


@pytest.mark.parametrize("who", ["requester", "office_deputy", "auditor", "administrator"])
def test_others_see_and_do_nothing(cast: Cast, who: str) -> None:
    client = signed_in(getattr(cast, who))
    assert "Vad ska hända med den?" not in text_of(client.get(page(cast.gown)))
    assert client.post(act(cast.gown, "sparra"), RECALLED).status_code == 403
    assert client.post(act(cast.gown, "finns-inte")).status_code == 404


def test_a_clinical_reviewer_approves_what_replaces(cast: Cast) -> None:
    reviewer = person("vera.vard", "Vera", "Vård", "Hygiensjuksköterska")
    membership(reviewer, Role.CLINICAL_REVIEWER)
    CategoryPolicy.objects.update(needs_clinical_approval=True)
    substitution = Substitution.objects.create(from_item=cast.gown, to_item=cast.gloves, valid_during=ALWAYS)
    Item.objects.filter(pk=cast.gown.pk).update(status=ItemStatus.BLOCKED, blocked_reason="Återkallad")
    shelf = reverse("shop:item", args=[cast.gown.number])
    nurse = signed_in(cast.requester)
    assert "Ta i stället" not in text_of(nurse.get(shelf))
    client = signed_in(reviewer)
    assert "ersättning att granska" in text_of(client.get(reverse("desk:today")))
    url = reverse("desk:substitution_approve", args=[substitution.pk])
    assert signed_in(cast.manager).post(url).status_code == 403
    assert "Godkänn ersättningen" in text_of(client.get(page(cast.gown)))
    fields = {"shown": substitution.content}
    Substitution.objects.filter(pk=substitution.pk).update(equivalence="with_condition", note="Bara vuxna")
    response = client.post(url, fields)
    assert (response.status_code, "har ändrats sedan du läste den" in text_of(response)) == (409, True)
    substitution.refresh_from_db()
    assert substitution.approved_at is None
    assert f'value="{substitution.content}"' in text_of(client.get(page(cast.gown)))
    text = text_of(client.post(url, {"shown": substitution.content}, follow=True))
    assert "Vera Vård godkände den" in text
    assert "Ta i stället" in text_of(nurse.get(shelf))


def test_page_says_what_is_offered_today_on_what_condition_and_of_which_class(cast: Cast) -> None:
    """The replacement has left too; the page names both, and what she who orders is offered."""
    Item.objects.filter(pk=cast.gown.pk).update(status=ItemStatus.RETIRED)
    for old, new, more in (
        (cast.gloves, cast.gown, {"note": "Bara vuxna", "equivalence": "with_condition"}),
        (cast.gown, cast.chair, {}),
    ):
        during = DateRange(TODAY, TODAY + timedelta(days=10))
        Substitution.objects.create(from_item=old, to_item=new, valid_during=during, **more)
    Item.objects.filter(pk=cast.gloves.pk).update(status=ItemStatus.PHASING_OUT, last_order_date=TODAY)
    code = ClassificationCode.objects.create(code="33141420-0", scheme="cpv", name="Operationshandskar")
    Item.objects.filter(pk=cast.gloves.pk).update(cpv=code)
    text = text_of(signed_in(cast.manager).get(page(cast.gloves)))
    assert "<strong>Villkor:</strong> Bara vuxna" in text
    assert "Gäller till och med" in text
    assert "Den som beställer får i dag" in text
    assert f"/livscykel/{cast.chair.number}/" in text
    assert "CPV 33141420-0 Operationshandskar" in text
    assert f"/register/items/{cast.gloves.pk}/" in text
