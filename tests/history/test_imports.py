"""Bringing in order lines: who may, once only, resumable, and every refused row with its reason."""

import gzip
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries

from audit.models import Entry
from core.errors import NotPermitted
from core.models import StoredFile
from core.work import WorkStatus, held
from history.importing import files, scms
from history.models import PurchaseHistoryLine, PurchaseImport
from history.operations import imports
from organizations.models import User
from registers.reading import text
from tests.cast import NOW, Cast
from tests.history.scms_files import EXTRACT, table
from tests.races import race


def handed_in(content: bytes, by: User | None = None, name: str = "rader.csv") -> PurchaseImport:
    return imports.request_import(file_name=name, content=BytesIO(content), file_format="scms", by=by, at=NOW)


def read(content: bytes) -> PurchaseImport:
    return imports.run_import(purchase_import=handed_in(content), at=NOW)


def counts(purchase_import: PurchaseImport) -> tuple[int, int, int]:
    return (
        purchase_import.imported_count,
        purchase_import.already_present_count,
        purchase_import.refused_count,
    )


def test_request_import_keeps_the_file_and_records(cast: Cast) -> None:
    content = gzip.compress(table({}).encode())
    made = handed_in(content, cast.controller)
    made.refresh_from_db()
    assert made.file.open().read() == content
    assert (made.status, made.requested_by) == (WorkStatus.QUEUED, cast.controller)
    entry = Entry.objects.about(made).get()
    assert (entry.event, entry.by_id, entry.details["sha256"]) == (
        "import.requested",
        cast.controller.pk,
        made.file.sha256,
    )


