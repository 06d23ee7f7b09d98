"""Purchases through the API: a program says the source, those who see the history see its files."""

from django.core.files.uploadedfile import SimpleUploadedFile

from history.models import PurchaseHistoryLine
from registers import tasks
from registers.models import Application
from tests.api.clients import Program
from tests.cast import Cast
from tests.history.scms_files import table

IMPORTS = "register-imports/"


def test_a_program_hands_in_purchases_and_takes_them_back(cast: Cast) -> None:
    program = Program(cast.controller).client

    def hand_in(**fields: str) -> dict[str, object]:
        file = SimpleUploadedFile("rader.csv", table({}).encode())
        data = {"register": "purchases", "file": file, **fields}
        return dict(program.post(f"/api/v1/{IMPORTS}", data, format="multipart").json())

    assert hand_in()["code"] == "register_source_missing"
    import_data = hand_in(source="scms")
    assert (import_data["source"], import_data["register"]) == ("scms", "purchases")
    tasks.run_import(import_id=import_data["id"])
    address = f"/api/v1/{IMPORTS}{import_data['id']}/"
    auditor = Program(cast.auditor).client
    assert auditor.get(address).json()["counts"]["new"] == 1
    assert auditor.post(f"{address}apply/").status_code == 403
    assert Program(cast.manager).client.get(address).status_code == 404
    for act, count in (("apply", 1), ("take-back", 0)):
        assert program.post(f"{address}{act}/").status_code == 202
        tasks.run_application(application_id=Application.objects.latest("pk").pk)
        assert PurchaseHistoryLine.objects.count() == count
