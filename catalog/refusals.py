"""Why an item cannot come into a state, or something be said to replace it."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from catalog.states import ITEM_TRANSITIONS, ItemStatus
from core.errors import DomainError, InvalidInput, WrongState


class StatusOutOfOrder(WrongState):
    """The life cycle has no such step."""

    code = "item_status_out_of_order"
    sentence = _("En artikel som är ”%(before)s” kan inte bli ”%(after)s”.")


class BlockedOnItsPage(WrongState):
    """Who has received an item is told when it is blocked, and that is done on its page."""

    code = "item_blocked_on_its_page"
    sentence = _(
        "Spärra artikeln, eller häv spärren, på artikelns sida. Då får de enheter som har tagit emot den veta det."
    )


class TrialHasNoDepartments(InvalidInput):
    """An item on trial has departments that try it."""

    code = "item_trial_has_no_departments"
    sentence = _("Ange vilka enheter som ska pröva artikeln, och första och sista dag.")


class LastOrderDateMissing(InvalidInput):
    """An item that leaves has a last order date."""

    code = "item_last_order_date_missing"
    sentence = _("Ange sista beställningsdag för en artikel som utgår.")


class PackMissing(InvalidInput):
    """Another order unit than the item's own says how many base units it holds."""

    code = "price_pack_missing"
    sentence = _("Ange hur många basenheter beställningsenheten innehåller.")


class ReplacementMissing(InvalidInput):
    """An item that leaves is replaced by another."""

    code = "item_replacement_missing"
    sentence = _(
        "Ange vad som ersätter artikeln när den utgår. I register: lägg in artikeln som standard, skriv ersättningen och"
        " ändra sedan status."
    )


class BlockingReasonMissing(InvalidInput):
    """Whoever meets a blocked item is told why."""

    code = "item_blocking_reason_missing"
    sentence = _("Skriv varför artikeln är spärrad.")


class SubstitutedByItself(InvalidInput):
    """An item is replaced by another one."""

    code = "substituted_by_itself"
    sentence = _("En artikel kan inte ersättas av sig själv.")


class ConditionMissing(InvalidInput):
    """Whoever takes what is not equivalent reads on what condition."""

    code = "substitution_condition_missing"
    sentence = _("Skriv villkoret, eller i vilken kris, när ersättningen inte är likvärdig.")


SMALLEST_FACTOR, LARGEST_FACTOR = Decimal("0.0001"), Decimal(100_000)


class FactorOutOfRange(InvalidInput):
    """So many of the new one for each of the old, as many or few as there are packs of."""

    code = "substitution_factor_out_of_range"
    sentence = _("Antal nya för varje gammal ska vara mellan 0,0001 och 100 000.")


class SubstitutionCircle(InvalidInput):
    """Items that replace each other in a circle lead nowhere."""

    code = "substitution_circle"
    sentence = _(
        "Artikeln ersätter redan, direkt eller via andra, den som skulle ersätta den."
        " Avsluta den ersättningen i registret först."
    )


class TrialHasNoEnd(InvalidInput):
    """A trial has a first and a last day."""

    code = "trial_has_no_end"
    sentence = _("Ett prov har en första och en sista dag.")


class CodeIsNoGtin(InvalidInput):
    """The code of a pack is a GTIN."""

    code = "item_code_is_no_gtin"
    sentence = _("Ett GTIN har 8, 12, 13 eller 14 siffror.")


class CodeIsTaken(InvalidInput):
    """A GTIN is of one thing, with however many zeros before it."""

    code = "item_code_is_taken"
    sentence = _("Koden är redan en annan artikels eller förpacknings. Inledande nollor räknas inte.")


SENTENCES: dict[str, type[DomainError]] = {
    "item_code_is_gtin": CodeIsNoGtin,
    "item_code_unique": CodeIsTaken,
    "item_code_is_no_items": CodeIsTaken,
    "item_gtin_unique_without_zeros": CodeIsTaken,
    "item_trial_has_departments": TrialHasNoDepartments,
    "item_phasing_out_has_last_date": LastOrderDateMissing,
    "item_phasing_out_has_replacement": ReplacementMissing,
    "item_blocked_has_reason": BlockingReasonMissing,
    "substitution_by_another": SubstitutedByItself,
    "substitution_condition_said": ConditionMissing,
    "substitution_factor_positive": FactorOutOfRange,
    "substitution_no_circle": SubstitutionCircle,
    "trial_has_last_day": TrialHasNoEnd,
}
"""Why the database refuses, by the constraint's name."""


def out_of_order(before: str, after: str) -> DomainError:
    """Why the register may not take an item from one state to another."""
    old, new = ItemStatus(before), ItemStatus(after)
    if new in ITEM_TRANSITIONS[old]:
        return BlockedOnItsPage()
    return StatusOutOfOrder(before=old.label, after=new.label)
