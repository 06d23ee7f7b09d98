"""The root lock of procurement: the requisitions' rows, in primary key order, before anything else is locked."""

from django.db.models import QuerySet

from core.compiled import compiled_once
from procurement.models import Requisition

CODES = ("activity", "project")
PLACE = "delivery_place__department"


@compiled_once
def lock_requisitions(ids: list[int]) -> QuerySet[Requisition]:
    """Lock these requisitions, and give them as they are now, with the codes and the place that the gate asks for."""
    return Requisition.objects.locked().select_related(*CODES, PLACE, "department").filter(pk__among=ids)
