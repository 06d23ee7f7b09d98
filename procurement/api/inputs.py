"""What the API asks for: the shape of input. Business checks are in the operations."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from agreements.models import Agreement, Supplier
from catalog.models import Item, RenewedCompetition
from categories.models import Category
from core.api import Chosen, DayField, KeyField, Named, QuantityField, UnitPriceField
from organizations.api import person
from organizations.models import AccountingCode, DeliveryPlace, Department, Dimension
from organizations.permissions import roles_on
from procurement.api.exceptions import ExceptionInput
from procurement.models import RejectionReason
from procurement.operations.proposing import ProposedSupplier

MOST_LINES = 500
UNIT_HELP = _("Beställningsenhet, där artikeln säljs i flera. Tomt för den vanliga.")

Input = serializers.Serializer[Any]


def items_to_order() -> QuerySet[Item]:
    """Items with what ordering needs to know of them."""
    return Item.objects.select_related("category").defer("search_vector")


class DepartmentField(Named[Department]):
    """A department by its code; one that the person orders for is known with her roles."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Department.objects.select_related("activity"),
            slug_field="cost_center",
            help_text=_("Ansvarskod."),
            **kwargs,
        )

    def to_internal_value(self, data: Any) -> Department:
        """Find the department among hers, or else among all."""
        own_departments = roles_on(person(self.context["request"]), timezone.localdate()).departments
        department = next((each for each in own_departments.values() if each.cost_center == data), None)
        return department or super().to_internal_value(data)


def text(length: int, **options: Any) -> serializers.CharField:
    """A text that may be left out."""
    return serializers.CharField(max_length=length, allow_blank=True, default="", **options)


def code(dimension: Dimension, **options: Any) -> Named[AccountingCode]:
    """A code of the coding string."""
    return Named(queryset=AccountingCode.objects.filter(dimension=dimension), slug_field="code", **options)


class AcceptPriceInput(Input):
    """The dearer price that the person has seen and says yes to."""

    unit_price = UnitPriceField()


class BasketInput(Input):
    """For which department."""

    department = DepartmentField()


class BasketItemInput(Input):
    """An item, how many, and in which order unit."""

    item = Named(queryset=items_to_order(), slug_field="number", help_text=_("Artikelnummer."))
    quantity = QuantityField()
    unit = text(20, help_text=UNIT_HELP)


class SupplierProposalInput(Input):
    """What is said of a supplier that the register does not have; its name is the one that is suggested."""

    name = serializers.CharField(max_length=120)
    org_number = serializers.CharField(
        max_length=30, help_text=_("Tio siffror, eller landets kod först om företaget är utländskt.")
    )
    contact = text(200, help_text=_("E-post för beställningar, eller webbplats."))
    reason = serializers.CharField(max_length=500)
    has_interest = serializers.BooleanField(
        help_text=_("Om du eller någon närstående har ett intresse i företaget (jäv).")
    )

    def validate(self, attrs: dict[str, Any]) -> ProposedSupplier:
        """Give it as the operations take it."""
        return ProposedSupplier(**attrs)


class FreeTextInput(Input):
    """A need that is not in the catalogue."""

    description = serializers.CharField(max_length=250)
    specification = text(5000)
    category = Named(queryset=Category.objects.open(), slug_field="code", allow_null=True, default=None)
    quantity = QuantityField()
    unit = serializers.CharField(max_length=20)
    estimated_unit_price = UnitPriceField()
    suggested_supplier = text(120)
    proposal = SupplierProposalInput(allow_null=True, default=None)


class ServiceInput(Input):
    """A service: what, where, when, how many hours at about what price."""

    description = serializers.CharField(max_length=250)
    specification = text(5000)
    category = Named(queryset=Category.objects.open(), slug_field="code", allow_null=True, default=None)
    place = serializers.CharField(max_length=100)
    start_date = DayField()
    end_date = DayField(allow_null=True, default=None)
    hours = QuantityField()
    estimated_unit_price = UnitPriceField(help_text=_("Kronor per timme."))
    suggested_supplier = text(120)
    proposal = SupplierProposalInput(allow_null=True, default=None)


class DetailsInput(Input):
    """Where to, when, why, and on which codes."""

    delivery_place = Chosen(queryset=DeliveryPlace.objects.all())
    charged_department = Named(queryset=Department.objects.all(), slug_field="cost_center")
    activity = code(Dimension.ACTIVITY)
    account = code(Dimension.ACCOUNT, allow_null=True, default=None)
    project = code(Dimension.PROJECT, allow_null=True, default=None)
    needed_by_date = DayField()
    reason = text(2000)


class LineAccountInput(Input):
    """The konto of one line; none is the category's."""

    line = KeyField()
    account = code(Dimension.ACCOUNT, allow_null=True)


class AccountsInput(Input):
    """Konto line by line; lines that are not named stay as they are."""

    accounts = serializers.ListField(child=LineAccountInput(), min_length=1, max_length=MOST_LINES)

    def validate_accounts(self, accounts: list[dict[str, Any]]) -> dict[int, AccountingCode | None]:
        """Put them by line."""
        return {each["line"]: each["account"] for each in accounts}


class CopyInput(Input):
    """Which requisition to order again."""

    requisition = KeyField()


class QuantityInput(Input):
    """How many order units."""

    quantity = QuantityField()


