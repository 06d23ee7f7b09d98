"""What people read in the order of its names stands in Swedish order."""

import ast

import pytest

from agreements.models import Supplier
from desk.forms.absences import DelegationForm
from organizations.models import Department, Role, User
from tests.cast import TODAY, Cast, membership, person
from tests.repository import code

NAMES = ["Ambulansen", "Évabo", "Zinkgruvan", "Åsgården", "ärtan", "Ödlan"]


def test_nothing_is_ordered_by_a_name_as_the_computer_orders_it() -> None:
    violations = [
        f"{code.name(path)}:{node.lineno}"
        for path in code.mentioning("order_by")
        for node in ast.walk(code.tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "order_by"
        for each in node.args
        if isinstance(each, ast.Constant) and str(each.value).lstrip("-").rpartition("__")[2].endswith("name")
    ]
    assert violations == []


@pytest.mark.django_db
def test_suppliers_departments_and_people_stand_in_swedish_order(cast: Cast) -> None:
    Supplier.objects.all().update(name="Aaa")
    for number, name in enumerate(reversed(NAMES)):
        Supplier.objects.create(name=name, org_number=f"556100-000{number}", order_email="a@b.example")
        department = Department.objects.create(
            administration=cast.administration, cost_center=f"90{number}", name=name, activity=cast.activity
        )
        membership(cast.auditor, Role.REQUESTER, department)
        person(f"p{number}", name, "Berg", "Läkare")
    suppliers = Supplier.objects.in_order().values_list("name", flat=True)
    assert [name for name in suppliers if name in NAMES] == NAMES
    assert [each.name for each in Department.objects.ordering_for(cast.auditor)] == NAMES
    field = DelegationForm(day=TODAY, delegator=cast.head).fields["delegate"]
    people = [each.first_name for each in field.queryset]  # type: ignore[attr-defined]
    assert [name for name in people if name in NAMES] == NAMES
    assert User.objects.count() > len(NAMES)
