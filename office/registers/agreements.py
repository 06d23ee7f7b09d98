"""Agreements and what belongs to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agreements.models import (
    Agreement,
    AgreementAdministration,
    AgreementOption,
    AgreementSupplier,
)
from agreements.states import STORED
from agreements.thresholds import (
    documented_direct_award,
    within_direct_award_limit,
    within_simplified_procedure,
)
from categories.models import Category
from core.diary import normalised, words_of
from core.errors import InvalidInput
from office.permissions import can_see_registers, is_manager
from office.registers.categories import OPEN_CATEGORY
from office.registers.classifications import CPV
from office.registers.locks import KEPT, OF_ADMINISTRATIONS, OF_AGREEMENTS, OF_OPTIONS, OF_PARTIES, PLACES
from organizations.models import User
from registers.cells import Cell
from registers.columns import Column
from registers.kinds import PLAIN, Choice, Conventions, First, Last, Reference, Text
from registers.register import Group, Register, Rule
from registers.unreadable import Unreadable


class AgreementHasNoEnd(InvalidInput):
    """An agreement has a last day, or is until further notice with a period of notice."""

    code = "agreement_has_no_end"
    sentence = _(
        "Ange avtalets sista dag, eller att det gäller tills vidare och hur många månaders uppsägningstid det har."
    )


class CeilingBelowCommitted(InvalidInput):
    """The ceiling is lower than what has been ordered."""

    code = "ceiling_below_committed"
    sentence = _("Taket är lägre än det som redan är avropat.")


class DirectAwardTooLarge(InvalidInput):
    """A direct award is of no more than the direct-award limit."""

    code = "direct_award_too_large"
    sentence = _("Värdet är över den direktupphandlingsgräns som gällde avtalets första dag.")


class DirectAwardUndocumented(InvalidInput):
    """A direct award is documented from an amount on."""

    code = "direct_award_undocumented"
    sentence = _("En direktupphandling av det här värdet ska dokumenteras. Ange diarienumret.")


class SimplifiedTooLarge(InvalidInput):
    """The simplified procedure is for what lies below the threshold."""

    code = "simplified_too_large"
    sentence = _(
        "Värdet når det tröskelvärde som gällde avtalets första dag, så förenklat förfarande går inte."
    )


class AgreementHasNoCeiling(InvalidInput):
    """An agreement that has been activated has a ceiling."""

    code = "agreement_has_no_ceiling"
    sentence = _("Ange avtalets takvolym.")


class LongTermHasNoReason(InvalidInput):
    """An agreement longer than its law gives, its options included, has a reason (LOU 7:2, LUF 7:2, directives 2009/81 29.2, 2014/23 18)."""

    code = "long_term_has_no_reason"
    sentence = _(
        "Avtalet är med sina optioner längre än lagen tillåter utan särskilda skäl: fyra år i LOU, fem i LUK, sju i LUFS och"
        " åtta i LUF. Ett avtal som gäller tills vidare räknas som längre. Ange skälet på avtalet."
    )


class OptionDecided(InvalidInput):
    """What has been decided of an option stays."""

    code = "agreement_option_is_decided"
    sentence = _("Optionen är redan beslutad och går inte att ändra.")


class NoFirstSupplier(InvalidInput):
    """An agreement has a supplier that is first."""

    code = "agreement_has_no_first_supplier"
    sentence = _("Ett avtal har alltid en leverantör med rang 1.")


class NotADiaryNumberHere(Unreadable):
    """The diary number is written in no known way."""

    code = "agreement_diary_number_unreadable"
    sentence = _("Skriv diarienumret som RS 2020/1154 eller RS 1154-2020.")


@dataclass(frozen=True, slots=True)
class DiaryNumber(Text):
    """A diary number, kept in its one form."""

    def plain(self, cell: Cell, conventions: Conventions = PLAIN) -> str:
        """
        Read a diary number in either way of writing it.

        :raises NotADiaryNumberHere: it is none.
        """
        text = Text.plain(self, cell, conventions)
        try:
            return normalised(text) if text else ""
        except ValueError:
            raise NotADiaryNumberHere from None

    def words(self, text: str) -> Sequence[str]:
        """The words, with each diary number in its one form."""
        return words_of(text)


def in_own_categories(path: str) -> Callable[[User, date], Q]:
    """Rows of the categories that the person answers for, those below them included."""

    def reach(by: User, day: date) -> Q:
        return Q(**{f"{path}__in": Category.objects.within_reach_of(by, day).values("pk")})

    return reach


AGREEMENTS = Register(
    name="agreements",
    group=Group.AGREEMENTS,
    title=_("Avtal"),
    one=_("avtal"),
    model=Agreement,
    columns=[
        Column("number", _("Avtalsnummer"), is_key=True),
        Column("diary_number", _("Diarienummer"), kind=DiaryNumber(most=20), others=("dnr",)),
        Column("title", _("Rubrik"), is_required=True),
        Column("category", _("Kategori"), kind=OPEN_CATEGORY, is_required=True),
        Column("cpv", _("CPV-kod"), kind=CPV),
        Column("supplier", _("Leverantör"), kind=Reference(by="org_number"), is_required=True),
        Column("law", _("Lag")),
        Column("procedure", _("Förfarande"), is_required=True),
        Column("call_off_method", _("Avropsform")),
        Column("price_clause", _("Prisklausul")),
        Column("from_date", _("Första dag"), field="valid_during", kind=First(), is_required=True),
        Column("through_date", _("Sista dag"), field="valid_during", kind=Last()),
        Column("until_further_notice", _("Tills vidare")),
        Column("notice_months", _("Uppsägningstid, månader")),
        Column("notice_by_date", _("Sista dag för uppsägning")),
        Column(
            "long_term_reason",
            _("Skäl för lång avtalstid"),
            others=("Skäl för mer än fyra år",),
            note=_(
                "Behövs när avtalet med sina optioner är längre än lagen tillåter annars, eller gäller tills vidare."
            ),
        ),
        Column("estimated_amount", _("Uppskattat värde")),
        Column("ceiling_amount", _("Takvolym")),
        Column("committed_amount", _("Avropat innan"), is_opening=True),
        Column(
            "owner",
            _("Ansvarig"),
            kind=Reference(by="email", among={"is_active": True}),
            note=_("Tomt är den som ansvarar för kategorin."),
        ),
        Column("code_of_conduct_level", _("Krav på uppförandekod")),
        Column("delivery_terms", _("Leveransvillkor")),
        Column(
            "notice_reference",
            _("Annons"),
            note=_("Annonsens nummer i TED eller i en nationell annonsdatabas."),
        ),
        Column(
            "status",
            _("Status"),
            kind=Choice(labels={status.value: status.label for status in STORED}),
            is_opening=True,
            note=_("Tomt är gällande. Ett avtal där något saknas blir ett utkast."),
        ),
    ],
    may_see=can_see_registers,
    may_change=is_manager,
    reach=in_own_categories("category"),
    ends="through_date",
    rules=[
        Rule(within_direct_award_limit(), DirectAwardTooLarge, "procedure"),
        Rule(documented_direct_award(), DirectAwardUndocumented, "diary_number"),
        Rule(within_simplified_procedure(), SimplifiedTooLarge, "procedure"),
        *KEPT,
    ],
    settled=OF_AGREEMENTS,
    tried_in_place=Q(),
    sentences={
        "agreement_has_a_ceiling": AgreementHasNoCeiling,
        "agreement_of_long_term_has_a_reason": LongTermHasNoReason,
        "agreement_ends_or_is_until_further_notice": AgreementHasNoEnd,
        "agreement_within_ceiling": CeilingBelowCommitted,
        **PLACES,
    },
    searched=["number", "diary_number", "title"],
    filtered=["category", "supplier", "cpv"],
)

AGREEMENT_SUPPLIERS = Register(
    name="agreement_suppliers",
    group=Group.AGREEMENTS,
    title=_("Leverantörer på avtal"),
    one=_("leverantör på avtal"),
    model=AgreementSupplier,
    columns=[
        Column("agreement", _("Avtalsnummer"), kind=Reference(by="number"), is_key=True),
        Column("supplier", _("Leverantör"), kind=Reference(by="org_number"), is_key=True),
        Column("rank", _("Rang"), is_required=True),
        Column("share_percent", _("Andel, procent")),
    ],
    may_see=can_see_registers,
    may_change=is_manager,
    reach=in_own_categories("agreement__category"),
    settled=OF_PARTIES,
    tried_in_place=Q(),
    together="agreement",
    sentences={"agreement_has_a_first_supplier": NoFirstSupplier, **PLACES},
    searched=["agreement", "supplier"],
    filtered=["agreement", "supplier"],
)

AGREEMENT_ADMINISTRATIONS = Register(
    name="agreement_administrations",
    group=Group.AGREEMENTS,
    title=_("Vem får avropa"),
    one=_("förvaltning som får avropa"),
    model=AgreementAdministration,
    columns=[
        Column("agreement", _("Avtalsnummer"), kind=Reference(by="number"), is_key=True),
        Column("administration", _("Förvaltning"), kind=Reference(by="code"), is_key=True),
    ],
    may_see=can_see_registers,
    may_change=is_manager,
    reach=in_own_categories("agreement__category"),
    settled=OF_ADMINISTRATIONS,
    searched=["agreement"],
    filtered=["agreement", "administration"],
)

AGREEMENT_OPTIONS = Register(
    name="agreement_options",
    group=Group.AGREEMENTS,
    title=_("Optioner"),
    one=_("option"),
    model=AgreementOption,
    columns=[
        Column("agreement", _("Avtalsnummer"), kind=Reference(by="number"), is_key=True),
        Column("number", _("Option nr"), is_key=True),
        Column("months", _("Månader"), is_required=True),
        Column("decide_by_date", _("Besluta senast"), is_required=True),
    ],
    may_see=can_see_registers,
    may_change=is_manager,
    reach=in_own_categories("agreement__category"),
    settled=OF_OPTIONS,
    tried_in_place=Q(),
    sentences={
        "agreement_of_long_term_has_a_reason": LongTermHasNoReason,
        "agreement_option_stays_decided": OptionDecided,
    },
    searched=["agreement"],
    filtered=["agreement"],
)
