"""The whole trail as auditors read it: each code's sentence, and the page that its subject has."""

from collections.abc import Mapping

from django.urls import reverse

from agreements.events import Event as AgreementsEvent
from assortment.events import Event as AssortmentEvent
from assortment.models import Stance
from audit.models import Entry
from catalog.events import Event as CatalogEvent
from catalog.models import DocumentKind
from categories.events import Event as CategoriesEvent
from factors import events as factors
from notices.events import Event as NoticesEvent
from organizations.events import Event as OrganizationsEvent
from procurement import trail
from procurement.events import Event as ProcurementEvent
from procurement.trail import Text
from registers import trail as rows_trail
from registers.events import Event as RegistersEvent
from registers.register import REGISTERS
from reporting.events import Event as ReportingEvent
from reporting.models import BaselineMethod

SENTENCES: Mapping[str, Text] = dict(
    [
        *ProcurementEvent.choices,
        *OrganizationsEvent.choices,
        *factors.Event.choices,
        *AssortmentEvent.choices,
        *CategoriesEvent.choices,
        *AgreementsEvent.choices,
        *CatalogEvent.choices,
        *NoticesEvent.choices,
        *RegistersEvent.choices,
        *ReportingEvent.choices,
    ]
)
"""Every audit code with its sentence, in the order of the chain."""


WORDS: Mapping[str, Text] = {
    **trail.WORDS,
    **factors.WORDS,
    **dict(BaselineMethod.choices),
    **dict(Stance.choices),
    **dict(DocumentKind.choices),
}


def details(entry: Entry) -> list[tuple[Text, str]]:
    """The facts of an entry of any app, as people read them; of a row of a register, what each column was and became."""
    if not rows_trail.is_about_a_row(entry):
        return trail.details(entry, words=WORDS)
    differences = [(f"{heading}:", text) for heading, text in rows_trail.differences(entry)]
    others = trail.details(entry, without=rows_trail.OWN, words=WORDS)
    return [(trail.DETAIL_NAMES["register"], str(rows_trail.title(entry))), *differences, *others]


def sentence(entry: Entry) -> Text:
    """Say what happened; a code that no app has any longer is shown as it is."""
    return SENTENCES.get(entry.event, entry.event)


def address(entry: Entry) -> str:
    """Where the subject can be seen, or nothing."""
    if entry.subject_type == "procurement.requisition":
        return reverse("shop:requisition", args=[entry.subject_label])
    if entry.subject_type == "procurement.purchaseorder":
        return reverse("desk:order", args=[entry.subject_label])
    if entry.subject_type == "procurement.requisitionline":
        return reverse("desk:line", args=[entry.subject_id])
    if entry.subject_type == "agreements.agreement" and not rows_trail.is_about_a_row(entry):
        return reverse("desk:agreement", args=[entry.subject_id])
    if entry.subject_type == "assortment.proposal":
        return reverse("desk:proposal", args=[entry.subject_id])
    if rows_trail.is_about_a_row(entry) and entry.details.get("register") in REGISTERS:
        return reverse("registers:row", args=[entry.details["register"], entry.subject_id])
    return ""
