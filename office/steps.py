"""What a region needs, in the order in which it needs it (kom igång)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.components import Link
from core.counting import counts_of
from office.permissions import RegisterIsForFinance, RegisterIsForTheHead
from office.readiness import Hole, holes_on
from organizations.models import User
from registers.listing import MOST_COUNTED
from registers.register import REGISTERS, Register
from registers.words import count_in_words


@dataclass(frozen=True, slots=True)
class Plan:
    """A step as it is planned: what it is for, and the registers that it fills."""

    title: str | Promise
    why: str | Promise
    registers: Sequence[str]
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class RegisterProgress:
    """A register of a step, with how many rows are there."""

    register: Register
    count: int
    may_see: bool
    may_change: bool
    refusal: str = ""
    """Who fills it, when the person may not."""

    @property
    def shown(self) -> str:
        """How many rows, in words."""
        return count_in_words(self.count)


@dataclass(frozen=True, slots=True)
class Step:
    """A step as it stands on a day."""

    title: str
    why: str
    registers: Sequence[RegisterProgress]
    links: Sequence[Link]
    """What else there is to do in it, beside filling registers."""
    holes: Sequence[Hole]
    is_needed: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing is there at all."""
        return not any(filled.count for filled in self.registers)

    @property
    def is_done(self) -> bool:
        """Whether something is there and nothing is missing."""
        return not self.holes and not self.is_empty


PLANS = (
    Plan(
        _("Myndighet och förvaltningar"),
        _("Vem som upphandlar, och hur verksamheten är delad."),
        ["authorities", "administrations"],
    ),
    Plan(
        _("Kodsträng"),
        _("Konton, verksamheter och projekt som inköpen bokförs på. En SIE-fil går att läsa in."),
        ["accounting_codes"],
    ),
    Plan(
        _("Enheter och leveransplatser"),
        _("Vilka som beställer, och vart varorna ska."),
        ["departments", "delivery_places"],
    ),
    Plan(
        _("Personer och roller"),
        _("Vilka som beställer, attesterar och följer upp, var och upp till vilket belopp."),
        ["people", "roles", "group_rules"],
    ),
    Plan(
        _("Kategorier och ansvariga"),
        _("Vad som köps, och vem som svarar för hela sin kategori."),
        ["categories", "posts", "classifications"],
    ),
    Plan(_("Leverantörer"), _("Vem som levererar, och vart beställningarna skickas."), ["suppliers"]),
    Plan(
        _("Avtal"),
        _("På vilka villkor, hur länge och upp till vilket tak."),
        [
            "agreements",
            "agreement_suppliers",
            "agreement_administrations",
            "agreement_options",
            "item_ceilings",
            "thresholds",
        ],
    ),
    Plan(
        _("Sortiment och priser"),
        _("Det som går att beställa, och vad det kostar."),
        ["items", "item_codes", "prices", "substitutions", "synonyms", "trials"],
    ),
    Plan(
        _("Prisindex"),
        _("De index som avtalens priser följer, deras tal månad för månad, och på vilka villkor."),
        ["index_series", "index_values", "index_clauses"],
        is_needed=False,
    ),
    Plan(
        _("Märkningar"),
        _("Svanen, Fairtrade och andra märkningar som ni räknar, och vilka artiklar som har dem."),
        ["labels", "item_labels"],
        is_needed=False,
    ),
    Plan(
        _("Beställningstider och stängda dagar"),
        _(
            "När det som är godkänt skickas till leverantörerna. Utan tider sker det kl. 15.00 varje arbetsdag."
        ),
        ["order_times", "closed_days"],
        is_needed=False,
    ),
    Plan(
        _("Svarstider och gränser"),
        _(
            "Hur snabbt beställaren ska få svar, vad som godkänns direkt, och vilka som röstar om sortimentet."
        ),
        ["policies", "council_seats"],
        is_needed=False,
    ),
    Plan(
        _("Uppföljning"),
        _("Vad inköpsorganisationen kostar, vilka besparingar som är planerade och vad återrapporten säger."),
        [
            "purchases",
            "booked_costs",
            "organisation_costs",
            "initiatives",
            "compared_prices",
            "report_texts",
            "indicator_targets",
            "budget_frames",
        ],
        is_needed=False,
    ),
    Plan(
        _("Styrning"),
        _("Vad revisionen och styrelsen har bett om, och planen för att genomföra det."),
        [
            "audit_reports",
            "recommendations",
            "board_assignments",
            "implementation_plans",
            "planned_activities",
            "onboardings",
        ],
        is_needed=False,
    ),
    Plan(
        _("Det som ändras en viss dag"),
        _("Enheter, förvaltningar och kategorier som byter namn eller plats, och personer som slutar."),
        ["department_changes", "administration_changes", "category_changes", "departures"],
        is_needed=False,
    ),
)


KEEPERS = {
    RegisterIsForFinance.code: ("no_controller", _("Låt först någon bli ekonom")),
    RegisterIsForTheHead.code: ("no_head", _("Låt först någon bli inköpschef")),
}
"""Who keeps the registers of a refusal: the hole when nobody does, and what is done about it."""


def steps_for(by: User, *, at: datetime) -> list[Step]:
    """Say of each step how much is there, what is missing, and what the person may do about it."""
    holes = holes_on(timezone.localdate(at))
    models = {name: REGISTERS[name].model for plan in PLANS for name in plan.registers}
    rows = {name: model._default_manager.order_by().values("pk") for name, model in models.items()}
    counts = counts_of(rows, most=MOST_COUNTED)
    return [_step(plan, counts, holes, by, at) for plan in PLANS]


def _step(plan: Plan, counts: Mapping[str, int], holes: Sequence[Hole], by: User, at: datetime) -> Step:
    registers = [_filled(REGISTERS[name], counts[name], by, at) for name in plan.registers]
    links = [link for name in plan.registers for link in _links(REGISTERS[name], by, at)]
    return Step(
        title=str(plan.title),
        why=str(plan.why),
        registers=registers,
        links=[*_keeper_links(registers, holes, by, at), *links],
        holes=[hole for hole in holes if hole.register in plan.registers],
        is_needed=plan.is_needed,
    )


def _keeper_links(
    registers: Sequence[RegisterProgress], holes: Sequence[Hole], by: User, at: datetime
) -> list[Link]:
    """Where somebody is made the one who fills registers of a step, while nobody is."""
    if not REGISTERS["roles"].may_write_rows(by, at):
        return []
    codes = {code for filled in registers for code in getattr(filled.refusal, "codes", ())}
    missing = {hole.code: hole for hole in holes}
    return [
        Link(str(label), missing[hole].address(may_write=True))
        for code, (hole, label) in KEEPERS.items()
        if code in codes and hole in missing
    ]


def _links(register: Register, by: User, at: datetime) -> Sequence[Link]:
    return register.links(by, at) if register.links else []


def _filled(register: Register, count: int, by: User, at: datetime) -> RegisterProgress:
    verdict = register.may_change(by, at)
    refusal = "" if verdict.refusal is None else str(verdict.refusal)
    return RegisterProgress(register, count, bool(register.may_see(by, at)), bool(verdict), refusal)
