"""Make reports again from what is kept, and compare."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from reporting.models import FollowUpReport
from reporting.report.checks import CheckKind, run_checks


class Command(BaseCommand):
    """`manage.py verify_reports [--through-date DAY] [--without-files]`."""

    help = (
        "Compute the checksums of every frozen report anew, draw its files again, and compare byte for byte. "
        "Ends with 1 when data differ; files that a newer program draws otherwise are only told."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take which reports, and whether files are drawn."""
        parser.add_argument("--through-date", help="only reports with this last day, as 2020-11-30")
        parser.add_argument("--without-files", action="store_true", help="compare the data only")

    def handle(self, *args: Any, through_date: str | None, without_files: bool, **options: Any) -> None:
        """Verify."""
        reports = FollowUpReport.objects.frozen().order_by("through_date", "version")
        if through_date:
            reports = reports.filter(through_date=through_date)
        differ = False
        with translation.override("sv"):
            for report in reports:
                checks = list(run_checks(report, with_files=not without_files))
                differ = differ or any(not each.is_same and each.of != CheckKind.FILES for each in checks)
                words = ", ".join(
                    f"{each.of.value} {'same' if each.is_same else 'DIFFER'}" for each in checks
                )
                self.stdout.write(f"{report} ({report.get_stage_display()}): {words}")
        if differ:
            sys.exit(1)
