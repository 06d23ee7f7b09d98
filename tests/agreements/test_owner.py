"""The person named as responsible for an agreement sees it and acts on it, whether she has a role or not."""

from datetime import date, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from agreements.models import Agreement, Supplier
from agreements.operations.reminding import tell_of_deadlines
from notices.models import Notice
from organizations.models import User
from tests.cast import NOW, TODAY, Cast, person
from tests.pages import signed_in

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def owner(cast: Cast) -> User:
    """Ylva has neither role nor post, and answers for the gloves."""
    ylva = person("ylva.rosen", "Ylva", "Rosén")
    days = DateRange(date(2020, 1, 1), TODAY + timedelta(days=20))
    Agreement.objects.filter(pk=cast.agreement.pk).update(owner=ylva, valid_during=days)
    Agreement.objects.create(
        number="RA 7", title="Kaffe", category=cast.office, supplier=cast.paper_supplier, procedure="open",
        valid_during=days, ceiling_amount=10,
    )  # fmt: skip
    return ylva


def test_an_owner_sees_hers_and_no_other(cast: Cast, owner: User) -> None:
    client, other = signed_in(owner), Agreement.objects.get(number="RA 7")
    assert list(Agreement.objects.visible_to(owner, TODAY)) == [cast.agreement]
    assert list(Supplier.objects.visible_to(owner, TODAY)) == [cast.supplier]
    page = client.get(f"/avtal/{cast.agreement.pk}/")
    assert (page.status_code, page.context["may_act"]) == (200, True)
    assert client.get(f"/avtal/{cast.agreement.pk}/kalender.ics").status_code == 200
    assert client.get(f"/api/v1/agreements/{cast.agreement.pk}/").status_code == 200
    assert client.get(f"/avtal/{other.pk}/").status_code == 404
    assert client.get(f"/avtal/{other.pk}/saga-upp/").status_code == 404
    assert client.get(f"/api/v1/agreements/{other.pk}/").status_code == 404
    listed = client.get("/avtal/").context["rows"]
    assert [view.agreement for view, _status, _missing in listed] == [cast.agreement]


def test_an_owner_finds_her_tasks_and_notices_where_they_lead(cast: Cast, owner: User) -> None:
    client = signed_in(owner)
    today = client.get("/i-dag/")
    (task,) = [each for each in today.context["tasks"] if "Handskar" in each.title]
    assert client.get(task.url).status_code == 200
    links = {link.url for link in today.context["navigation"].links}
    assert {"/i-dag/", "/avtal/"} <= links
    tell_of_deadlines(at=NOW)
    assert Notice.objects.filter(recipient=owner).exists()
    for notice in Notice.objects.filter(recipient=owner):
        assert client.get(notice.address).status_code == 200


def test_an_owner_acts_on_hers(cast: Cast, owner: User) -> None:
    client, other = signed_in(owner), Agreement.objects.get(number="RA 7")
    assert client.post(f"/avtal/{cast.agreement.pk}/upphandling/").status_code == 302
    assert Agreement.objects.get(pk=cast.agreement.pk).procurement_started_date == TODAY
    answer = client.post(f"/avtal/{cast.agreement.pk}/avsluta/", {"reason": "Hävt"})
    assert answer.status_code == 302
    assert Agreement.objects.get(pk=cast.agreement.pk).closed_by == owner
    assert client.post(f"/avtal/{other.pk}/upphandling/").status_code == 404


def test_who_owned_it_before_sees_it_no_more(cast: Cast, owner: User) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(owner=None)
    assert signed_in(owner).get(f"/avtal/{cast.agreement.pk}/").status_code == 404
