"""Suppliers, and how they take orders."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agreements.models import Supplier
from core.components import Link
from core.errors import InvalidInput
from office.permissions import can_see_registers, is_head
from office.registers.addresses import NotAPeppolAddress
from office.registers.order_terms import FreeFreightHasNoFee, OrderAmountNotPositive
from registers.columns import Column
from registers.register import Group, Register
from reporting.periods import a_year_before
from reporting.supplier_facts import supplier_facts


class NotOneAddress(InvalidInput):
    """Orders go to one address."""

    code = "supplier_needs_one_address"
    sentence = _("Ange en enda e-postadress för beställningar.")


class ConductNotBegun(InvalidInput):
    """What has not begun is not shown."""

    code = "supplier_code_of_conduct_not_begun"
    sentence = _(
        "Uppförandekoden är inte påbörjad, så ingenting visar den. Ta bort dagen, eller ändra uppförandekod."
    )


def _notes(supplier: Model, day: date) -> Sequence[Link]:
    """Why nothing is ordered from it, and how it has delivered."""
    return [*_examinations(supplier), *_deliveries(supplier, day)]


def _examinations(supplier: Model) -> Sequence[Link]:
    """That it was proposed before it came into the register, and is not accepted, with the way to the examinations."""
    if not isinstance(supplier, Supplier) or not supplier.awaits_examination:
        return []
    text = _("Föreslagen med ett behov, och inte godkänd i prövningen. Inget beställs från den än.")
    return [Link(str(text), reverse("desk:supplier_proposals"))]


def _deliveries(supplier: Model, day: date) -> Sequence[Link]:
    """How it has delivered in the last twelve months, with the way to the rows."""
    facts = supplier_facts(supplier.pk, since=a_year_before(day), through=day)
    if facts.on_time_percent is None or facts.whole_percent is None:
        return []
    text = _(
        "Senaste tolv månaderna: %(time)s %% i tid, %(whole)s %% komplett från början, %(wrong)s avvikelser."
    )
    numbers = {"time": facts.on_time_percent, "whole": facts.whole_percent, "wrong": facts.deviating}
    return [Link(text % numbers, reverse("reporting:supplier", args=[supplier.pk]))]


SUPPLIERS = Register(
    name="suppliers",
    group=Group.AGREEMENTS,
    title=_("Leverantörer"),
    one=_("leverantör"),
    model=Supplier,
    columns=[
        Column("org_number", _("Organisationsnummer"), is_key=True),
        Column("name", _("Namn"), is_required=True),
        Column("order_email", _("E-post för beställningar"), is_required=True, others=("email",)),
        Column("order_channel", _("Ordrar skickas med"), is_required=False),
        Column(
            "peppol_id",
            _("Peppol-adress"),
            note=_("Som 0007:5560001111. Lämna tom när det är organisationsnumret."),
        ),
        Column(
            "answer_days",
            _("Svarar på en order inom, arbetsdagar"),
            note=_("Lämna tom när leverantören inte brukar svara."),
        ),
        Column(
            "minimum_order_amount",
            _("Minsta ordervärde"),
            note=_("En mindre order väntar på mer, så länge det som behövs hinner komma i tid."),
        ),
        Column(
            "order_cutoff",
            _("Ordrar samma dag till klockan"),
            note=_("En order som kommer senare på dagen räknas från nästa arbetsdag."),
        ),
        Column("freight_amount", _("Frakt per order, exkl. moms")),
        Column("freight_free_amount", _("Fraktfritt från")),
        Column("gln", _("GLN")),
        Column("code_of_conduct", _("Uppförandekod")),
        Column(
            "code_of_conduct_through_date",
            _("Uppförandekod visad till och med"),
            note=_(
                "Sista dagen för det som visar den, som en självskattning eller en revision. Tomt är tills vidare."
            ),
        ),
        Column("blocked_reason", _("Spärrad för att")),
    ],
    may_see=can_see_registers,
    may_change=is_head,
    sentences={
        "supplier_order_email_is_one_address": NotOneAddress,
        "supplier_code_of_conduct_has_begun": ConductNotBegun,
        "supplier_peppol_address": NotAPeppolAddress,
        "supplier_free_freight_has_a_fee": FreeFreightHasNoFee,
        "supplier_order_amounts_positive": OrderAmountNotPositive,
    },
    notes=_notes,
    searched=["org_number", "name"],
    filtered=["code_of_conduct"],
)
