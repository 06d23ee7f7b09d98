"""
Filters of SCIM as questions to the database.

What has no question here is answered by holding each resource against the filter, which is as right and slower.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from scim2_models.path import (
    CompareOperator,
    Comparison,
    FilterNode,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
)

from core.text import is_storable
from organizations.models import ProvisionedMember
from provisioning.shapes import EnterpriseUser, Group, User

Question = Callable[[CompareOperator, Any], Q]
"""What an operator and a value ask of one attribute."""


class NoQuestion(Exception):
    """The database is not asked this."""


def question(node: FilterNode, attributes: Mapping[str, Question]) -> Q:
    """
    Make a filter a question.

    :raises NoQuestion: it asks for something else than the attributes, or in another way.
    """
    return _Asking(attributes).visit(node)


class _Asking(FilterVisitor[Q]):
    """Go through a filter, and ask for each of its parts."""

    def __init__(self, attributes: Mapping[str, Question]) -> None:
        self.attributes = attributes

    def visit_comparison(self, node: Comparison) -> Q:
        """Ask for one attribute."""
        name = str(node.attr_path).lower().removeprefix(f"{User.__schema__}:".lower())
        ask = self.attributes.get(name.removeprefix(f"{Group.__schema__}:".lower()))
        value = node.value
        if ask is None or value is None or value == "" or (isinstance(value, str) and not is_storable(value)):
            raise NoQuestion
        return ask(node.op, value)

    def visit_present(self, node: Present) -> Q:
        """Leave it to the other way."""
        raise NoQuestion

    def visit_not(self, node: Not) -> Q:
        """Ask for the contrary."""
        return ~self.visit(node.expr)

    def visit_logical_expr(self, node: LogicalExpr) -> Q:
        """Ask for all or any."""
        return reduce(and_ if node.op == LogicalOperator.and_ else or_, map(self.visit, node.terms))

    def visit_value_path(self, node: ValuePath) -> Q:
        """Ask for an entry that is equal in all that is said of it."""
        ask = self.attributes.get(f"{str(node.attr_path).lower()}[]")
        if ask is None:
            raise NoQuestion
        return ask(CompareOperator.eq, _equalities(node.val_filter))


def _equalities(node: FilterNode) -> dict[str, Any]:
    if isinstance(node, Comparison) and node.op == CompareOperator.eq:
        if isinstance(node.value, str) and not is_storable(node.value):
            raise NoQuestion
        return {str(node.attr_path).lower(): node.value}
    if isinstance(node, LogicalExpr) and node.op == LogicalOperator.and_:
        parts = [_equalities(each) for each in node.terms]
        entry = reduce(or_, parts)
        if len(entry) == len(parts):
            return entry
    raise NoQuestion


_TEXT_LOOKUPS: Final = {
    CompareOperator.eq: "iexact",
    CompareOperator.co: "icontains",
    CompareOperator.sw: "istartswith",
    CompareOperator.ew: "iendswith",
}
_EXACT_LOOKUPS: Final = {CompareOperator.eq: "exact"}
_MOMENT_LOOKUPS: Final = {
    CompareOperator.eq: "exact",
    CompareOperator.gt: "gt",
    CompareOperator.ge: "gte",
    CompareOperator.lt: "lt",
    CompareOperator.le: "lte",
}


def _text(field: str, lookups: Mapping[CompareOperator, str] = _TEXT_LOOKUPS) -> Question:
    def ask(operator: CompareOperator, value: Any) -> Q:
        if not isinstance(value, str):
            raise NoQuestion
        if operator == CompareOperator.ne:
            return ~Q((f"{field}__{lookups[CompareOperator.eq]}", value))
        if operator not in lookups:
            raise NoQuestion
        return Q((f"{field}__{lookups[operator]}", value))

    return ask


def _number(field: str) -> Question:
    def ask(operator: CompareOperator, value: Any) -> Q:
        if operator != CompareOperator.eq or not isinstance(value, str):
            raise NoQuestion
        try:
            number = UUID(value)
        except ValueError as error:
            raise NoQuestion from error
        return Q((field, number)) if str(number) == value else Q(pk__in=[])

    return ask


def _moment(field: str) -> Question:
    def ask(operator: CompareOperator, value: Any) -> Q:
        try:
            moment = datetime.fromisoformat(value)
        except (ValueError, TypeError) as error:
            raise NoQuestion from error
        if operator not in _MOMENT_LOOKUPS or moment.tzinfo is None:
            raise NoQuestion
        return Q((f"{field}__{_MOMENT_LOOKUPS[operator]}", moment))

    return ask


def _flag(field: str) -> Question:
    def ask(operator: CompareOperator, value: Any) -> Q:
        if operator != CompareOperator.eq or not isinstance(value, bool):
            raise NoQuestion
        return Q((field, value))

    return ask


def _address(operator: CompareOperator, value: Any) -> Q:
    """Addresses and their kinds are kept in small letters."""
    entry = value if isinstance(value, dict) else {"value": value}
    if operator != CompareOperator.eq or not all(isinstance(each, str) for each in entry.values()):
        raise NoQuestion
    return Q(emails__contains=[{name: text.lower() for name, text in entry.items()}])


def _member(operator: CompareOperator, value: Any) -> Q:
    entry = value if isinstance(value, dict) else {"value": value}
    if set(entry) != {"value"}:
        raise NoQuestion
    rows = ProvisionedMember.objects.filter(_number("person__number")(operator, entry["value"]))
    return Q(Exists(rows.filter(group=OuterRef("pk"))))


_ENTERPRISE: Final = f"{EnterpriseUser.__schema__}:".lower()

OF_PEOPLE: Final[Mapping[str, Question]] = {
    "id": _number("number"),
    "username": _text("user_name"),
    "externalid": _text("external_id", _EXACT_LOOKUPS),
    "displayname": _text("display_name"),
    "title": _text("user__title"),
    "name.givenname": _text("user__first_name"),
    "name.familyname": _text("user__last_name"),
    "active": _flag("user__is_active"),
    "emails": _address,
    "emails.value": _address,
    "emails[]": _address,
    "meta.created": _moment("created_at"),
    "meta.lastmodified": _moment("changed_at"),
    f"{_ENTERPRISE}employeenumber": _text("employee_number"),
    f"{_ENTERPRISE}department": _text("department"),
}
OF_GROUPS: Final[Mapping[str, Question]] = {
    "id": _number("number"),
    "externalid": _text("external_id", _EXACT_LOOKUPS),
    "displayname": _text("name"),
    "members": _member,
    "members.value": _member,
    "members[]": _member,
    "meta.created": _moment("created_at"),
    "meta.lastmodified": _moment("changed_at"),
}
ORDERS_OF_PEOPLE: Final = {
    "id": "number",
    "username": "user_name",
    "displayname": "display_name",
    "meta.created": "created_at",
    "meta.lastmodified": "changed_at",
}
ORDERS_OF_GROUPS: Final = {
    "id": "number",
    "displayname": "name",
    "meta.created": "created_at",
    "meta.lastmodified": "changed_at",
}
