"""Load the volume upon a demo region, all or nothing."""

from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from demo.models import Loading
from demo.operations.loading import NotADemo
from demo.volume.catalogue import write_catalogue
from demo.volume.chain import write_chain
from demo.volume.history import write_history
from demo.volume.tables import run


@dataclass(frozen=True, slots=True)
class Size:
    """How much: items, requisitions, lines of history."""

    items: int = 1_000_000
    requisitions: int = 201_000
    history: int = 5_000_000

    def scaled(self, scale: float) -> "Size":
        """Give a part of it."""
        return Size(int(self.items * scale), int(self.requisitions * scale), int(self.history * scale))


@transaction.atomic
def load_volume(size: Size) -> None:
    """
    Write the rows; triggers are off meanwhile, since each query finds its keys where they point.

    :raises NotADemo: settings.DEMO is not true, or the demo region is not loaded.
    """
    if not (settings.DEMO and Loading.objects.exists()):
        raise NotADemo
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SET LOCAL work_mem = '256MB'")
        cursor.execute("SET LOCAL jit = off")
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL session_replication_role = replica")
    write_catalogue(size.items)
    write_chain(size.requisitions)
    write_history(size.history)
    run(
        "WITH months AS (SELECT DISTINCT date_trunc('month', delivered_date)::date AS month FROM {DeliveredLine}),"
        " changed AS (INSERT INTO {ChangedMonth} (month) SELECT month FROM months)"
        " INSERT INTO {UncountedMonth} (month) SELECT month FROM months"
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute(
            "DROP TABLE IF EXISTS volume_pattern, volume_agreement, volume_words, volume_place, volume_post, volume_line, volume_asked,"
            " volume_ordered, volume_bought, volume_buyer"
        )
