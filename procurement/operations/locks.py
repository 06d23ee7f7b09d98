"""The root lock of procurement: the requisitions' rows, in primary key order, before anything else is locked."""

from django.db.models import QuerySet

from core.compiled import compiled_once
from procurement.models import Requisition

CODES = ("activity", "project")


@compiled_once
def lock_requisitions(ids: list[int]) -> QuerySet[Requisition]:
    """Lock these requisitions, and give them as they are now, with the codes that the gate asks for."""
    return Requisition.objects.locked().select_related(*CODES, "department").filter(pk__among=ids)
