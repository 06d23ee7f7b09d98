"""Entries are sealed in a chain, and whatever is done to them or to the chain afterwards is found."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

import audit
from audit import heads
from audit.export import Seals
from audit.lines import COLUMNS
from audit.models import NO_SEAL, Entry, Seal
from audit.operations import sealing
from audit.verification import FindingKind, verify_trail
from tests.cast import NOW
from tests.races import open_transaction, race

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def kept_heads(settings: Settings, tmp_path: Path) -> Path:
    """A file of heads of the test's own."""
    settings.TRAIL_HEADS = str(tmp_path / "heads" / "trail.txt")
    return Path(settings.TRAIL_HEADS)


def write(*events: str, minutes: int = 0) -> list[Entry]:
    """Write entries to the trail."""
    return Entry.objects.bulk_create(
        Entry(
            at=NOW + minutes * MINUTE,
            event=event,
            by_id=7,
            by_name="Åsa Öberg",
            subject_type="procurement.requisition",
            subject_id=place,
            subject_label=f"2026-{place:05}",
            details={"amount": "1200.50", "text": "rad ett\nrad två 🧤", "empty": None},
        )
        for place, event in enumerate(events, 1)
    )


def as_owner(statement: str, *values: int) -> None:
    """Do what only the database's owner can, once the triggers are laid to rest."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def sealed(*batches: int) -> list[Entry]:
    """Write and seal batches of so many entries, one each minute."""
    entries: list[Entry] = []
    for minutes, count in enumerate(batches):
        entries += write(*(f"event.{place}" for place in range(count)), minutes=minutes)
        sealing.seal_trail(at=NOW + minutes * MINUTE)
    return entries


def found() -> list[tuple[FindingKind, int | None, int | None]]:
    """What the verification finds."""
    kept = heads.read(Path(settings.TRAIL_HEADS))
    return [(each.kind, each.seal, each.entry) for each in verify_trail(kept).findings]


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


DAMAGES: dict[str, tuple[Callable[[list[Entry]], tuple[str, list[int]]], set[FindingKind]]] = {
    "a detail is changed": (
        lambda rows: (
            'UPDATE audit_entry SET details = details || \'{"amount": "12.50"}\' WHERE id = %s',
            [rows[1].pk],
        ),
        {FindingKind.ENTRY_CHANGED},
    ),
    "a name is changed": (
        lambda rows: ("UPDATE audit_entry SET by_name = 'Någon annan' WHERE id = %s", [rows[4].pk]),
        {FindingKind.ENTRY_CHANGED},
    ),
    "a time is changed": (
        lambda rows: ("UPDATE audit_entry SET at = at + interval '1 second' WHERE id = %s", [rows[0].pk]),
        {FindingKind.ENTRY_CHANGED},
    ),
    "an entry is removed": (
        lambda rows: ("DELETE FROM audit_entry WHERE id = %s", [rows[2].pk]),
        {FindingKind.ENTRY_REMOVED},
    ),
    "all are removed": (lambda _rows: ("DELETE FROM audit_entry", []), {FindingKind.ENTRY_REMOVED}),
    "two change places": (
        lambda rows: (
            "UPDATE audit_entry SET id = -id WHERE id IN (%s, %s); UPDATE audit_entry SET id = %s + id WHERE id < 0",
            [rows[0].pk, rows[1].pk, rows[0].pk + rows[1].pk],
        ),
        {FindingKind.ENTRY_CHANGED},
    ),
    "a seal is changed": (
        lambda _rows: ("UPDATE audit_seal SET sealed_at = sealed_at - interval '1 day' WHERE number = 2", []),
        {FindingKind.SEAL_CHANGED},
    ),
    "a seal is removed": (
        lambda _rows: ("DELETE FROM audit_seal WHERE number = 2", []),
        {FindingKind.SEAL_MISSING, FindingKind.SEAL_CHANGED, FindingKind.HEAD_WITHOUT_SEAL},
    ),
    "the last seal is removed with its entries": (
        lambda rows: (
            "DELETE FROM audit_seal WHERE number = 3; DELETE FROM audit_entry WHERE id >= %s",
            [rows[5].pk],
        ),
        {FindingKind.HEAD_WITHOUT_SEAL},
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found(damage: str) -> None:
    make, kinds = DAMAGES[damage]
    statement, values = make(sealed(3, 2, 2))
    assert found() == []
    as_owner(statement, *values)
    assert {kind for kind, _seal, _entry in found()} == kinds


@pytest.mark.django_db
def test_what_was_changed_is_named() -> None:
    entries = sealed(3, 2)
    as_owner("UPDATE audit_entry SET rule = 'manager' WHERE id = %s", entries[3].pk)
    as_owner("DELETE FROM audit_entry WHERE id = %s", entries[0].pk)
    assert found() == [
        (FindingKind.ENTRY_REMOVED, 1, entries[0].pk),
        (FindingKind.ENTRY_CHANGED, 2, entries[3].pk),
    ]


@pytest.mark.django_db
def test_entry_that_is_put_in_afterwards_is_found() -> None:
    entries = sealed(3, 2)
    as_owner("DELETE FROM audit_entry WHERE id = %s", entries[4].pk)
    sealing.seal_trail(at=NOW + timedelta(days=3))
    [late] = write("line.approved")
    as_owner("UPDATE audit_entry SET id = -5 WHERE id = %s", late.pk)
    as_owner("UPDATE audit_entry SET id = 0 WHERE id = -5")
    [new] = write("line.approved", minutes=60 * 24 * 3)
    sealing.seal_trail(at=NOW + timedelta(days=3))
    # It says that it happened before the sealing three days ago, but was not there then.
    as_owner("UPDATE audit_entry SET id = %s WHERE id = 0", new.pk + 1)
    as_owner("SELECT setval(pg_get_serial_sequence('audit_entry', 'id'), %s)", new.pk + 1)
    sealing.seal_trail(at=NOW + timedelta(days=3, minutes=1))
    assert found() == [
        (FindingKind.ENTRY_REMOVED, 2, entries[4].pk),
        (FindingKind.ENTRY_BACKDATED, 4, new.pk + 1),
    ]


@pytest.mark.django_db
def test_entry_in_a_gap_that_no_sealing_looks_at_is_found() -> None:
    first = sealed(2)
    [lost] = write("event.lost")
    as_owner("DELETE FROM audit_entry WHERE id = %s", lost.pk)  # as a transaction that was given up leaves it
    write("event.next", minutes=1)
    sealing.seal_trail(at=NOW + MINUTE)
    write("event.days_later", minutes=60 * 24 * 4)
    sealing.seal_trail(at=NOW + timedelta(days=4))
    write("event.days_later", minutes=60 * 24 * 8)
    sealing.seal_trail(at=NOW + timedelta(days=8))
    as_owner("UPDATE audit_entry SET id = %s WHERE id = %s", lost.pk, first[0].pk)
    assert found() == [
        (FindingKind.ENTRY_REMOVED, 1, first[0].pk),
        (FindingKind.ENTRY_ADDED, None, lost.pk),
    ]


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
@pytest.mark.parametrize("change", [(b"", b""), (b"event.1", b"event.2"), (b"[", b"[]\n[")])
def test_another_can_verify_what_is_exported_with_a_few_lines(
    change: tuple[bytes, bytes], tmp_path: Path
) -> None:
    sealed(3, 2, 2)
    entries = b"".join(Seals(2, 3).entry_lines())
    (tmp_path / "entries.jsonl").write_bytes(entries.replace(*change, 1))
    (tmp_path / "seals.jsonl").write_bytes(b"".join(Seals(2, 3).seal_lines()))
    recipe = Path(audit.__file__).with_name("recipe.py")
    done = subprocess.run([sys.executable, recipe], cwd=tmp_path, capture_output=True, text=True, check=False)
    is_whole = change == (b"", b"")
    assert (done.returncode == 0) is is_whole, done.stderr
    assert (Seal.objects.get(number=3).digest in done.stdout) is is_whole


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
