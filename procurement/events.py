"""What procurement writes to the trail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """Audit codes, each with its sentence."""

    REQUISITION_SUBMITTED = "requisition.submitted", _("Beställningen skickades")
    LINE_ROUTED = "line.routed", _("Raden fick en ansvarig")
    LINE_APPROVED = "line.approved", _("Raden godkändes")
    LINE_ADJUSTED = "line.adjusted", _("Antalet ändrades och raden godkändes")
    LINE_SUBSTITUTED = "line.substituted", _("Artikeln byttes och raden godkändes")
    LINE_RETURNED = "line.returned", _("En fråga ställdes om raden")
    LINE_ANSWERED = "line.answered", _("Frågan besvarades")
    LINE_REJECTED = "line.rejected", _("Raden avslogs")
    LINE_WITHDRAWN = "line.withdrawn", _("Raden drogs tillbaka")
    LINE_REVISED = "line.revised", _("Raden ändrades till en ny version")
    LINE_REROUTED = "line.rerouted", _("Raden fick en ny kategori")
    LINE_REBOOKED = "line.rebooked", _("Raden fick en annan kontering")
    LINE_HANDED_OVER = "line.handed_over", _("Raden lämnades över till någon annan")
    LINE_MOVED = "line.moved", _("Raden gick till en ny ansvarig")
    PRICE_ASKED = "line.price_asked", _("Priset har stigit och beställaren tillfrågades")
    PRICE_ACCEPTED = "line.price_accepted", _("Det högre priset godtogs")
    PRICE_DECLINED = "line.price_declined", _("Det högre priset godtogs inte, och raden drogs tillbaka")
    LINE_CANCELLED = "line.cancelled", _("Raden annullerades")
    APPROVAL_UNDONE = "line.approval_undone", _("Godkännandet ångrades")
    ATTEST_REQUESTED = "attest.requested", _("Attest begärdes")
    ATTEST_MOVED = "attest.moved", _("Attesten gick till någon som kan ge den")
    ATTEST_GIVEN = "attest.given", _("Beställningen attesterades")
    ATTEST_REFUSED = "attest.refused", _("Attest nekades")
    ATTEST_CLOSED = "attest.closed", _("Attesten behövs inte längre")
    FRAME_EXCEEDED = "frame.exceeded", _("Budgetramen räckte inte")
    ORDER_CREATED = "order.created", _("Inköpsordern skapades")
    ORDER_SENT = "order.sent", _("Inköpsordern skickades")
    ORDER_NOT_SENT = "order.not_sent", _("Inköpsordern gick inte att skicka")
    ORDER_RETRIED = "order.retried", _("Inköpsordern skickas på nytt")
    ORDER_CANCELLED = "order.cancelled", _("Inköpsordern makulerades")
    CANCELLATION_SENT = "cancellation.sent", _("Leverantören fick veta att inköpsordern är makulerad")
    CANCELLATION_NOT_SENT = "cancellation.not_sent", _("Makuleringen gick inte att skicka")
    CANCELLATION_RETRIED = "cancellation.retried", _("Makuleringen skickas på nytt")
    AWARD_DOCUMENTED = "award.documented", _("Direktupphandlingen dokumenterades")
    AWARD_COMPLETED = "award.completed", _("Dokumentationen av direktupphandlingen blev klar")
    TEMPLATE_MADE = "order_template.made", _("En mall gjordes")
    TEMPLATE_CHANGED = "order_template.changed", _("Mallen ändrades")
    TEMPLATE_REMOVED = "order_template.removed", _("Mallen togs bort")
    TEMPLATE_FILLED = "order_template.filled", _("Mallen lades i en korg")
    RECEIVED = "receipt.recorded", _("Leveransen togs emot")