class ReviseInput(QuantityInput):
    """A new version of a line."""

    specification = text(5000)
    unit_price = UnitPriceField(
        allow_null=True,
        default=None,
        help_text=_("Det högre pris som beställaren sagt ja till. Behövs när ändringen gör raden dyrare."),
    )


class AnswerInput(Input):
    """An answer to a question."""

    text = serializers.CharField(max_length=2000, allow_blank=True)


RISEN_PRICE_HELP = _("Priset du godkänner. Behövs när priset har stigit sedan raden beställdes.")


class ApproveInput(ExceptionInput):
    """
    Approve as asked for; the last three complete a need in free text.

    An item whose price has risen since it was asked for is approved when `unit_price` names the price of today.
    """

    comment = text(2000)
    supplier = Chosen(queryset=Supplier.objects.all(), allow_null=True, default=None)
    unit_price = UnitPriceField(allow_null=True, default=None)
    agreement = Chosen(queryset=Agreement.objects.all(), allow_null=True, default=None)


class AdjustInput(QuantityInput, ExceptionInput):
    """Approve fewer, and why."""

    unit_price = UnitPriceField(allow_null=True, default=None, help_text=RISEN_PRICE_HELP)
    comment = serializers.CharField(max_length=2000, allow_blank=True)


class SubstituteInput(ExceptionInput):
    """Approve another item, so many of its own order units, and why."""

    item = Named(queryset=items_to_order(), slug_field="number", help_text=_("Artikelnummer."))
    quantity = QuantityField()
    unit_price = UnitPriceField(
        allow_null=True, default=None, help_text=_("Priset du har sett. Är det högre nu görs inget.")
    )
    condition = text(
        2000, help_text=_("Villkoret du har läst, när artikeln bara ersätter med villkor eller i kris.")
    )
    comment = serializers.CharField(max_length=2000, allow_blank=True)


class QuestionInput(Input):
    """A question to the requester."""

    question = serializers.CharField(max_length=2000, allow_blank=True)


class RejectInput(Input):
    """A reason."""

    reason_code = serializers.ChoiceField(choices=RejectionReason.choices)
    comment = text(2000)


class ReassignInput(Input):
    """Another category."""

    category = Named(queryset=Category.objects.open().select_related("account"), slug_field="code")


class RankRefusalInput(Input):
    """Which supplier of a ranked agreement said no, and what it said."""

    supplier = Named(
        queryset=Supplier.objects.all(), slug_field="org_number", help_text=_("Organisationsnummer.")
    )
    reason = serializers.CharField(max_length=500, allow_blank=True)


class NeedTieInput(Input):
    """Which open competition a need is to wait for."""

    competition = Chosen(queryset=RenewedCompetition.objects.all())


class RebookInput(Input):
    """Another account, of which none is the category's, activity or project; what is left out stays as it is."""

    account = code(Dimension.ACCOUNT, allow_null=True, required=False)
    activity = code(Dimension.ACTIVITY, required=False)
    project = code(Dimension.PROJECT, allow_null=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one of them at least."""
        if not attrs:
            raise serializers.ValidationError(_("Skriv vad raden ska bokföras på."))
        return attrs


class LinesInput(Input):
    """Which lines."""

    lines = serializers.ListField(
        child=KeyField(), min_length=1, max_length=MOST_LINES, help_text=_("Radernas id.")
    )


class LinePriceInput(Input):
    """What one unit of a line cost when it was shown."""

    line = KeyField()
    unit_price = UnitPriceField()


def by_line(prices: list[dict[str, Any]]) -> dict[int, Decimal]:
    """Unit prices by the line's id."""
    return {each["line"]: each["unit_price"] for each in prices}


class SubmitInput(Input):
    """Which lines of the basket, when not all, and what they cost when they were shown."""

    lines = serializers.ListField(
        child=KeyField(),
        min_length=1,
        max_length=MOST_LINES,
        required=False,
        help_text=_("Radernas id. De andra ligger kvar i korgen. Utelämnat: alla."),
    )
    shown_prices = serializers.ListField(
        child=LinePriceInput(),
        max_length=MOST_LINES,
        required=False,
        help_text=_("Priserna som beställaren har sett. Har något stigit sedan dess skickas inget."),
    )

    def validate_shown_prices(self, prices: list[dict[str, Any]]) -> dict[int, Decimal]:
        """Put them by line."""
        return by_line(prices)


class ManyApproveInput(ApproveInput, LinesInput):
    """Approve lines together."""

    unit_prices = serializers.ListField(
        child=LinePriceInput(), max_length=MOST_LINES, default=list, help_text=RISEN_PRICE_HELP
    )

    def validate_unit_prices(self, prices: list[dict[str, Any]]) -> dict[int, Decimal]:
        """Put them by line."""
        return by_line(prices)


class ManyQuestionInput(QuestionInput, LinesInput):
    """Ask about lines together."""


class ManyRejectInput(RejectInput, LinesInput):
    """Reject lines together."""


class CommentInput(Input):
    """A comment, if any."""

    comment = text(2000)


class ReasonInput(Input):
    """A reason."""

    reason = serializers.CharField(max_length=500, allow_blank=True)


class RefuseAttestInput(Input):
    """Why the attest is refused."""

    comment = serializers.CharField(max_length=2000, allow_blank=True)


class ConsolidateInput(Input):
    """What to order before the clock does."""

    supplier = Chosen(queryset=Supplier.objects.all(), allow_null=True, default=None)
    due_only = serializers.BooleanField(
        default=False, help_text=_("Bara rader vars beställningstid är inne.")
    )
