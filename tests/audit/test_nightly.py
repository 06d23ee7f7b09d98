"""Each night the trail is held against its seals, and somebody is told of what differs."""

from datetime import timedelta
from pathlib import Path

import pytest

from audit.operations import nightly
from config import health
from core.models import RoutineRun
from core.routines import Routine
from tests.audit.trail import as_owner, sealed
from tests.cast import NOW

pytestmark = pytest.mark.django_db
NIGHT = NOW.replace(hour=3, minute=10)


def test_trail_is_held_against_its_seals_once_each_night() -> None:
    sealed(3, 2)
    assert nightly.verify_trail(at=NIGHT - timedelta(hours=1)) is None
    run = nightly.verify_trail(at=NIGHT)
    assert run
    assert (run.counts, run.faults) == ({"seals": 2, "entries": 5, "heads": 2}, {})
    assert nightly.verify_trail(at=NOW) is None
    assert health.trail() != "broken"


def test_what_was_changed_is_told_until_it_is_as_it_was_sealed(caplog: pytest.LogCaptureFixture) -> None:
    entries = sealed(3, 2)
    as_owner("UPDATE audit_entry SET subject_id = subject_id + 1 WHERE id = %s", entries[1].pk)
    run = nightly.verify_trail(at=NIGHT)
    assert run
    assert run.faults == {"entry_changed": 1}
    assert "The trail is not as it was sealed" in caplog.text
    assert health.trail() == "broken"
    as_owner("UPDATE audit_entry SET subject_id = subject_id - 1 WHERE id = %s", entries[1].pk)
    again = nightly.verify_trail(at=NIGHT + timedelta(days=1))
    assert again
    assert again.faults == {}


def test_heads_that_cannot_be_read_are_told_and_the_seals_still_verified(kept_heads: Path) -> None:
    entries = sealed(2)
    kept_heads.write_text("not a head\n")
    as_owner("DELETE FROM audit_entry WHERE id = %s", entries[0].pk)
    run = nightly.verify_trail(at=NIGHT)
    assert run
    assert set(run.faults) == {"heads", "entry_removed"}


def test_trail_without_a_file_of_heads_is_held_against_itself(kept_heads: Path) -> None:
    sealed(2)
    kept_heads.unlink()
    run = nightly.verify_trail(at=NIGHT)
    assert run
    assert run.faults == {}
    assert RoutineRun.objects.filter(routine=Routine.TRAIL).count() == 1
