"""What is decided of an agreement by acts of their own, with reasons: the registers leave it as it is, and say where it is changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import DateField, Exists, Func, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, AgreementOption, Commitment
from agreements.states import ORDERABLE, AgreementStatus, OptionDecision
from catalog.models import Price
from core.errors import InvalidInput
from registers.register import Rule, Settled

DAYS = ("from_date", "through_date", "until_further_notice")
NOTICE = (*DAYS, "notice_months", "notice_by_date")
TERMS = (
    *NOTICE, "category", "supplier", "law", "procedure", "call_off_method", "price_clause", "ceiling_amount",
)  # fmt: skip


class NoticeIsGiven(InvalidInput):
    """Notice has been given, and gave the agreement its last day."""

    code = "agreement_notice_is_given"
    sentence = _("Avtalet är uppsagt, och uppsägningen bestämmer dess dagar. De ändras inte i registret.")


class AgreementHasEnded(InvalidInput):
    """What held of an agreement that has been ended stays."""

    code = "agreement_has_ended"
    sentence = _("Avtalet är avslutat, så villkoren ändras inte.")


class OptionIsDecidedOn(InvalidInput):
    """An option has been decided, so the days follow of the options."""

    code = "agreement_days_follow_options"
    sentence = _("En option är beslutad, så avtalets dagar ändras bara genom nästa option eller uppsägning.")


class WasOrderedUntilItsEnd(InvalidInput):
    """An agreement that has run out is not prolonged afterwards."""

    code = "agreement_has_run_out"
    sentence = _(
        "Avtalet har slutat gälla, och det har beställts från det. Registrera ett nytt avtal i stället för att förlänga."
    )


class OrderedOutsideItsDays(InvalidInput):
    """The days of an agreement hold what has been ordered under it."""

    code = "agreement_ordered_outside_its_days"
    sentence = _("Det har beställts från avtalet på dagar som då skulle ligga utanför det.")


class OptionHasFallen(InvalidInput):
    """An option before it was not used."""

    code = "agreement_option_has_fallen"
    sentence = _("En tidigare option utnyttjades inte, så det finns inget att förlänga.")


class SupplierHasPrices(InvalidInput):
    """A supplier with prices that go on is one of the agreement's suppliers."""

    code = "agreement_supplier_has_prices"
    sentence = _("Leverantören har priser under avtalet som gäller eller ska gälla. Avsluta dem först.")


class CeilingIsUsed(InvalidInput):
    """A ceiling that something has been ordered under stays; it can be raised."""

    code = "item_ceiling_is_used"
    sentence = _("Det har avropats under takvolymen, så den tas inte bort. Höj den i stället.")


class SharesNotWhole(InvalidInput):
    """The shares of an agreement in force are a hundred per cent together."""

    code = "agreement_shares_not_whole"
    sentence = _(
        "Andelarna på ett avtal som gäller ska tillsammans vara 100 procent. Ändra alla på en gång, med en fil."
    )


class RanksHaveGaps(InvalidInput):
    """An agreement in force that ranks its suppliers has a first, a second and so on."""

    code = "agreement_ranks_have_gaps"
    sentence = _(
        "Leverantörerna på ett avtal med rangordning har rang 1, 2, 3 utan luckor. Ändra alla på en gång, med en fil."
    )


PLACES = {"agreement_shares_are_whole": SharesNotWhole, "agreement_ranks_follow": RanksHaveGaps}
"""Why the database refuses suppliers that do not go together."""


class OwnerMissing(InvalidInput):
    """Somebody answers for an agreement in force."""

    code = "agreement_needs_owner"
    sentence = _("Ange vem som ansvarar. Ingen ansvarar för kategorin.")


class ConductMissing(InvalidInput):
    """An agreement in force in a risk category demands the code of conduct."""

    code = "agreement_needs_code_of_conduct"
    sentence = _("Kategorin är en riskkategori. Ange vilka krav på uppförandekod som avtalet ställer.")


