"""Why a person may not do what she asked for."""

from django.utils.translation import gettext_lazy as _

from core.errors import NotPermitted, WrongState


class OwnRequest(NotPermitted):
    """Nobody decides on her own request: directly, as a deputy or through a delegation (DESIGN, rule 1)."""

    code = "own_request"
    sentence = _("Du får inte besluta om din egen beställning, inte heller åt den du har delegation från.")


class NotYourLine(NotPermitted):
    """Somebody else answers for the line."""

    code = "not_your_line"
    sentence = _("%(responsible)s ansvarar för raden.")


class NotYourConversation(NotPermitted):
    """The person has no part in the line."""

    code = "not_your_conversation"
    sentence = _("Bara den som har beställt, den som beslutar och den som är tillfrågad skriver om raden.")


class NotYourRequisition(NotPermitted):
    """Somebody else ordered it."""

    code = "not_your_requisition"
    sentence = _("Bara den som har beställt kan göra det här.")


class NotYourDepartment(NotPermitted):
    """The person does not order for the department."""

    code = "not_your_department"
    sentence = _("Du beställer inte för %(department)s.")


class DepartmentIsClosed(WrongState):
    """Nothing new is ordered for a department that is closed."""

    code = "department_is_closed"
    sentence = _("%(department)s är stängd, så det går inte att beställa för den. Välj en annan enhet.")


class NotYourAttest(NotPermitted):
    """Somebody else attests."""

    code = "not_your_attest"
    sentence = _("%(responsible)s attesterar den här beställningen.")


class NotYourOrder(NotPermitted):
    """Somebody else answers for a line of the order."""

    code = "not_your_order"
    sentence = _("Ordern har rader som %(responsible)s ansvarar för.")


class OrderHasNotLeft(WrongState):
    """What the supplier does not have is not changed with it."""

    code = "order_has_not_left"
    sentence = _("Leverantören har inte fått ordern än. Vänta tills den är skickad, eller makulera den.")


class OrderHasEnded(WrongState):
    """The order is cancelled, or nothing of it comes."""

    code = "order_has_ended"
    sentence = _("Ordern är makulerad eller blir inte av, så det finns inget att ändra.")


class LineIsDecided(WrongState):
    """The line is already decided."""

    code = "line_is_decided"
    sentence = _("Raden är redan beslutad.")


class LineWaitsForAnswer(WrongState):
    """Whoever ordered is asked about the line, and it is decided when she has answered."""

    code = "line_waits_for_answer"
    sentence = _(
        "Raden väntar på svar från den som har beställt. Den går att besluta om när svaret har kommit."
    )


class LineIsWithdrawn(WrongState):
    """Whoever ordered has taken the line back."""

    code = "line_is_withdrawn"
    sentence = _("Raden är återtagen av den som beställde den.")


class LineIsReplaced(WrongState):
    """There is a later version of the line."""

    code = "line_is_replaced"
    sentence = _("Raden har ersatts av en ny version. Läs in sidan på nytt, så visas den som gäller.")


class LineIsCancelled(WrongState):
    """The line is cancelled, and nothing of it is bought."""

    code = "line_is_cancelled"
    sentence = _("Raden är annullerad, så det finns inget att ändra.")


class LineIsNotApproved(WrongState):
    """There is no approval to take back: it is taken back already, or was never given."""

    code = "line_is_not_approved"
    sentence = _("Raden är inte godkänd, så det finns inget godkännande att ångra.")


class LineIsOrdered(WrongState):
    """Too late: the line has been ordered."""

    code = "line_is_ordered"
    sentence = _("Raden är redan beställd.")


class LineIsNotOnItsWay(WrongState):
    """Another delivery day is of what is ordered and has not come."""

    code = "line_is_not_on_its_way"
    sentence = _("Raden är inte på väg från en leverantör, så leveransdagen går inte att ändra.")


class LineNotOpen(WrongState):
    """The line is not in a state where this can be done."""

    code = "line_not_open"
    sentence = _("Raden kan inte ändras längre.")


class NoQuestionIsOpen(WrongState):
    """The question about the line is answered, or there is none."""

    code = "no_question_is_open"
    sentence = _("Det finns ingen fråga att svara på längre. Någon kan ha svarat redan.")


class NothingAsked(WrongState):
    """Nobody asks about the price of the line any longer."""

    code = "nothing_asked_about_price"
    sentence = _("Det finns ingen fråga om priset på raden längre.")


class DecidesTheLine(NotPermitted):
    """Whoever decides a line does not say yes to its price for the department."""

    code = "decides_the_line"
    sentence = _("Du beslutar om raden, så någon annan på enheten svarar om priset.")


class LineNotDeliverable(WrongState):
    """Nothing more of the line is on its way."""

    code = "line_not_deliverable"
    sentence = _("Det finns inget mer att ta emot på raden.")


class AttestIsDecided(WrongState):
    """The attest is already given or refused."""

    code = "attest_is_decided"
    sentence = _("Attesten är redan avgjord.")


class AttestIsReplaced(WrongState):
    """The sum has changed since, and the attest of it is another."""

    code = "attest_is_replaced"
    sentence = _("Beställningens summa har ändrats, så den här attesten gäller inte. Läs in sidan på nytt.")


class AttestIsNotNeeded(WrongState):
    """What is left of it needs no attest, or nothing is."""

    code = "attest_is_not_needed"
    sentence = _("Beställningen har ändrats, och attesten behövs inte längre.")


class BasketHasMoved(WrongState):
    """The basket has gone to another department, or into another basket, in the same moment."""

    code = "basket_has_moved"
    sentence = _("Korgen hör till en annan enhet nu. Öppna den igen.")


class AlreadySubmitted(WrongState):
    """The basket is already submitted."""

    code = "already_submitted"
    sentence = _("Beställningen är redan skickad.")
