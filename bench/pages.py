"""
What each main page costs, beside a plain Django page with the same rows.

Both are asked in this process through all that they pass, so that the CPU time is theirs alone. The plain page has a
table of the same rows and nothing else: no rights, no header, no counts, no middleware.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import django

from config import gunicorn

TIMES = 7
ORDERER, MANAGER, HEAD = "elin.bergvall", "karin.sundblad", "helena.stenmark"
TABLE = """<!doctype html><title>Rader</title><table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</table>"""


@dataclass(frozen=True)
class Page:
    """What a page costs: CPU and wall time in ms (medians), statements, kB of HTML; CPU of the plain one."""

    name: str
    cpu: float
    wall: float
    statements: int
    size: float
    plain_cpu: float


def measure() -> list[Page]:
    """Measure every main page in the database that the environment names, with the collector as gunicorn has it."""
    gunicorn.post_worker_init(None)
    from django.conf import settings  # noqa: PLC0415, the settings decide where the servers are

    settings.ALLOWED_HOSTS = ["testserver"]
    from django.template import engines  # noqa: PLC0415

    template = engines["django"].from_string(TABLE)
    return [_measure_page(*page, template) for page in pages()]


def _measure_page(name: str, who: str, address: str, rows: Callable[[], Any], template: Any) -> Page:
    ask = client(who)
    wall, cpu = _median_times(lambda: ask(address))
    _plain_wall, plain_cpu = _median_times(lambda: template.render({"rows": list(rows())}))
    return Page(name, cpu, wall, statements(ask, address), len(ask(address).content) / 1000, plain_cpu)


def pages() -> list[tuple[str, str, str, Callable[[], Any]]]:
    """Each main page: its name, whose it is, its address, and the rows of the plain one."""
    from catalog.models import Item  # noqa: PLC0415
    from procurement.models import PurchaseOrder, Requisition, RequisitionLine  # noqa: PLC0415

    items = Item.objects.order_by("pk").values_list("number", "name", "order_unit", "category__name")
    lines = RequisitionLine.objects.order_by("-pk").values_list(
        "description", "quantity", "unit", "amount", "requisition__department__name", "category__name"
    )
    orders = PurchaseOrder.objects.order_by("-created_at", "-pk").values_list(
        "number", "supplier__name", "delivery_place__department__name", "created_at", "status"
    )
    requisitions = Requisition.objects.order_by("-submitted_at", "-pk").values_list(
        "number", "submitted_at", "department__name", "requester__first_name"
    )
    return [
        ("start", ORDERER, "/start/", lambda: lines[:20]),
        ("catalogue", ORDERER, "/katalog/", lambda: items[:20]),
        ("catalogue, a category", ORDERER, "/katalog/?kategori=1010", lambda: items[:20]),
        ("search: handske", ORDERER, "/katalog/?q=handske", lambda: items[:20]),
        ("search: part of a compound", ORDERER, "/katalog/?q=kompress", lambda: items[:20]),
        ("search: misspelt", ORDERER, "/katalog/?q=undersökninshandske", lambda: items[:20]),
        ("search: number", ORDERER, "/katalog/?q=104412", lambda: items[:1]),
        ("suggestions", ORDERER, "/katalog/forslag/?q=hand", lambda: items[:6]),
        ("basket", ORDERER, "/korg/", lambda: lines[:5]),
        ("my orders", ORDERER, "/bestallningar/", lambda: requisitions[:20]),
        ("receive", ORDERER, "/ta-emot/", lambda: lines[:20]),
        ("queue", MANAGER, "/ko/", lambda: lines[:100]),
        ("purchase orders", MANAGER, "/inkopsordrar/", lambda: orders[:25]),
        ("purchase orders, the head's", HEAD, "/inkopsordrar/", lambda: orders[:25]),
        ("today", MANAGER, "/i-dag/", lambda: lines[:20]),
        ("who answers for what", HEAD, "/ansvar/", lambda: lines[:63]),
        ("savings", HEAD, "/besparingar/", lambda: lines[:20]),
        ("without baseline", HEAD, "/besparingar/utan-baslinje/", lambda: lines[:50]),
        ("outside agreements", HEAD, "/utanfor-avtal/", lambda: lines[:50]),
        ("price comparison", HEAD, "/prisjamforelse/", lambda: lines[:60]),
    ]


def client(name: str) -> Callable[[str], Any]:
    """Sign in as a person of the demo; give what asks for a page."""
    from django.test import Client  # noqa: PLC0415

    from organizations.models import User  # noqa: PLC0415

    client = Client()
    client.force_login(
        User.objects.get(email=f"{name}@gotland.example"), backend="django.contrib.auth.backends.ModelBackend"
    )

    def ask(address: str) -> Any:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer

    return ask


def _median_times(act: Callable[[], object]) -> tuple[float, float]:
    """Give the medians of wall and CPU time in ms, the first time left out."""
    act()
    walls, cpus = [], []
    for _time in range(TIMES):
        wall, cpu = time.perf_counter(), time.process_time()
        act()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return 1000 * statistics.median(walls), 1000 * statistics.median(cpus)


def statements(ask: Callable[[str], object], address: str) -> int:
    """Count the statements of a page."""
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as questions:
        ask(address)
    return len(questions)


def table(pages: list[Page]) -> str:
    """Write them as a table."""
    rows = "\n".join(
        f"| {each.name} | {each.cpu:.0f} | {each.plain_cpu:.1f} | {each.wall:.0f} | {each.statements} | {each.size:.0f} |"
        for each in pages
    )
    return (
        "| page | CPU ms | plain page, CPU ms | wall ms | statements | kB of HTML |\n"
        f"|---|--:|--:|--:|--:|--:|\n{rows}\n"
    )


def pages_of(text: str) -> list[Page]:
    """Read what ``main`` wrote."""
    return [Page(**each) for each in json.loads(text)]


def main() -> None:
    """Measure in a process of its own, and write to standard output."""
    django.setup()
    json.dump([asdict(each) for each in measure()], sys.stdout)


if __name__ == "__main__":
    main()
