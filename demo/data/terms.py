"""When the region orders, which amounts limit it, and what its reports say: files that are handed in as they stand."""

from datetime import date

from demo.data.files import records

FILES = {
    "thresholds": "thresholds.csv",
    "index_series": "index_series.csv",
    "index_values": "index_values.csv",
    "order_times": "order_times.csv",
    "report_texts": "standard_texts.csv",
    "indicator_targets": "indicator_targets.csv",
}


def terms(today: date) -> dict[str, list[dict[str, str]]]:
    """The rows of each file by its register's name; the region is closed on the eve of the next Epiphany."""
    eve = {"day": date(today.year + 1, 1, 5).isoformat(), "reason": "Trettondagsafton"}
    return {name: list(records(file)) for name, file in FILES.items()} | {"closed_days": [eve]}
