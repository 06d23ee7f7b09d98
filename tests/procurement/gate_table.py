"""
What each step of the chain says to each event in the world that happened before it.

Each cell is a refusal's code, or the unit price that the line goes through at. ``WAITS`` is a line that is asked for and not
approved at once, ``ATTESTED`` an attest that is given whatever the event: it is of a sum, and the terms are asked of again
when the line is ordered. The last column, of what is approved already, is a part of the reason that the line goes back with.
"""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from catalog.models import Item
from categories.models import CategoryPolicy
from organizations.models import AccountingCode, Dimension, User
from procurement.models import Requisition, RequisitionLine
from procurement.operations import amendments, attests, baskets, decisions, requisitions
from tests import worlds
from tests.cast import NOW, Cast
from tests.procurement.deciding import approve

WAITS, ATTESTED = "waits", "attested"

STEPS = ("submit", "standing", "revise", "approve", "adjust", "substitute", "attest", "order")

TABLE: dict[str, tuple[str, ...]] = {
    "supplier_blocked": ("item_has_no_price", "item_has_no_price", "item_has_no_price", "supplier_blocked", "supplier_blocked", "item_has_no_price", ATTESTED, "är spärrad för nya beställningar: Sanktioner"),
    "supplier_not_examined": ("supplier_not_examined", "supplier_not_examined", "supplier_not_examined", "supplier_not_examined", "supplier_not_examined", "supplier_not_examined", ATTESTED, "inte godkänd i leverantörsprövningen"),
    "item_recalled": ("item_blocked", "item_blocked", "item_blocked", "item_blocked", "item_blocked", "item_blocked", ATTESTED, "är spärrad: Återkallad"),
    "item_phased_out": ("item_not_orderable", "item_not_orderable", "item_not_orderable", "item_not_orderable", "item_not_orderable", "item_not_orderable", ATTESTED, "går inte längre att beställa"),
    "item_tried_by_others": ("item_on_trial", "item_on_trial", "item_on_trial", "item_on_trial", "item_on_trial", "item_on_trial", ATTESTED, "är på prov"),
    "item_retired": ("item_not_orderable", "item_not_orderable", "item_not_orderable", "item_not_orderable", "item_not_orderable", "item_not_orderable", ATTESTED, "går inte längre att beställa"),
    "agreement_ended": ("item_has_no_price", "item_has_no_price", "item_has_no_price", "agreement_not_valid", "agreement_not_valid", "item_has_no_price", ATTESTED, "Avtalet RA 2020-014 gäller inte i dag"),
    "agreement_terminated": ("item_has_no_price", "item_has_no_price", "item_has_no_price", "agreement_not_valid", "agreement_not_valid", "item_has_no_price", ATTESTED, "Avtalet RA 2020-014 gäller inte i dag"),
    "notice_given": ("58", "58", "58", "58", "58", "58", ATTESTED, "58"),
    "notice_ran_out": ("item_has_no_price", "item_has_no_price", "item_has_no_price", "agreement_not_valid", "agreement_not_valid", "item_has_no_price", ATTESTED, "Avtalet RA 2020-014 gäller inte i dag"),
    "option_let_go": ("58", "58", "58", "58", "58", "58", ATTESTED, "58"),
    "agreement_closed_to_us": ("item_has_no_price", "item_has_no_price", "item_has_no_price", "agreement_not_for_you", "agreement_not_for_you", "item_has_no_price", ATTESTED, "får inte användas av enhetens förvaltning"),
    "price_fell": ("50", "50", "50", "50", "50", "50", ATTESTED, "50"),
    "price_rose": ("prices_have_risen", "prices_have_risen", "price_not_accepted", "price_not_accepted", "price_not_accepted", "66", ATTESTED, "har stigit från 58 kr till 66 kr"),
    "price_ended": ("item_has_no_price", "item_has_no_price", "item_has_no_price", "price_not_in_force", "price_not_in_force", "item_has_no_price", ATTESTED, "har inget pris hos Nordmedica AB i dag"),
    "minimum_raised": ("below_minimum_quantity", "below_minimum_quantity", "below_minimum_quantity", "below_minimum_quantity", "below_minimum_quantity", "below_minimum_quantity", ATTESTED, "säljs i minst 50 ask"),
    "pack_changed": ("pack_changed", "pack_changed", "pack_changed", "pack_changed", "pack_changed", "58", ATTESTED, "har ändrats från ”Ask med 100 st” till ”Ask med 200 st”"),
    "account_closed": ("code_closed", "code_closed", "code_closed", "code_closed", "code_closed", "code_closed", ATTESTED, "4610 Sjukvårdsmaterial är stängd"),
    "activity_closed": ("code_closed", "code_closed", "code_closed", "code_closed", "code_closed", "code_closed", ATTESTED, "512 Slutenvård medicin är stängd"),
    "project_closed": ("code_closed", "code_closed", "code_closed", "code_closed", "code_closed", "code_closed", ATTESTED, "P100 Ny vårdavdelning är stängd"),
    "place_gone": ("place_is_closed", "place_is_closed", "58", "place_is_gone", "place_is_gone", "place_is_gone", ATTESTED, "används inte längre"),
    "department_closed": ("department_is_closed", "department_is_closed", "ansvar_closed", "58", "58", "58", ATTESTED, "58"),
    "ceiling_lowered": ("58", WAITS, "58", "ceiling_reached", "ceiling_reached", "ceiling_reached", ATTESTED, "58"),
    "ceiling_filled": ("58", WAITS, "58", "ceiling_reached", "ceiling_reached", "ceiling_reached", ATTESTED, "58"),
    "item_ceiling_filled": ("58", WAITS, "58", "item_ceiling_reached", "item_ceiling_reached", "item_ceiling_reached", ATTESTED, "58"),
    "manager_changed": ("58", WAITS, "58", "not_your_line", "not_your_line", "not_your_line", ATTESTED, "58"),
    "manager_left": ("58", WAITS, "58", "not_your_line", "not_your_line", "not_your_line", ATTESTED, "58"),
    "attester_left": ("58", "58", "58", "58", "58", "58", "not_your_attest", "58"),
    "membership_ended": ("not_your_department", "not_your_department", "not_your_department", "58", "58", "58", ATTESTED, "58"),
    "requester_left": ("not_your_requisition", "not_your_requisition", "not_your_department", "58", "58", "58", ATTESTED, "58"),
    "ranked_behind": ("58", "58", "58", "supplier_passed_over", "supplier_passed_over", "58", ATTESTED, "har inte sagt nej"),
    "competition_demanded": ("58", WAITS, "58", "competition_needed", "competition_needed", "competition_needed", ATTESTED, "kräver förnyad konkurrensutsättning"),
    "competition_won": ("58", "58", "58", "58", "58", "58", ATTESTED, "58"),
    "competition_won_of_another": ("58", WAITS, "58", "competition_needed", "competition_needed", "competition_needed", ATTESTED, "kräver förnyad konkurrensutsättning"),
}  # fmt: skip

