"""Absences and delegations by the API: the same operations as the pages."""

import pytest

from organizations.models import Absence, Delegation
from tests.api.clients import Program
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("at_nine")

DAYS = {"first_date": "2021-05-20", "last_date": "2021-05-24"}


def test_absence_is_reported_changed_and_withdrawn(cast: Cast) -> None:
    me = Program(cast.manager)
    response = me.post("absences/", **DAYS)
    assert (response.status_code, response.data["days"]) == (201, DAYS)
    pk = response.data["id"]
    assert me.post("absences/", **DAYS).data["code"] == "absence_overlaps"
    assert Program(cast.requester).post(f"absences/{pk}/change/", **DAYS).status_code == 404
    later = {"first_date": "2021-05-21", "last_date": "2021-05-21"}
    assert me.post(f"absences/{pk}/change/", **later).data["days"] == later
    assert [each["id"] for each in me.get("absences/").data["results"]] == [pk]
    assert me.post(f"absences/{pk}/withdraw/").status_code == 204
    assert not Absence.objects.exists()


def test_deputy_reports_her_managers_absence(cast: Cast) -> None:
    deputy, nurse, fields = Program(cast.deputy), Program(cast.requester), {**DAYS, "person": cast.manager.pk}
    response = deputy.post("absences/", **fields)
    assert (response.status_code, response.data["person"]["id"]) == (201, cast.manager.pk)
    assert [each["id"] for each in deputy.get("absences/").data["results"]] == [response.data["id"]]
    assert nurse.get("absences/").data["results"] == []
    refusal = nurse.post("absences/", **fields)
    assert (refusal.status_code, refusal.data["code"]) == (403, "not_your_absence")


@pytest.mark.parametrize(
    "days",
    [
        {"first_date": "2021-05-24", "last_date": "2021-05-20"},
        {"first_date": "2020-05-24", "last_date": "2020-05-25"},
        {"first_date": "2021-05-24", "last_date": "2031-05-25"},
    ],
)
def test_absence_refuses_odd_days(cast: Cast, days: dict[str, str]) -> None:
    assert Program(cast.manager).post("absences/", **days).status_code == 400


def test_delegation_is_given_accepted_and_taken_back(cast: Cast) -> None:
    me, other = Program(cast.manager), Program(cast.office_deputy)
    fields = {**DAYS, "delegate": cast.office_deputy.pk, "reason": "Semester"}
    response = me.post("delegations/", **fields)
    assert (response.status_code, response.data["accepted_at"]) == (201, None)
    pk = response.data["id"]
    assert me.post(f"delegations/{pk}/accept/").data["code"] == "not_your_delegation"
    assert Program(cast.deputy).post(f"delegations/{pk}/accept/").status_code == 404
    assert other.post(f"delegations/{pk}/accept/").data["accepted_at"]
    assert me.post(f"delegations/{pk}/revoke/").data["revoked_at"]
    assert other.post(f"delegations/{pk}/decline/").data["code"] == "delegation_is_over"
    assert Delegation.objects.count() == 1


def test_a_nurse_has_nothing_to_delegate(cast: Cast) -> None:
    fields = {**DAYS, "delegate": cast.manager.pk, "reason": "x"}
    answer = Program(cast.requester).post("delegations/", **fields)
    assert (answer.status_code, answer.data["code"]) == (403, "nothing_to_delegate")
