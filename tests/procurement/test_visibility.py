"""What one may not open is not shown through another door either."""

import pytest

from tests import worlds
from tests.api.clients import Program
from tests.cast import Cast, delegation, person
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")


def test_a_requisition_shows_a_manager_her_own_lines_only(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 1), (cast.chair, 1))
    gloves, chair = requisition.lines.order_by("position")
    api = Program(cast.office_deputy)
    assert api.get(f"lines/{gloves.pk}/").status_code == 404
    data = api.get(f"requisitions/{requisition.pk}/").data
    assert [line["id"] for line in data["lines"]] == [chair.pk]
    client = signed_in(cast.office_deputy)
    page = text_of(client.get(f"/bestallningar/{requisition.number}/")).replace("\u00ad", "")
    assert "Kontorsstol" in page
    assert "Undersökningshandske" not in page
    history = text_of(client.get(f"/bestallningar/{requisition.number}/historik/"))
    assert "Undersökningshandske" not in history


def test_whoever_is_to_attest_sees_every_line(cast: Cast) -> None:
    requisition = worlds.submitted(cast, (cast.gloves, 1), (cast.chair, 3))
    delegation(cast.budget_holder, cast.stranger)
    for user in (cast.budget_holder, cast.stranger, cast.requester, cast.auditor):
        api = Program(user)
        data = api.get(f"requisitions/{requisition.pk}/").data
        assert len(data["lines"]) == 2
        for line in data["lines"]:
            assert api.get(f"lines/{line['id']}/").status_code == 200


def test_agreements_and_who_is_away_are_for_those_who_have_a_part_in_purchasing(cast: Cast) -> None:
    nobody = person("ny.anstalld", "Ny", "Anställd")
    api, client = Program(nobody), signed_in(nobody)
    assert api.get("agreements/").data["results"] == []
    assert api.get(f"agreements/{cast.agreement.pk}/").status_code == 404
    assert client.get(f"/avtal/{cast.agreement.pk}/").status_code == 404
    assert cast.agreement.number not in text_of(client.get("/avtal/"))
    assert client.get("/ansvar/").status_code == 403
    assert client.get(f"/kategorier/{cast.medical.code}/").status_code == 403
    for user in (cast.requester, cast.office_deputy, cast.auditor):
        assert Program(user).get(f"agreements/{cast.agreement.pk}/").status_code == 200
        assert signed_in(user).get("/ansvar/").status_code == 200
