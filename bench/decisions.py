"""Decisions a second: a hundred lines approved at once by the operation, beside the same rows written by plain SQL."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from bench import in_process, plain_sql
from bench.seat import LINES, Seat
from organizations.models import User
from procurement.models import RequisitionLine
from procurement.operations import decisions

AT_ONCE = 100
ROUNDS = 9


@dataclass(frozen=True)
class Decided:
    """Lines a second of each way (medians of the rounds), and the median of the rounds' ratios."""

    operation: float
    plain: float
    ratio: float


def measure(seat: Seat) -> Decided:
    """Let each way decide a hundred lines in turn, round after round, in this process; the first round is left out."""
    ways: tuple[Callable[[Seat, Sequence[RequisitionLine]], None], ...] = (by_operation, by_plain_sql)
    rounds = []
    for _round in range(ROUNDS + 1):
        durations = []
        for way in ways:
            lines = waiting(seat)
            start = time.perf_counter()
            way(seat, lines)
            durations.append(time.perf_counter() - start)
        rounds.append(durations)
    operation_times, sql_times = zip(*rounds[1:], strict=True)
    return Decided(
        AT_ONCE / statistics.median(operation_times),
        AT_ONCE / statistics.median(sql_times),
        statistics.median(sql_time / operation_time for operation_time, sql_time in rounds[1:]),
    )


def waiting(seat: Seat) -> list[RequisitionLine]:
    """A hundred lines that wait, from twenty requisitions."""
    requisitions = [in_process.ask(seat, timezone.now()) for _number in range(AT_ONCE // LINES)]
    return list(RequisitionLine.objects.filter(requisition__in=requisitions).order_by("pk"))


def by_operation(seat: Seat, lines: Sequence[RequisitionLine]) -> None:
    """Approve them as the queue does: rights, gate, ceilings, attests, answers and trail."""
    outcome = decisions.approve(lines=lines, by=User.objects.get(pk=seat.manager), at=timezone.now())
    assert len(outcome.done) == AT_ONCE


def by_plain_sql(seat: Seat, lines: Sequence[RequisitionLine]) -> None:
    """Write what the operation writes, and ask nothing."""
    ids = [line.pk for line in lines]
    facts = {
        **vars(seat),
        "lines": ids,
        "subjects": ids,
        "amount": sum(line.amount for line in lines),
        "event": "line.approved",
        "by": seat.manager,
    }
    statements = (
        plain_sql.COMMIT_CEILING,
        plain_sql.APPROVE,
        plain_sql.DECISIONS,
        plain_sql.TRAIL,
    )
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, facts)


def report(decided: Decided) -> str:
    """The section of RESULTS.md."""
    return f"""
# Decisions, measured

{AT_ONCE} lines of {AT_ONCE // LINES} requisitions are approved at once, under one agreement's ceiling, by the operation that the queue and
the API call, in one process; beside it plain SQL that writes the same rows and asks nothing. {ROUNDS} rounds in turn,
medians.

| way | decisions a second | ratio to plain SQL |
|---|--:|--:|
| plain SQL | {decided.plain:.0f} | 1.000 |
| operation | {decided.operation:.0f} | {decided.ratio:.3f} |
"""