def has_ended(path: str = "") -> Q:
    """The condition that an agreement has been ended."""
    return Q(**{f"{path}status": AgreementStatus.ENDED})


def has_notice(path: str = "") -> Q:
    """The condition that notice of an agreement has been given, or that it has been ended."""
    return Q(**{f"{path}status__in": [AgreementStatus.TERMINATED, AgreementStatus.ENDED]})


def has_run_out(day: date) -> Q:
    """The condition that an agreement's last day has passed, after orders under it."""
    return Q(status__in=ORDERABLE, valid_during__endswith__lte=day, committed_amount__gt=0)


@dataclass(frozen=True, slots=True)
class PricesGoOn:
    """The condition that a supplier has prices under an agreement, on a day or later."""

    agreement: str
    supplier: str
    """The fields that lead to the two."""

    def __call__(self, day: date) -> Q:
        """The condition on a day."""
        going_on = Q(valid_during__endswith__gt=day) | Q(valid_during__upper_inf=True)
        prices = Price.objects.filter(
            going_on, agreement=OuterRef(self.agreement), supplier=OuterRef(self.supplier)
        )
        return Q(Exists(prices))


def _has_no_gap(hole: str) -> Q:
    """The condition that an agreement in force does not lack something."""
    lacking = Agreement.objects.with_missing().filter(Q(missing__contains=[hole]), pk=OuterRef("pk"))
    return ~Q(status__in=ORDERABLE) | ~Q(Exists(lacking))


def _within_days() -> Q:
    """The condition that nothing has been ordered under an agreement on a day outside its own."""
    first, after = (
        Func(OuterRef("valid_during"), function=bound, output_field=DateField())
        for bound in ("lower", "upper")
    )
    ordered = Commitment.objects.filter(agreement=OuterRef("pk"), amount__gt=0, is_opening=False)
    return ~Q(Exists(ordered.filter(Q(at__date__lt=first) | Q(at__date__gte=after))))


def _option_is_decided(**facts: object) -> Q:
    return Q(Exists(AgreementOption.objects.filter(**facts).exclude(decision="")))


OF_AGREEMENTS: Sequence[Settled] = [
    Settled(has_ended(), AgreementHasEnded, TERMS),
    Settled(has_notice(), NoticeIsGiven, NOTICE),
    Settled(_option_is_decided(agreement=OuterRef("pk")), OptionIsDecidedOn, DAYS),
    Settled(has_run_out, WasOrderedUntilItsEnd, DAYS),
    Settled(PricesGoOn("pk", "supplier"), SupplierHasPrices, ["supplier"]),
]
OF_PARTIES: Sequence[Settled] = [
    Settled(has_ended("agreement__"), AgreementHasEnded),
    Settled(PricesGoOn("agreement", "supplier"), SupplierHasPrices, ["agreement", "supplier"]),
]
OF_ADMINISTRATIONS: Sequence[Settled] = [Settled(has_ended("agreement__"), AgreementHasEnded)]
OF_OPTIONS: Sequence[Settled] = [
    Settled(has_notice("agreement__"), NoticeIsGiven),
    Settled(
        _option_is_decided(
            agreement=OuterRef("agreement"), number__lt=OuterRef("number"), decision=OptionDecision.NOT_USED
        ),
        OptionHasFallen,
    ),
]
OF_ITEM_CEILINGS: Sequence[Settled] = [
    Settled(has_ended("agreement__"), AgreementHasEnded),
    Settled(Q(committed_quantity__gt=0), CeilingIsUsed, ["agreement", "item"]),
]

KEPT: Sequence[Rule] = [
    Rule(_has_no_gap("owner"), OwnerMissing, "owner", is_kept=True),
    Rule(_has_no_gap("risk"), ConductMissing, "code_of_conduct_level", is_kept=True),
    Rule(_within_days(), OrderedOutsideItsDays, "through_date", is_kept=True),
]
"""What an agreement in force had when it was activated is not taken from it by a change."""
