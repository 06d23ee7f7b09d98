"""Whatever is done to entries and seals afterwards is found, or does not stop the sealing."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from audit.models import Entry, Seal
from audit.operations import sealing
from audit.verification import FindingKind
from tests.audit.trail import MINUTE, as_owner, found, sealed, write
from tests.cast import NOW

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
        {FindingKind.SEAL_CHANGED, FindingKind.ENTRY_AHEAD},
    ),
    "a seal is removed": (
        lambda _rows: ("DELETE FROM audit_seal WHERE number = 2", []),
        {FindingKind.SEAL_MISSING, FindingKind.SEAL_CHANGED, FindingKind.HEAD_WITHOUT_SEAL},
    ),
    "an entry is put before the first": (
        lambda rows: ("UPDATE audit_entry SET id = -7 WHERE id = %s", [rows[1].pk]),
        {FindingKind.ENTRY_REMOVED, FindingKind.ENTRY_ADDED},
    ),
    "an entry is put last of all": (
        lambda rows: ("UPDATE audit_entry SET id = 9223372036854775807 WHERE id = %s", [rows[1].pk]),
        {FindingKind.ENTRY_REMOVED, FindingKind.ENTRY_ADDED},
    ),
    "an entry is moved to before Christ": (
        lambda rows: (
            "UPDATE audit_entry SET at = (to_char(at, 'YYYY-MM-DD HH24:MI:SS.US') || '+00 BC')::timestamptz WHERE id = %s",
            [rows[0].pk],
        ),
        {FindingKind.ENTRY_BACKDATED},
    ),
    "where a seal begins to look is changed": (
        lambda _rows: ("UPDATE audit_seal SET after_id = 0 WHERE number = 3", []),
        {FindingKind.SEAL_CHANGED},
    ),
    "a seal is put before the first": (
        lambda _rows: (
            (
                "ALTER TABLE audit_seal DROP CONSTRAINT seal_number_from_one; "
                "INSERT INTO audit_seal SELECT 0, sealed_at, 0, '{}', '', digest FROM audit_seal WHERE number = 1"
            ),
            [],
        ),
        {FindingKind.SEAL_CHANGED, FindingKind.SEAL_FALSE},
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
@pytest.mark.parametrize("ids", ["{[%(next)s,)}", "{[%(next)s,%(far)s)}"])
def test_seal_of_entries_that_are_yet_to_come_is_found(ids: str) -> None:
    [last] = sealed(1)
    before = Seal.objects.get()
    seal = Seal(number=2, sealed_at=NOW, after_id=last.pk, digests=b"")
    seal.ids = ids % {"next": last.pk + 1, "far": last.pk + 1000}
    seal.digest = seal.sealed_with(previous=before.digest)
    seal.save(force_insert=True)  # as the program's own role may
    write("event.hidden")
    assert sealing.seal_trail(at=NOW + MINUTE) == 0
    assert found() == [(FindingKind.SEAL_FALSE, 2, None)]


@pytest.mark.django_db
def test_entry_beyond_the_numbers_that_were_given_is_found_and_stops_no_sealing() -> None:
    entries = sealed(2)
    as_owner("UPDATE audit_entry SET id = 4000000000000000000 WHERE id = %s", entries[1].pk)
    write("event.later", minutes=60 * 24 * 2)
    assert sealing.seal_trail(at=NOW + timedelta(days=2)) == 1
    write("event.later", minutes=60 * 24 * 4)
    assert sealing.seal_trail(at=NOW + timedelta(days=4)) == 1
    assert found() == [
        (FindingKind.ENTRY_REMOVED, 1, entries[1].pk),
        (FindingKind.ENTRY_ADDED, None, 4 * 10**18),
    ]


@pytest.mark.django_db
def test_entry_that_was_sealed_before_it_happened_is_found() -> None:
    [entry] = write("event.tomorrow", minutes=60 * 24)
    sealing.seal_trail(at=NOW)
    assert found() == [(FindingKind.ENTRY_AHEAD, 1, entry.pk)]


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [timedelta(days=400), -timedelta(days=400)])
def test_clock_that_was_wrong_stops_no_sealing(wrong: timedelta) -> None:
    for minutes, by in enumerate([timedelta(), wrong, timedelta(), timedelta(), timedelta()]):
        write("event.first", "event.second", minutes=minutes)
        assert sealing.seal_trail(at=NOW + by + minutes * MINUTE) == 1
    assert sum(seal.count for seal in Seal.objects.all()) == 10
    assert {kind for kind, _seal, _entry in found()} <= {FindingKind.ENTRY_BACKDATED, FindingKind.ENTRY_AHEAD}


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
    [missing_entry] = write("event.lost")
    as_owner(
        "DELETE FROM audit_entry WHERE id = %s", missing_entry.pk
    )  # as a transaction that was given up leaves it
    write("event.next", minutes=1)
    sealing.seal_trail(at=NOW + MINUTE)
    write("event.days_later", minutes=60 * 24 * 4)
    sealing.seal_trail(at=NOW + timedelta(days=4))
    write("event.days_later", minutes=60 * 24 * 8)
    sealing.seal_trail(at=NOW + timedelta(days=8))
    as_owner("UPDATE audit_entry SET id = %s WHERE id = %s", missing_entry.pk, first[0].pk)
    assert found() == [
        (FindingKind.ENTRY_REMOVED, 1, first[0].pk),
        (FindingKind.ENTRY_ADDED, None, missing_entry.pk),
    ]
