"""Entries are sealed in a chain, and whatever is done to them or to the chain afterwards is found."""

import json
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from pytest_django import Settings

import audit
from audit import heads
from audit.export import Seals
from audit.lines import COLUMNS
from audit.models import NO_SEAL, Entry, Seal
from audit.operations import sealing
from audit.verification import FindingKind, verify_trail
from core.models import RoutineRun
from core.routines import Routine
from tests.audit.trail import MINUTE, as_owner, found, sealed, write
from tests.cast import NOW
from tests.races import open_transaction, race


def test_line_has_every_column_of_an_entry() -> None:
    assert [field.attname for field in Entry._meta.concrete_fields] == list(COLUMNS)


@pytest.mark.django_db
def test_sealed_trail_is_as_it_was_sealed(kept_heads: Path) -> None:
    sealed(3, 2, 4)
    verified = verify_trail(heads.read(kept_heads))
    assert (verified.findings, verified.seals, verified.entries, verified.waiting) == ([], 3, 9, 0)
    assert sealing.seal_trail(at=NOW + 9 * MINUTE) == 0  # nothing has come
    write("event.later", minutes=9)
    assert verify_trail(heads.read(kept_heads)).waiting == 1
    last = Seal.objects.get(number=3)
    assert kept_heads.read_text().splitlines()[-1] == heads.line(last)


@pytest.mark.django_db
def test_many_entries_are_several_seals_of_one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "MOST_ENTRIES", 4)
    write(*(f"event.{place}" for place in range(10)))
    assert sealing.seal_trail(at=NOW) == 3
    assert [seal.count for seal in Seal.objects.order_by("number")] == [4, 4, 2]
    assert found() == []


@pytest.mark.django_db
def test_chain_that_was_written_anew_is_not_the_one_that_was_told(kept_heads: Path) -> None:
    entries = sealed(3, 2, 1)
    as_owner("UPDATE audit_entry SET by_name = 'Någon annan' WHERE id = %s", entries[4].pk)
    as_owner("DELETE FROM audit_seal")
    for minutes in range(3):
        sealing.seal_trail(at=NOW + minutes * MINUTE)
    assert verify_trail().findings == []  # by itself it is without a fault
    kinds = [(kind, seal) for kind, seal, _entry in found()]
    assert kinds[0] == (FindingKind.HEAD_DIFFERS, 1)
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_trail", heads=kept_heads, output="json", stdout=out)
    assert json.loads(out.getvalue())["as_sealed"] is False


@pytest.mark.django_db
def test_heads_are_told_again_after_a_crash(kept_heads: Path) -> None:
    sealed(1, 1, 1)
    whole = kept_heads.read_text()
    kept_heads.write_text(whole[:-20])  # the machine lost its power in the last line
    heads.keep()
    assert kept_heads.read_text() == whole
    kept_heads.unlink()
    heads.keep()
    assert kept_heads.read_text() == whole
    kept_heads.write_text("no head\n")
    with pytest.raises(ValueError, match="line 1"):
        list(heads.read(kept_heads))


