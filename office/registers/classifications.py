"""The classifications that the whole Union shares."""

from django.utils.translation import gettext_lazy as _

from categories.models import ClassificationCode, Scheme
from core.errors import InvalidInput
from office.permissions import can_see_registers, is_administrator
from registers.columns import Column
from registers.kinds import Reference
from registers.register import Group, Register

CPV = Reference(model=ClassificationCode, by="code", among={"scheme": Scheme.CPV.value})
EMDN = Reference(model=ClassificationCode, by="code", among={"scheme": Scheme.EMDN.value})


class CodeOfAnotherScheme(InvalidInput):
    """CPV has eight digits and a check digit, EMDN a letter and digits."""

    code = "classification_code_of_another_scheme"
    sentence = _("Koden är inte skriven som sin klassificering: 33141420-0 i CPV, A010101 i EMDN.")


CLASSIFICATIONS = Register(
    name="classifications",
    group=Group.CATEGORIES,
    title=_("Klassificeringskoder"),
    one=_("klassificeringskod"),
    model=ClassificationCode,
    columns=[
        Column("code", _("Kod"), is_key=True),
        Column("scheme", _("Klassificering"), is_required=True),
        Column("name", _("Namn"), is_required=True),
        Column("name_en", _("Namn på engelska")),
        Column("parent", _("Överordnad kod"), kind=Reference(by="code")),
    ],
    may_see=can_see_registers,
    may_change=is_administrator,
    sentences={"classification_code_of_its_scheme": CodeOfAnotherScheme},
    searched=["code", "name", "name_en"],
    filtered=["scheme"],
)
