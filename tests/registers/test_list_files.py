"""A list too long to wait for is made as a workbook in the background, for whoever asked and nobody else."""

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.db import DatabaseError
from django.utils import timezone

from config.cleaning import clean
from core.errors import NotPermitted
from core.models import StoredPart
from core.work import WorkStatus
from notices.models import Notice
from organizations.models import Membership, User
from registers import downloads
from registers.listing import Selection
from registers.models import ListFile
from registers.operations import lists
from registers.register import REGISTERS
from registers.tasks import resume, run_list
from tests.cast import NOW, Cast
from tests.pages import signed_in, text_of


@pytest.fixture(autouse=True)
def short_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "MOST_CELLS", 6)


def asked(user: User, query: str = "?role=requester") -> ListFile:
    """The list as it is asked for on the page."""
    answer = signed_in(user).post(f"/register/roles/excel/{query}")
    list_file = ListFile.objects.latest("pk")
    assert answer.headers["Location"] == f"/register-fil/{list_file.pk}/"
    return list_file


def test_the_workbook_has_what_the_list_has_and_who_asked_is_told(cast: Cast) -> None:
    client = signed_in(cast.administrator)
    page = text_of(client.get("/register/roles/?role=requester"))
    assert 'action="/register/roles/excel/?role=requester"' in page
    list_file = asked(cast.administrator)
    assert asked(cast.administrator) == list_file
    assert "Arbetsboken tas fram" in text_of(client.get(f"/register-fil/{list_file.pk}/"))
    assert client.get(f"/register-fil/{list_file.pk}/hamta/").status_code == 404
    run_list(list_id=list_file.pk)
    list_file.refresh_from_db()
    count = Membership.objects.filter(role="requester").count()
    assert (list_file.status, list_file.done, list_file.total) == (WorkStatus.DONE, count, count)
    assert client.get(f"/register-fil/{list_file.pk}/forlopp/").headers["HX-Refresh"] == "true"
    assert "Arbetsboken är klar" in text_of(client.get(f"/register-fil/{list_file.pk}/"))
    answer = client.get(f"/register-fil/{list_file.pk}/hamta/")
    rows = list(
        openpyxl.load_workbook(io.BytesIO(b"".join(answer))).worksheets[0].iter_rows(values_only=True)
    )
    assert len(rows) == count + 1
    assert {row[1] for row in rows[1:]} == {"Beställare"}
    notice = Notice.objects.get(recipient=cast.administrator, kind="list")
    assert notice.address == f"/register-fil/{list_file.pk}/"
    assert "Din fil ur registret är klar" in text_of(client.get("/notiser/"))
    # It is hers: another administrator does not find it, and what is shown to her no longer is not handed out.
    for address in ("", "forlopp/", "hamta/"):
        assert signed_in(cast.head).get(f"/register-fil/{list_file.pk}/{address}").status_code == 404
    Membership.objects.filter(user=cast.administrator).delete()
    assert client.get(f"/register-fil/{list_file.pk}/hamta/").status_code == 403


def test_who_may_not_see_the_register_any_more_gets_no_file(cast: Cast) -> None:
    list_file = asked(cast.administrator)
    Membership.objects.filter(user=cast.administrator).delete()
    lists.run_list(of_list=list_file, at=timezone.now())
    list_file.refresh_from_db()
    assert (list_file.status, list_file.file) == (WorkStatus.FAILED, None)
    assert signed_in(cast.requester).post("/register/roles/excel/").status_code == 403
    with pytest.raises(NotPermitted):
        lists.request_list(selection=Selection.of(REGISTERS["roles"], {}), by=cast.requester, at=NOW)


def test_a_killed_worker_is_followed_by_another(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    list_file = asked(cast.administrator)
    write = downloads.write_rows

    def dies(*_args: Any, **_named: Any) -> None:
        raise SystemExit

    monkeypatch.setattr(lists, "write_rows", dies)
    with pytest.raises(SystemExit):
        lists.run_list(of_list=list_file, at=NOW)
    list_file.refresh_from_db()
    assert list_file.status == WorkStatus.RUNNING
    monkeypatch.setattr(lists, "write_rows", write)
    resume()
    lists.run_list(of_list=list_file, at=timezone.now())
    list_file.refresh_from_db()
    assert (list_file.status, list_file.attempts) == (WorkStatus.DONE, 2)


def test_it_is_kept_for_its_time(cast: Cast) -> None:
    list_file = asked(cast.administrator)
    run_list(list_id=list_file.pk)
    assert clean(at=timezone.now() + timedelta(days=6)).faults == {}
    assert ListFile.objects.exists()
    with pytest.raises(DatabaseError, match=r"."):
        StoredPart.objects.all().delete()


def test_it_is_forgotten_when_its_time_has_passed(cast: Cast) -> None:
    list_file = asked(cast.administrator)
    lists.run_list(of_list=list_file, at=timezone.now() - lists.KEPT - timedelta(days=1))
    ListFile.objects.update(requested_at=timezone.now() - lists.KEPT - timedelta(days=1))
    clean(at=timezone.now())
    assert not ListFile.objects.exists()
    assert not StoredPart.objects.exists()
