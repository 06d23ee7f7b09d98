"""
What differs between two versions of a line (pure: two lines in, differences out).

What is submitted is never changed: a change is a new version, which shows what it was before.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import formatting, units
from core.languages import current_language
from procurement.models import RequisitionLine

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is otherwise than in the version before, as people read it."""

    name: Text
    before: str
    after: str


def _quantity(line: RequisitionLine) -> str:
    language = current_language()
    number = formatting.quantity(line.quantity, language=language)
    return f"{number} {units.unit_word(line.unit, line.quantity, language=language)}"


def _unit_price(line: RequisitionLine) -> str:
    return formatting.unit_price(line.unit_price, language=current_language())


def _service_days(line: RequisitionLine) -> str:
    days = (line.service_start_date, line.service_end_date)
    return "–".join(formatting.iso(day) for day in days if day)


ASPECTS: Mapping[Text, tuple[tuple[str, ...], Callable[[RequisitionLine], str]]] = {
    _("Antal"): (("quantity",), _quantity),
    _("Pris"): (("unit_price",), _unit_price),
    _("Beskrivning"): (("description",), lambda line: line.description),
    _("Mer om behovet"): (("specification",), lambda line: line.specification),
    _("Plats"): (("service_place",), lambda line: line.service_place),
    _("Dagar"): (("service_start_date", "service_end_date"), _service_days),
    _("Ansvar"): (("charged_department_id",), lambda line: str(line.charged_department or "")),
    _("Leveransplats"): (("delivery_place_id",), lambda line: str(line.delivery_place or "")),
    _("Behövs senast"): (("needed_by_date",), lambda line: formatting.iso(line.needed_by_date)),
    _("Förslag på leverantör"): (("suggested_supplier",), lambda line: line.suggested_supplier),
}
"""The fields that a version may change, by what they are called, and how they are written; one more is one more row."""


def differences(line: RequisitionLine) -> list[Difference]:
    """What is otherwise in a line than in the version that it replaces; nothing for a first version."""
    before = line.replaces
    if before is None:
        return []
    return [
        Difference(name, say(before), say(line))
        for name, (fields, say) in ASPECTS.items()
        if any(getattr(before, field) != getattr(line, field) for field in fields)
    ]
