"""Keep a source's price comparison, so that whoever looks at it does not wait for it."""

from django.db import connection

from core.transactions import operation
from history.models import PriceBaseline, PriceComparison, PurchaseHistoryLine
from history.price_savings import KEEP_BASELINES_SQL, compare


@operation
def keep_comparison(*, source: str) -> None:
    """
    Compare a source's lines, and keep what came of it.

    The last line is read before the others: one that comes in meanwhile makes the comparison count as old.
    """
    last = (
        PurchaseHistoryLine.objects.filter(source=source).order_by("-pk").values_list("pk", flat=True).first()
    )
    if last is None:
        return
    rows, lines_left_out = compare(source)
    kept = {"last_line_id": last, "rows": [row.as_json() for row in rows], "lines_left_out": lines_left_out}
    PriceComparison.objects.update_or_create(source=source, defaults=kept)
    PriceBaseline.objects.filter(source=source).delete()
    with connection.cursor() as cursor:
        cursor.execute(KEEP_BASELINES_SQL, {"source": source})
