"""Many rows need no more memory than few: an import to the difference and to being applied, a list that is made a workbook."""

from pathlib import Path

import pytest

from catalog.models import Synonym
from tests.history.test_memory import ALLOWED, memory_of, pytestmark

__all__ = ["pytestmark"]

IMPORT = """
import sys
import django
django.setup()
from django.core.management import call_command
call_command("import_register", "synonyms", sys.argv[1], "--apply")
print(next(row.split()[1] for row in open("/proc/self/status") if row.startswith("VmHWM")))
"""
LIST = """
import sys
import tempfile
from pathlib import Path
import django
django.setup()
from registers.downloads import write_rows
from registers.listing import Selection
from registers.register import REGISTERS
selection = Selection(REGISTERS["synonyms"], words=sys.argv[1])
with tempfile.TemporaryDirectory() as directory:
    write_rows(Path(directory) / "list.xlsx", selection)
print(next(row.split()[1] for row in open("/proc/self/status") if row.startswith("VmHWM")))
"""


@pytest.mark.django_db(transaction=True)
def test_an_import_of_four_times_as_many_rows_takes_no_more_memory(tmp_path: Path) -> None:
    usages = []
    for count in (15_000, 60_000):
        path = tmp_path / f"{count}.csv"
        path.write_text(
            "Sökord;Betyder\n" + "".join(f"ord {count} {n};betydelse {n}\n" for n in range(count))
        )
        usages.append(memory_of(IMPORT, str(path)))
    assert Synonym.objects.count() == 75_000
    assert usages[1] - usages[0] < ALLOWED, usages


@pytest.mark.django_db(transaction=True)
def test_a_list_of_four_times_as_many_rows_takes_no_more_memory() -> None:
    Synonym.objects.bulk_create(
        Synonym(term=f"{'vart fjärde' if n % 4 == 0 else 'annat'} ord {n}", means=f"betydelse {n}")
        for n in range(60_000)
    )
    usages = [memory_of(LIST, words) for words in ("fjärde", "betydelse")]
    assert usages[1] - usages[0] < ALLOWED, usages