@pytest.mark.django_db
def test_heads_that_cannot_be_written_stop_no_sealing_and_are_told(
    settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    settings.TRAIL_HEADS = str(tmp_path / "file" / "trail.txt")
    sealed(1, 1)
    assert Seal.objects.count() == 2
    [run] = RoutineRun.objects.filter(routine=Routine.TRAIL_HEAD)  # not one each minute
    assert set(run.faults) == {"file"}
    assert heads.are_missed(run.ended_at)
    settings.TRAIL_HEADS = str(tmp_path / "trail.txt")
    sealing.seal_trail(at=NOW + 9 * MINUTE)
    assert found() == []
    assert len(list(heads.read(tmp_path / "trail.txt"))) == 2
    assert not heads.are_missed(run.ended_at + timedelta(hours=3))


@pytest.mark.django_db
@pytest.mark.parametrize("change", [(b"", b""), (b"event.1", b"event.2"), (b"[", b"[]\n[")])
def test_another_can_verify_what_is_exported_with_a_few_lines(
    change: tuple[bytes, bytes], tmp_path: Path
) -> None:
    sealed(3, 2, 2)
    entries = b"".join(Seals(2, 3).entry_lines())
    (tmp_path / "entries.jsonl").write_bytes(entries.replace(*change, 1))
    (tmp_path / "seals.jsonl").write_bytes(b"".join(Seals(2, 3).seal_lines()))
    recipe = Path(audit.__file__).with_name("recipe.py")
    result = subprocess.run(
        [sys.executable, recipe], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    is_whole = change == (b"", b"")
    assert (result.returncode == 0) is is_whole, result.stderr
    assert (Seal.objects.get(number=3).digest in result.stdout) is is_whole


@pytest.mark.django_db
def test_nothing_is_sealed_before_there_is_anything(kept_heads: Path) -> None:
    assert sealing.seal_trail(at=NOW) == 0
    verified = verify_trail()
    assert (verified.last, verified.findings) == (None, [])
    out = StringIO()
    call_command("verify_trail", stdout=out)
    assert out.getvalue().startswith("As sealed: 0 entries")
    sealed(1)
    first = Seal.objects.get()
    assert first.sealed_with(previous=NO_SEAL) == first.digest


@pytest.mark.django_db(transaction=True)
def test_entry_of_an_open_transaction_is_sealed_when_it_is_over() -> None:
    def hold() -> None:
        write("event.slow")

    with open_transaction(hold) as let_go:
        write("event.quick", "event.quick")
        assert sealing.seal_trail(at=NOW) == 1
        let_go.set()
    assert sealing.seal_trail(at=NOW + MINUTE) == 1
    assert [seal.count for seal in Seal.objects.order_by("number")] == [2, 1]
    assert found() == []


@pytest.mark.django_db(transaction=True)
def test_two_that_seal_at_once_seal_nothing_twice() -> None:
    write(*(f"event.{place}" for place in range(50)))
    results = race(*(lambda: sealing.seal_trail(at=NOW) for _each in range(4)))
    assert [each for each in results if isinstance(each, Exception)] == []
    assert sum(seal.count for seal in Seal.objects.all()) == 50
    assert found() == []


@pytest.mark.django_db
def test_database_refuses_a_second_seal_of_an_entry() -> None:
    sealed(3)
    seal = Seal.objects.get()
    seal.number = 2
    with pytest.raises(IntegrityError, match="audit_seal_of_an_entry_is_one"), transaction.atomic():
        seal.save(force_insert=True)


@pytest.mark.django_db
def test_unsealed_trail_is_told() -> None:
    ten = timedelta(minutes=10)
    write("event.first")
    assert not sealing.is_behind(NOW + 9 * MINUTE, by=ten)
    assert sealing.is_behind(NOW + 11 * MINUTE, by=ten)
    sealing.seal_trail(at=NOW + 11 * MINUTE)
    assert not sealing.is_behind(NOW + 60 * MINUTE, by=ten)
    write("event.second", minutes=12)
    assert sealing.is_behind(NOW + 60 * MINUTE, by=ten)
    sealing.seal_trail(at=NOW + 60 * MINUTE)
    [late] = write("event.late", minutes=12)
    Seal.objects.create(
        number=3,
        sealed_at=NOW + 61 * MINUTE,
        after_id=late.pk + 5,
        ids=f"{{[{late.pk},{late.pk + 1})}}",
        digests=bytes(32),
        digest="0" * 64,
    )
    as_owner("UPDATE audit_entry SET id = %s WHERE id = (SELECT min(id) FROM audit_entry)", late.pk + 5)
    assert not sealing.is_behind(NOW + 99 * MINUTE, by=ten)  # what was sealed last came late
