"""
The same rows as the chain writes, by Django views that only write: no rule, no lock, no sign-in, no middleware.

What a Django program costs before it does anything for anybody. gunicorn serves it as it serves the program.
"""

import json
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import F
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone

from agreements.models import Agreement
from audit.models import Entry
from bench.seat import LINES
from catalog.models import Price
from procurement.models import (
    Allocation,
    LineDecision,
    OrderLine,
    PurchaseOrder,
    Receipt,
    ReceiptLine,
    Requisition,
    RequisitionLine,
)


@transaction.atomic
def submit(request: HttpRequest) -> JsonResponse:
    """Write a requisition with its lines."""
    seat, at = json.loads(request.body), timezone.now()
    requisition = Requisition.objects.create(
        key=uuid4(),
        number=f"B{_next('procurement_requisition_number')}",
        department_id=seat["department"],
        requester_id=seat["requester"],
        charged_department_id=seat["department"],
        activity_id=seat["activity"],
        delivery_place_id=seat["place"],
        needed_by_date=seat["needed_by"],
        created_at=at,
        submitted_at=at,
    )
    lines = RequisitionLine.objects.bulk_create(
        RequisitionLine(
            requisition=requisition,
            position=position,
            kind="item",
            item=price.item,
            description=price.item.name,
            quantity=10,
            unit=price.item.order_unit,
            unit_price=price.unit_price,
            amount=price.unit_price * 10,
            category_id=price.item.category_id,
            charged_department_id=seat["department"],
            delivery_place_id=seat["place"],
            needed_by_date=seat["needed_by"],
            agreement_id=price.agreement_id,
            supplier_id=price.supplier_id,
            account_id=seat["account"],
            status="awaiting",
            responsible_id=seat["manager"],
            routing_rule="manager",
            response_due_date=seat["needed_by"],
            submitted_at=at,
        )
        for position, price in enumerate(
            Price.objects.filter(item__in=seat["items"]).select_related("item").order_by("item"), 1
        )
    )
    _record("line.routed", seat["requester"], [requisition.pk, *(line.pk for line in lines)])
    return JsonResponse({"lines": [line.pk for line in lines]})


@transaction.atomic
def approve(request: HttpRequest) -> JsonResponse:
    """Write decisions, and commit under the agreement."""
    seat, at = json.loads(request.body), timezone.now()
    Agreement.objects.filter(pk=seat["agreement"]).update(
        committed_amount=F("committed_amount") + 58 * 10 * LINES
    )
    lines = RequisitionLine.objects.filter(pk__in=seat["lines"])
    lines.update(
        status="approved",
        approved_item=F("item"),
        approved_quantity=F("quantity"),
        approved_unit=F("unit"),
        approved_unit_price=F("unit_price"),
        approved_amount=F("amount"),
        approved_agreement=F("agreement"),
        approved_supplier=F("supplier"),
        decided_by=seat["manager"],
        decided_at=at,
        order_due_at=at,
    )
    LineDecision.objects.bulk_create(
        LineDecision(
            line=line,
            kind="approved",
            by_id=seat["manager"],
            rule="manager",
            at=at,
            item_id=line.item_id,
            quantity=line.quantity,
            unit_price=line.unit_price,
        )
        for line in lines
    )
    _record("line.approved", seat["manager"], seat["lines"])
    return JsonResponse({})


@transaction.atomic
def order(request: HttpRequest) -> JsonResponse:
    """Write an order with its lines and allocations."""
    seat, at = json.loads(request.body), timezone.now()
    purchase_order = PurchaseOrder.objects.create(
        number=f"B{_next('procurement_order_number')}",
        supplier_id=seat["supplier"],
        agreement_id=seat["agreement"],
        delivery_place_id=seat["place"],
        created_at=at,
        created_by_id=seat["manager"],
        next_attempt_at=at,
    )
    lines = RequisitionLine.objects.filter(pk__in=seat["lines"])
    order_lines = OrderLine.objects.bulk_create(
        OrderLine(
            order=purchase_order,
            position=line.position,
            item_id=line.item_id,
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            amount=line.amount,
            requested_date=seat["needed_by"],
            expected_date=seat["needed_by"],
        )
        for line in lines
    )
    allocations = Allocation.objects.bulk_create(
        Allocation(line=line, order_line=order_line, quantity=line.quantity)
        for line, order_line in zip(lines, order_lines, strict=True)
    )
    lines.update(status="ordered")
    _record("order.created", seat["manager"], [purchase_order.pk])
    return JsonResponse({"allocations": [allocation.pk for allocation in allocations]})


@transaction.atomic
def receive(request: HttpRequest) -> JsonResponse:
    """Write a receipt with its lines."""
    seat, at = json.loads(request.body), timezone.now()
    receipt = Receipt.objects.create(
        key=uuid4(), department_id=seat["department"], received_by_id=seat["receiver"], received_at=at
    )
    allocations = Allocation.objects.filter(pk__in=seat["allocations"])
    ReceiptLine.objects.bulk_create(
        ReceiptLine(
            receipt=receipt,
            allocation=allocation,
            quantity=allocation.quantity,
            unit_price=allocation.order_line.unit_price,
            amount=allocation.order_line.amount,
        )
        for allocation in allocations.select_related("order_line")
    )
    allocations.update(received_quantity=F("quantity"))
    RequisitionLine.objects.filter(pk__in=seat["lines"]).update(status="received")
    _record("receipt.recorded", seat["receiver"], seat["lines"])
    return JsonResponse({})


def _next(sequence: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [sequence])
        return int(cursor.fetchone()[0])


def _record(event: str, by: int, subjects: list[int]) -> None:
    Entry.objects.bulk_create(
        Entry(
            at=timezone.now(),
            event=event,
            by_id=by,
            by_name="Bänk",
            subject_type="line",
            subject_id=subject,
            subject_label="Artikel",
            details={},
        )
        for subject in subjects
    )


urlpatterns = [
    path("healthz", lambda _request: JsonResponse({})),
    path("submit", submit),
    path("approve", approve),
    path("order", order),
    path("receive", receive),
]
