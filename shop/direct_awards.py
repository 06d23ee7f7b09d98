"""What is said of the direct-award limit while a need is described, and when it lies in the basket."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from categories.models import Category
from core import reader
from core.money import ZERO
from organizations.models import Department
from procurement.direct_award import SimilarPurchases
from procurement.models import RequisitionLine
from procurement.planning import PlannedLine
from procurement.similar_purchases import authorities_of, similar_purchases


def hint(
    department: Department,
    category: Category,
    amount: Decimal,
    *,
    held: Sequence[RequisitionLine],
    day: date,
) -> tuple[str, bool]:
    """
    Say what similar purchases come to, and whether the limit is passed with a need of an amount: two questions.

    :param held: what lies in her basket; what of it is similar is bought with the need.
    :returns: nothing to say where the region has entered no limit.
    """
    similar = _similar(department, [category.pk], day=day).get(category.pk)
    if similar is None or similar.limit is None:
        return "", False
    in_basket = sum((line.amount for line in held if _is_similar(line, category)), ZERO)
    before = similar.with_another(in_basket)
    after = before.with_another(amount)
    if after.is_above_limit:
        return passing(after), True
    text = (
        _(
            "Med det som ligger i korgen har regionen köpt %(category)s utanför avtal för %(amount)s på tolv månader, av"
            " %(limit)s som får direktupphandlas."
        )
        if in_basket
        else _(
            "Utanför avtal har regionen köpt %(category)s för %(amount)s på tolv månader, av %(limit)s som får"
            " direktupphandlas."
        )
    )
    return text % _facts(before), False


def _is_similar(line: RequisitionLine, category: Category) -> bool:
    """Whether a line of a basket is to be bought in the category, under no agreement."""
    its = line.item.category_id if line.item else line.category_id
    return line.agreement_id is None and its == category.pk


def passing(after: SimilarPurchases) -> str:
    """Say that a need takes similar purchases above the limit, and who decides then."""
    text = _(
        "Med det här behovet köper regionen %(category)s för %(amount)s på tolv månader utan avtal. Gränsen för"
        " direktupphandling är %(limit)s. Finns det inget avtal avgör inköpschefen, och svaret kan dröja."
    )
    return text % _facts(after)


def warnings_of(lines: Sequence[PlannedLine], department: Department, *, day: date) -> dict[int, str]:
    """What is said of the planned lines that would pass the limit, by their ids: two questions when any is outside agreements."""
    outside = [each for each in lines if each.category is not None and _is_outside(each)]
    similar = _similar(department, sorted({each.category.pk for each in outside if each.category}), day=day)
    warnings = {}
    for each in outside:
        category = each.category.pk if each.category else 0
        similar[category] = after = similar[category].with_another(each.amount)
        if after.is_above_limit:
            warnings[each.line.pk] = passing(after)
    return warnings


def _is_outside(planned: PlannedLine) -> bool:
    return planned.price is None or planned.price.agreement_id is None


def _similar(department: Department, categories: Sequence[int], *, day: date) -> dict[int, SimilarPurchases]:
    if not categories:
        return {}
    authority = authorities_of([department.administration_id])[department.administration_id]
    return similar_purchases(authority, categories, day=day)


def _facts(similar: SimilarPurchases) -> dict[str, str]:
    return {
        "category": str(similar.category),
        "amount": reader.kr(similar.amount, 0),
        "limit": reader.kr(similar.limit or ZERO, 0),
    }