@pytest.mark.parametrize("who", ["requester", "manager", "head", "auditor", "administrator", "budget_holder"])
def test_request_import_is_for_finance(cast: Cast, who: str) -> None:
    with pytest.raises(NotPermitted):
        handed_in(table({}).encode(), getattr(cast, who))
    assert not PurchaseImport.objects.exists()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", text.EmptyFile),
        (table().encode(), text.EmptyFile),
        (b"ID,Country\r1,Zambia", files.WrongColumns),
        (b"\x1f\x8bcut", text.BrokenArchive),
    ],
)
def test_request_import_refuses_a_bad_file_and_keeps_nothing(
    cast: Cast, content: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        handed_in(content, cast.controller)
    assert not PurchaseImport.objects.exists()
    assert not Entry.objects.exists()


def test_request_import_refuses_an_unknown_format(cast: Cast) -> None:
    with pytest.raises(imports.UnknownFormat):
        imports.request_import(
            file_name="x", content=BytesIO(b"x"), file_format="sie", by=cast.controller, at=NOW
        )


def test_run_import_brings_in_every_line(db: None) -> None:
    made = read(EXTRACT.read_bytes())
    assert (made.status, made.done, made.total) == (WorkStatus.DONE, 21, 21)
    assert counts(made) == (21, 0, 0)
    line = PurchaseHistoryLine.objects.get(external_id="10868")
    assert (line.source, line.currency, line.department_name) == ("scms", "USD", "Côte d'Ivoire")
    assert line.category_name == "HRDT / HIV test"
    assert line.item_key == "hiv, genie ii hiv-1/hiv-2 kit, 40 tests"
    assert (line.quantity, line.unit_price, line.amount) == (615, 76, 46740)
    assert Entry.objects.about(made).last().event == "import.finished"  # type: ignore[union-attr]


def test_run_import_a_second_time_says_already_present(db: None) -> None:
    read(EXTRACT.read_bytes())
    assert counts(read(EXTRACT.read_bytes())) == (0, 21, 0)
    assert PurchaseHistoryLine.objects.count() == 21


def test_run_import_keeps_refused_rows_with_their_reason(db: None) -> None:
    made = read(table({}, {scms.QUANTITY: "många"}, {scms.VENDOR: ""}, {}).encode())
    assert counts(made) == (2, 0, 2)
    refusals = list(made.refusals.order_by("row").values_list("row", "field"))
    assert refusals == [(3, scms.QUANTITY), (4, scms.VENDOR)]


def test_run_import_refuses_a_known_line_with_other_facts(db: None) -> None:
    read(table({}).encode())
    made = read(table({scms.PACK_PRICE: "30"}).encode())
    assert counts(made) == (0, 0, 1)
    assert made.refusals.get().reason == "Raden finns redan, men med andra uppgifter."
    assert PurchaseHistoryLine.objects.get().unit_price == 29


@pytest.mark.parametrize("step", [2, 100])
def test_run_import_refuses_the_same_id_twice_in_a_file(
    db: None, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(imports, "STEP", step)
    made = read(
        table({scms.ID: "7"}, {scms.QUANTITY: "x", scms.ID: "8"}, {scms.ID: "7"}, {scms.ID: "8"}).encode()
    )
    assert counts(made) == (2, 0, 2)
    refusals = list(made.refusals.order_by("row").values_list("row", "field", "reason"))
    assert refusals[1] == (4, "ID", "Samma ID finns redan på rad 2 i filen.")
    assert list(PurchaseHistoryLine.objects.order_by("pk").values_list("import_row", flat=True)) == [2, 5]


def test_run_import_goes_on_after_a_crash(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "STEP", 2)
    made = handed_in(table({}, {}, {scms.QUANTITY: "x"}, {}, {}).encode())
    steps = iter([True, True])

    def die(*_args: Any, **_kwargs: Any) -> None:
        if next(steps, None) is None:
            raise MemoryError
        bring_in(*_args, **_kwargs)

    bring_in = imports._bring_in
    monkeypatch.setattr(imports, "_bring_in", die)
    imports.run_import(purchase_import=made, at=NOW)
    made.refresh_from_db()
    assert (made.status, made.done, made.imported_count) == (WorkStatus.QUEUED, 4, 3)
    monkeypatch.setattr(imports, "_bring_in", bring_in)
    assert made.next_attempt_at is not None
    assert counts(imports.run_import(purchase_import=made, at=made.next_attempt_at)) == (4, 0, 1)
    assert made.status == WorkStatus.DONE


def test_run_import_does_nothing_when_finished(db: None) -> None:
    made = read(table({}).encode())
    PurchaseImport.objects.update(file=StoredFile.objects.keep(BytesIO(table({}, {}).encode())))
    imports.run_import(purchase_import=made, at=NOW)
    assert PurchaseHistoryLine.objects.count() == 1


def test_run_import_uses_few_queries(db: None, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    made = handed_in(table(*[{}] * 2000).encode())
    with django_assert_max_num_queries(39):
        imports.run_import(purchase_import=made, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_run_import_by_two_workers_happens_once() -> None:
    made = handed_in(table(*[{}] * 200).encode())
    race(*[lambda: imports.run_import(purchase_import=PurchaseImport.objects.get(pk=made.pk), at=NOW)] * 2)
    made.refresh_from_db()
    assert counts(made) == (200, 0, 0)
    assert Entry.objects.filter(event="import.finished").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_file_at_once_bring_in_each_line_once() -> None:
    content = table(*[{}] * 200).encode()
    first, second = handed_in(content), handed_in(content)
    outcome = race(
        lambda: imports.run_import(purchase_import=first, at=NOW),
        lambda: imports.run_import(purchase_import=second, at=NOW),
    )
    assert not [error for error in outcome if isinstance(error, Exception)]
    assert PurchaseHistoryLine.objects.count() == 200
    sums = [sum(column) for column in zip(counts(outcome[0]), counts(outcome[1]), strict=True)]
    assert sums == [200, 200, 0]


@pytest.mark.django_db(transaction=True)
def test_run_import_leaves_what_another_holds() -> None:
    made = handed_in(table({}).encode())

    def hold_and_try() -> str:
        with held(PurchaseImport, made.pk):
            (tried,) = race(
                lambda: imports.run_import(purchase_import=PurchaseImport.objects.get(pk=made.pk), at=NOW)
            )
        return str(tried.status)

    assert hold_and_try() == WorkStatus.QUEUED


def test_command_says_what_became_of_the_rows(
    db: None, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "rader.csv"
    path.write_bytes(table({}, {scms.PACK_PRICE: "gratis"}).encode())
    call_command("import_purchases", str(path))
    said = capsys.readouterr().out
    assert "imported: 1\n" in said
    assert "refused: 1\n" in said
    assert "row 3: Pack Price: ”gratis” är inte ett tal." in said
    call_command("import_purchases", str(path), "--format", "scms")
    assert "already there: 1\n" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, b"", b"\x1f\x8bcut"])
def test_command_refuses_a_bad_file_in_one_sentence(db: None, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "rader.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match="The file"):
        call_command("import_purchases", str(path))
