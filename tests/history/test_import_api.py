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

    def hand_in(**said: str) -> dict[str, object]:
        file = SimpleUploadedFile("rader.csv", table({}).encode())
        given = {"register": "purchases", "file": file, **said}
        return dict(program.post(f"/api/v1/{IMPORTS}", given, format="multipart").json())

    assert hand_in()["code"] == "register_source_missing"
    made = hand_in(source="scms")
    assert (made["source"], made["register"]) == ("scms", "purchases")
    tasks.run_import(import_id=made["id"])
    here = f"/api/v1/{IMPORTS}{made['id']}/"
    auditor = Program(cast.auditor).client
    assert auditor.get(here).json()["counts"]["new"] == 1
    assert auditor.post(f"{here}apply/").status_code == 403
    assert Program(cast.manager).client.get(here).status_code == 404
    for act, count in (("apply", 1), ("take-back", 0)):
        assert program.post(f"{here}{act}/").status_code == 202
        tasks.run_application(application_id=Application.objects.latest("pk").pk)
        assert PurchaseHistoryLine.objects.count() == count
