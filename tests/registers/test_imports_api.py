"""The same through the API and from the command line as on the pages."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from organizations.models import Department, User
from registers import tasks
from registers.models import Application, Import
from tests.cast import Cast
from tests.catalog.proposing import may_rise
from tests.registers.test_files import DEPARTMENTS, row_of

IMPORTS = "/api/v1/register-imports/"


def program(user: User) -> APIClient:
    client = APIClient()
    client.force_authenticate(user)
    return client


def hand_in(client: APIClient, text: str, register: str = "departments") -> Any:
    file = SimpleUploadedFile("enheter.csv", text.encode())
    return client.post(IMPORTS, {"register": register, "file": file}, format="multipart")


def test_a_file_from_handing_it_in_to_taking_it_back(cast: Cast) -> None:
    client = program(cast.administrator)
    text = (
        DEPARTMENTS + row_of(cast.ward, name="Nytt namn") + row_of(cast.ward, cost_center="7777", name="Ny")
    )
    answer = hand_in(client, text)
    assert answer.status_code == 202
    url = f"{IMPORTS}{answer.data['id']}/"
    tasks.run_import(import_id=answer.data["id"])
    data = client.get(url).json()
    assert (data["status"], data["counts"]["new"], data["counts"]["changed"]) == ("done", 1, 1)
    (changed,) = client.get(f"{url}changes/?kind=changed").json()["results"]
    assert (changed["before"], changed["row"]) == ({"name": cast.ward.name}, 2)
    result = client.post(f"{url}leave-out/", {"ids": [changed["id"]]}, format="json").json()
    assert result["counts"]["changed"] == 0
    assert client.post(f"{url}apply/").status_code == 202
    assert client.post(f"{url}apply/").json()["code"] == "register_under_way"
    tasks.run_application(application_id=Application.objects.latest("pk").pk)
    data = client.get(url).json()
    assert (data["application_status"], bool(data["applied_at"])) == ("done", True)
    assert Department.objects.filter(cost_center="7777").exists()
    assert client.post(f"{url}take-back/").status_code == 202
    tasks.run_application(application_id=Application.objects.latest("pk").pk)
    assert not Department.objects.filter(cost_center="7777").exists()


def test_headings_and_conventions_are_said_by_programs_too(cast: Cast) -> None:
    client = program(cast.administrator)
    answer = hand_in(client, "Kst;Namn;Förvaltning;Verksamhet\n" + row_of(cast.ward))
    assert (answer.data["status"], answer.data["headings"]["Kst"]) == ("failed", "")
    url = f"{IMPORTS}{answer.data['id']}/read-again/"
    response = client.post(url, {}, format="json")
    assert (response.status_code, response.json()["code"]) == (400, "register_missing_key")
    again = client.post(url, {"headings": {"Kst": "cost_center"}, "day_order": "dmy"}, format="json").json()
    assert (again["replaces"], again["day_order"]) == (answer.data["id"], "dmy")


def test_refusals(cast: Cast) -> None:
    client = program(cast.administrator)
    assert hand_in(client, "x", register="nothing").status_code == 400
    assert hand_in(client, "").status_code == 400
    answer = hand_in(program(cast.manager), DEPARTMENTS + row_of(cast.ward))
    assert (answer.status_code, answer.json()["code"]) == (403, "register_is_for_the_administrator")
    import_id = hand_in(client, DEPARTMENTS + row_of(cast.ward)).json()["id"]
    assert program(cast.manager).get(f"{IMPORTS}{import_id}/").status_code == 404
    early = client.post(f"{IMPORTS}{import_id}/apply/")
    assert (early.status_code, early.json()["code"]) == (409, "register_not_compared")
    assert client.get(IMPORTS).json()["results"][0]["id"] == import_id


def commanded(path: Path, *words: str) -> tuple[int, dict[str, Any]]:
    out, status = StringIO(), 0
    try:
        call_command("import_register", "departments", str(path), "--output", "json", *words, stdout=out)
    except SystemExit as end:
        status = int(str(end.code))
    return status, json.loads(out.getvalue())


def test_the_command_compares_applies_and_says_how_it_ended(cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "enheter.csv"
    path.write_text(DEPARTMENTS + row_of(cast.ward, cost_center="7777", name="Ny"))
    status, data = commanded(path)
    assert (status, data["applied"], data["counts"]["new"]) == (0, False, 1)
    path.write_text(path.read_text() + row_of(cast.ward, cost_center="7778", administration="XX"))
    status, data = commanded(path, "--apply")
    assert (status, data["applied"], data["refused"][0]["row"]) == (3, True, 3)
    assert data["refused"][0]["reason"].startswith("XX")
    assert Department.objects.filter(cost_center="7777").exists()
    path.write_text("Kst;Namn;Förvaltning;Verksamhet\n" + row_of(cast.ward))
    with pytest.raises(CommandError, match="lacks"):
        commanded(path)
    assert commanded(path, "--column", "Kst=cost_center")[1]["counts"]["unchanged"] == 1
    assert Import.objects.filter(requested_by=None).exists()
    with pytest.raises(CommandError, match="cannot be read"):
        commanded(tmp_path / "nothing.csv")
    out = StringIO()
    call_command("import_register", "departments", str(path), stdout=out)
    assert "unchanged: 1" in out.getvalue()
    assert "Nothing is written yet." in out.getvalue()
    assert out.getvalue().rstrip().endswith(f"/inlasta-register/{Import.objects.latest('pk').pk}/")
    assert data["address"].endswith(f"/inlasta-register/{data['id']}/")


def test_a_price_list_feeds_its_registers(cast: Cast) -> None:
    client = program(cast.manager)
    may_rise(cast)
    values = {
        "prices.agreement": cast.agreement.number,
        "prices.supplier": cast.supplier.org_number,
        "prices.from_date": "2021-06-01",
    }

    def handed_in(constants: str) -> Any:
        file = SimpleUploadedFile("lista.csv", f"Artikelnummer;Pris\n{cast.gloves.number};60\n".encode())
        data = {"register": "price_list", "file": file, "constants": constants}
        return client.post(IMPORTS, data, format="multipart")

    for wrong in ("[]", '{"prices.supplier": 5}', "{", '{"prices.from_date": "i morgon"}'):
        assert handed_in(wrong).status_code == 400, wrong
    answer = handed_in(json.dumps(values))
    assert (answer.status_code, answer.data["register"], answer.data["bundle"]) == (
        202,
        "items",
        "price_list",
    )
    tasks.run_import(import_id=answer.data["id"])
    (prices,) = client.get(f"{IMPORTS}?led_by={answer.data['id']}").json()["results"]
    assert (prices["register"], prices["counts"]["proposed"]) == ("prices", 1)
    decided = client.post(
        f"{IMPORTS}{prices['id']}/apply/", {"rises_reason": "Enligt avtalet"}, format="json"
    )
    assert decided.status_code == 202
    tasks.run_application(application_id=Application.objects.latest("pk").pk)
    assert cast.gloves.prices.count() == 2
