"""A hundred mixed lines in a manager's queue, asked for by several departments through the operations."""

from tests.faults.program import Program

ASKED_FOR = """
from decimal import ROUND_CEILING, Decimal

from django.db.models import Count
from django.utils import timezone
from datetime import timedelta

from catalog.models import Price
from categories.models import Category
from organizations.models import DeliveryPlace, Membership, Role, User
from procurement.models import RequisitionLine
from procurement.operations import baskets, requisitions

at = timezone.now()
day = timezone.localdate(at)
karin = User.objects.get(email="karin.sundblad@gotland.example")
medical = Category.objects.get(code="10")
gloves = Category.objects.get(code="1010")
needed = day + timedelta(days=21)
seen = set()
prices = [
    price
    for price in Price.objects.on(day).select_related("item").order_by("pk")
    if medical.pk in price.item.category.lineage
    and price.agreement_id
    and price.minimum_quantity <= 1
    and price.agreement.used_percent < 60
    and price.item.status == "standard"
    and not (price.item_id in seen or seen.add(price.item_id))
][:40]
orderers = []
for each in Membership.objects.on(day).filter(role=Role.REQUESTER).select_related("user", "department").order_by("pk"):
    place = DeliveryPlace.objects.filter(department=each.department).order_by("pk").first()
    if place and each.department.activity_id and each.user_id not in {one[0].pk for one in orderers} and each.user != karin:
        orderers.append((each.user, each.department, place))
orderers = orderers[:6]


def order(who, department, place, wanted, needs):
    basket = baskets.open_basket(department=department, by=who, at=at)
    for line in list(basket.lines.all()):
        baskets.set_quantity(line=line, quantity=Decimal(0), by=who, at=at)
    for price in wanted:
        many = (Decimal(2300) / price.unit_price).to_integral_value(ROUND_CEILING)
        baskets.add_item(basket=basket, item=price.item, quantity=many, by=who, at=at)
    for need in needs:
        baskets.add_free_text(
            basket=basket, description=need, specification="", category=gloves, quantity=Decimal(2), unit="st",
            estimated_unit_price=Decimal(1400), suggested_supplier="", by=who, at=at,
        )
    baskets.save_details(
        basket=basket, delivery_place=place, charged_department=department, activity=department.activity,
        account=None, project=None, needed_by_date=needed, reason="Veckobehov till avdelningen", by=who, at=at,
    )
    requisitions.submit(basket=basket, by=who, at=at)


common, rare = prices[:9], prices[9:]
for number, (who, department, place) in enumerate(orderers):
    mine = rare[number * 5 : number * 5 + 5]
    needs = [f"Specialhandske modell {number}{letter}" for letter in "ab"]
    order(who, department, place, [*common, *mine], needs)
print(RequisitionLine.objects.awaiting(karin, day).count())
"""


def fill(program: Program) -> int:
    """Let the departments ask, and tell how many lines wait for Karin then."""
    return int(program.manage("shell", "-v", "0", "-c", ASKED_FOR).strip().splitlines()[-1])
