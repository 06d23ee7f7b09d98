"""Keep each source's price comparison, so that whoever looks at it does not wait for it."""

from django.db import connection

from core.transactions import operation
from history.models import PriceBaseline, PriceComparison, PurchaseHistoryLine
from history.price_savings import KEEP_BASELINES_SQL, compare, sources
from history.purchase_splits import split_purchases


@operation
def keep_comparisons() -> None:
    """Compare the lines of each source of which the lines are others than when they were compared."""
    with connection.cursor() as cursor:
        # The planner has to know of new lines at once: comparing them takes a second then, and a minute otherwise.
        cursor.execute("ANALYZE history_purchasehistoryline")
    for source in sources():
        if not PriceComparison.objects.current(source).exists():
            _keep(source)


def _keep(source: str) -> None:
    """Compare; the last line is read before the others, and one that comes in meanwhile makes the comparison count as old."""
    last = PurchaseHistoryLine.objects.filter(source=source).latest("pk").pk
    rows, lines_left_out = compare(source)
    defaults = {
        "last_line_id": last,
        "rows": [row.as_json() for row in rows],
        "splits": [each.as_json() for each in split_purchases(source)],
        "lines_left_out": lines_left_out,
    }
    PriceComparison.objects.update_or_create(source=source, defaults=defaults)
    PriceBaseline.objects.filter(source=source).delete()
    with connection.cursor() as cursor:
        cursor.execute(KEEP_BASELINES_SQL, {"source": source})