Happen = Callable[[Cast], None]


def anew(person: User) -> User:
    """The person as the next request reads her."""
    return User.objects.get(pk=person.pk)


def asked(cast: Cast, *wanted: tuple[Item, int]) -> Requisition:
    """A basket that is booked on a project too."""
    basket = worlds.basket(cast, *wanted)
    project = AccountingCode.objects.create(dimension=Dimension.PROJECT, code="P100", name="Ny vårdavdelning")
    return baskets.save_details(
        basket=basket, delivery_place=cast.place, charged_department=cast.ward, activity=cast.activity, account=None,
        project=project, needed_by_date=(NOW + timedelta(days=7)).date(), reason="Veckobehov", by=cast.requester, at=NOW,
    )  # fmt: skip


def waiting(cast: Cast, *wanted: tuple[Item, int]) -> RequisitionLine:
    """A line that waits for its manager."""
    return requisitions.submit(basket=asked(cast, *wanted), by=cast.requester, at=NOW).lines.get()


def submit(cast: Cast, happen: Happen) -> RequisitionLine:
    basket = asked(cast, (cast.gloves, 10))
    happen(cast)
    return requisitions.submit(basket=basket, by=anew(cast.requester), at=NOW).lines.get()


def standing(cast: Cast, happen: Happen) -> RequisitionLine:
    CategoryPolicy.objects.update(standing_approval_limit=Decimal(1000))
    return submit(cast, happen)


def revise(cast: Cast, happen: Happen) -> RequisitionLine:
    line = waiting(cast, (cast.gloves, 20))
    happen(cast)
    return amendments.revise_line(
        line=line, quantity=Decimal(10), specification="", by=anew(cast.requester), at=NOW
    )


def approved(cast: Cast, happen: Happen) -> RequisitionLine:
    line = waiting(cast, (cast.gloves, 10))
    happen(cast)
    return approve(line, anew(cast.manager))


def adjust(cast: Cast, happen: Happen) -> RequisitionLine:
    line = waiting(cast, (cast.gloves, 20))
    happen(cast)
    return decisions.adjust(
        line=line, quantity=Decimal(10), by=anew(cast.manager), at=NOW, comment="Räcker"
    ).only()


def substitute(cast: Cast, happen: Happen) -> RequisitionLine:
    line = waiting(cast, (cast.gown, 10))
    happen(cast)
    return decisions.substitute(
        line=line, item=cast.gloves, quantity=Decimal(10), by=anew(cast.manager), at=NOW, comment="Finns"
    ).only()


def attest(cast: Cast, happen: Happen) -> RequisitionLine:
    line = waiting(cast, (cast.gloves, 200))
    happen(cast)
    attests.attest(attest=line.requisition.attests.get(), by=anew(cast.budget_holder), at=NOW)
    return line


ACTS: dict[str, Callable[[Cast, Happen], RequisitionLine]] = {
    "submit": submit,
    "standing": standing,
    "revise": revise,
    "approve": approved,
    "adjust": adjust,
    "substitute": substitute,
    "attest": attest,
}
"""The steps that one person takes; ordering and sending are the clock's, in ``test_gates.py``."""
