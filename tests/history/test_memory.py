"""Work on many rows needs no more memory than work on few: measured in processes of their own."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from history.models import PurchaseHistoryLine
from tests.cast import Cast
from tests.history.scms_files import table
from tests.reporting import initiatives

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = 12_000
"""So many more kB may work on four times as many rows take: what the allocator keeps, never the rows."""

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(
        not Path("/proc/self/status").exists(), reason="Linux tells what a process has taken at most"
    ),
]

IMPORT = """
import sys
import django
django.setup()
from django.core.management import call_command
call_command("import_register", "purchases", sys.argv[1], "--source", "scms", "--apply")
print(next(row.split()[1] for row in open("/proc/self/status") if row.startswith("VmHWM")))
"""

REPORT = """
import sys
import django
django.setup()
from reporting.report.lines import HeldLines, freeze_lines, thaw_lines
from reporting.report.excel import LINE_COLUMNS, _line
from core.workbooks import Book
from core.models import StoredFile
from reporting.report.snapshot import one_view
from datetime import date
from pathlib import Path
with one_view():
    lines = HeldLines(year=2020, through=date(2020, 12, 31))
with lines:
    frozen = freeze_lines(lines, counted=lambda count: None)
with frozen.file:
    kept = StoredFile.objects.keep(frozen.file)
path = Path(sys.argv[1])
with Book(path, title="x") as book:
    written = book.table("x", LINE_COLUMNS, map(_line, thaw_lines(kept.open())))
with path.open("rb") as made:
    StoredFile.objects.keep(made)
assert written == frozen.count == int(sys.argv[2]), (written, frozen.count)
print(next(row.split()[1] for row in open("/proc/self/status") if row.startswith("VmHWM")))
"""


def memory_of(program: str, *arguments: str) -> int:
    """The most memory that a program took, kB."""
    at = connection.settings_dict
    address = f"postgresql://{quote(at['USER'])}@/{quote(at['NAME'])}?host={quote(at['HOST'], safe='')}"
    result = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        check=True,
        timeout=120,
        capture_output=True,
        text=True,
    )
    return int(result.stdout.splitlines()[-1])


@pytest.mark.django_db(transaction=True)
def test_import_of_four_times_as_many_rows_takes_no_more_memory(tmp_path: Path) -> None:
    peaks = []
    for count in (8_000, 32_000):
        path = tmp_path / f"{count}.csv"
        path.write_text(table(*({"ID": f"{count}-{number}"} for number in range(count))))
        peaks.append(memory_of(IMPORT, str(path)))
    assert PurchaseHistoryLine.objects.count() == 40_000
    assert peaks[1] - peaks[0] < ALLOWED, peaks


@pytest.mark.django_db(transaction=True)
def test_freezing_four_times_as_many_lines_takes_no_more_memory(cast: Cast, tmp_path: Path) -> None:
    initiatives.example_b(cast)
    initiatives.many_savings(4_996)
    first = memory_of(REPORT, str(tmp_path / "first.xlsx"), "5000")
    initiatives.many_savings(15_000)
    second = memory_of(REPORT, str(tmp_path / "second.xlsx"), "20000")
    assert second - first < ALLOWED, (first, second)
