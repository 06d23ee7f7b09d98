"""A file of heads that is lost or altered is told, and what was held against nothing does not say that it held."""

import contextlib
import json
import logging
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from audit import heads
from audit.operations import nightly, sealing
from audit.verification import FindingKind
from core.models import RoutineRun
from core.routines import Routine
from tests.audit.trail import MINUTE, sealed, write
from tests.cast import NOW

pytestmark = pytest.mark.django_db
NIGHT = NOW.replace(hour=3, minute=10)


def verified(*arguments: str) -> tuple[str, dict[str, Any]]:
    text, told = StringIO(), StringIO()
    for output, stream in (("text", text), ("json", told)):
        with contextlib.suppress(SystemExit):
            call_command("verify_trail", *arguments, output=output, stdout=stream)
    return text.getvalue(), json.loads(told.getvalue())


def test_verification_says_against_how_many_heads_it_held() -> None:
    sealed(2, 1, 1)
    text, told = verified()
    assert "Held against the heads of 3 seals outside the database, the last of seal 3." in text
    assert told["heads"] == {"count": 3, "last": 3}


def test_verification_without_heads_says_that_nothing_outside_was_asked(kept_heads: Path) -> None:
    sealed(2, 1)
    kept_heads.unlink()
    text, told = verified()
    assert "No head outside the database was there to hold it against" in text
    assert told["heads"] == {"count": 0, "last": None}
    run = nightly.verify_trail(at=NIGHT)
    assert run
    assert run.counts == {"seals": 2, "entries": 3, "heads": 0}


def test_head_that_was_taken_out_of_the_file_is_found(kept_heads: Path, tmp_path: Path) -> None:
    sealed(1, 1, 1)
    first, _second, third = kept_heads.read_text().splitlines(keepends=True)
    kept_heads.write_text(first + third)
    told = verified()[1]
    assert told["findings"] == [{"kind": FindingKind.HEAD_LACKING, "seal": 2, "entry": None}]
    run = nightly.verify_trail(at=NIGHT)
    assert run
    assert run.faults == {FindingKind.HEAD_LACKING: 1}
    letters = tmp_path / "letters.txt"  # of some seals only
    letters.write_text(third)
    assert verified("--heads", str(letters))[1]["as_sealed"] is True


def test_file_that_is_lost_is_begun_anew_and_that_is_told(
    kept_heads: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sealed(2, 1)
    assert not RoutineRun.objects.filter(routine=Routine.TRAIL_HEAD).exists()
    kept_heads.unlink()
    write("event.later", minutes=5)
    with caplog.at_level(logging.ERROR):
        sealing.seal_trail(at=NOW + 5 * MINUTE)
    assert len(list(heads.read(kept_heads))) == 3
    assert "begun anew" in caplog.text
    [noted] = RoutineRun.objects.filter(routine=Routine.TRAIL_HEAD)
    assert set(noted.faults) == {"file"}
    assert heads.are_missed(noted.ended_at)
    write("event.later", minutes=6)
    sealing.seal_trail(at=NOW + 6 * MINUTE)
    assert RoutineRun.objects.filter(routine=Routine.TRAIL_HEAD).count() == 1


def test_first_file_is_no_loss(kept_heads: Path) -> None:
    assert not kept_heads.exists()
    sealed(2, 1)
    assert not RoutineRun.objects.filter(routine=Routine.TRAIL_HEAD).exists()
