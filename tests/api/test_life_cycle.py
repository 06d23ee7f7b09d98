"""The life cycle of items and their recalls through the API: the same steps and the same sentences as on the page."""

import pytest

from catalog.models import Item, Substitution
from catalog.states import ItemStatus
from organizations.models import Role
from tests import worlds
from tests.api.clients import Program
from tests.cast import ALWAYS, Cast, membership

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_nine")]


def test_an_item_goes_its_whole_way(cast: Cast) -> None:
    Item.objects.filter(pk=cast.gown.pk).update(status=ItemStatus.PROPOSED)
    program = Program(cast.manager)
    address = f"life-cycles/{cast.gown.number}/"
    assert program.post(f"{address}assess/").data["status"] == "assessed"
    trial = {"departments": ["2140"], "first_date": "2021-05-18", "last_date": "2021-06-18"}
    data = program.post(f"{address}start-trial/", **trial).data
    assert (data["status"], data["trials"][0]["department"]) == ("trial", "2140")
    for department, count in (("2140", 1), ("3310", 0)):
        answer = program.get("items/search/", q="skyddsrock", department=department)
        assert len(answer.data["results"]) == count
    assert program.post(f"{address}decide-standard/").data["status"] == "standard"
    leaving = {"replacement": cast.gloves.number, "last_order_date": "2021-06-30", "factor": "2"}
    data = program.post(f"{address}phase-out/", **leaving).data
    assert (data["status"], data["last_order_date"]) == ("phasing_out", "2021-06-30")
    assert data["substitutions"][0]["to_item"] == cast.gloves.number
    assert program.post(f"{address}retire/").data["status"] == "retired"
    refusal = program.post(f"{address}assess/")
    assert (refusal.status_code, refusal.data["code"]) == (409, "item_status_out_of_order")


def test_a_recall_and_its_answer(cast: Cast) -> None:
    worlds.received(cast, (cast.gloves, 10))
    address = f"life-cycles/{cast.gloves.number}/"
    body = {"reason": "Hål", "severity": "remove", "since_date": "2021-01-01"}
    requester = Program(cast.requester)
    refusal = requester.post(f"{address}recall/", **body)
    assert (refusal.status_code, refusal.data["code"]) == (403, "item_of_another")
    manager = Program(cast.manager)
    recall = manager.post(f"{address}recall/", **body).data
    (unit,) = recall["units"]
    assert (unit["department"], unit["quantity"], unit["acknowledged_at"]) == ("2140", "10.000", None)
    assert Program(cast.stranger).get(f"recalls/{recall['id']}/").status_code == 404
    answered = Program(cast.colleague).post(
        f"recalls/{recall['id']}/acknowledge/", department="2140", answer="Klart"
    )
    assert answered.data["units"][0]["answer"] == "Klart"
    assert [each["id"] for each in requester.get("recalls/").data["results"]] == [recall["id"]]
    assert manager.post(f"{address}lift/", reason="Fel").data["status"] == "standard"


def test_a_clinical_reviewer_approves(cast: Cast) -> None:
    substitution = Substitution.objects.create(from_item=cast.gown, to_item=cast.gloves, valid_during=ALWAYS)
    address = f"life-cycles/{cast.gown.number}/approve-substitution/"
    manager = Program(cast.manager)
    content = manager.get(f"life-cycles/{cast.gown.number}/").data["substitutions"][0]["content"]
    refusal = manager.post(address, to_item=cast.gloves.number, content=content)
    assert (refusal.status_code, refusal.data["code"]) == (403, "review_is_clinical")
    membership(cast.controller, Role.CLINICAL_REVIEWER)
    reviewer = Program(cast.controller)
    Substitution.objects.filter(pk=substitution.pk).update(factor=2)
    changed = reviewer.post(address, to_item=cast.gloves.number, content=content)
    assert (changed.status_code, changed.data["code"]) == (409, "substitution_has_changed")
    content = reviewer.get(f"life-cycles/{cast.gown.number}/").data["substitutions"][0]["content"]
    data = reviewer.post(address, to_item=cast.gloves.number, content=content).data
    assert data["substitutions"][0]["approved_at"] is not None
    assert reviewer.post(address, to_item=cast.chair.number, content=content).status_code == 404
