"""What is written to the trail of items."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    """Audit codes, each with its sentence."""

    ITEM_ASSESSED = "item.assessed", _("Artikeln börjar bedömas")
    TRIAL_STARTED = "item.trial_started", _("Artikeln prövas")
    TRIAL_PROLONGED = "item.trial_prolonged", _("Provet ändrades")
    ITEM_STANDARD = "item.standard", _("Artikeln blev standard")
    PHASED_OUT = "item.phased_out", _("Artikeln fasas ut")
    ITEM_RETIRED = "item.retired", _("Artikeln utgick")
    ITEM_BLOCKED = "item.blocked", _("Artikeln spärrades")
    ITEM_UNBLOCKED = "item.unblocked", _("Spärren hävdes")
    RECALL_ACKNOWLEDGED = "recall.acknowledged", _("Enheten har tagit undan det som återkallas")
    RECALL_SUPPLIER_CALLED = "recall.supplier_called", _("Leverantören kontaktades om det som återkallas")
    SUBSTITUTION_APPROVED = "substitution.approved", _("Ersättningen godkändes av klinisk granskare")
    PICTURE_ADDED = "item.picture_added", _("En bild lades till")
    PICTURE_PUT_FIRST = "item.picture_put_first", _("En bild sattes först")
    PICTURE_REMOVED = "item.picture_removed", _("En bild togs bort")
    DOCUMENT_ADDED = "item.document_added", _("Ett dokument lades till")
    DOCUMENT_REMOVED = "item.document_removed", _("Ett dokument togs bort")
    PRICE_PROPOSED = "price_proposal.registered", _("Ett prisförslag registrerades")
    PRICE_APPROVED = "price_proposal.approved", _("Prisförslaget godkändes")
    PRICE_REJECTED = "price_proposal.rejected", _("Prisförslaget avslogs")
    PRICE_WITHDRAWN = "price_proposal.withdrawn", _("Prisförslaget togs tillbaka")
    PRICE_LAPSED = (
        "price_proposal.lapsed",
        _("Prisförslaget förföll, eftersom leverantören vann med ett annat pris"),
    )
    PRICE_GIVES_WAY = (
        "price_proposal.gives_way",
        _("Priset som godkändes får vänta på det pris som leverantören vann med"),
    )
    COMPETITION_STARTED = "competition.started", _("En förnyad konkurrensutsättning startades")
    SUPPLIER_INVITED = (
        "competition.supplier_invited",
        _("En leverantör bjöds in till konkurrensutsättningen i efterhand"),
    )
    BID_REGISTERED = "competition.bid_registered", _("En leverantörs svar registrerades")
    COMPETITION_AWARDED = "competition.awarded", _("Konkurrensutsättningen avgjordes")
    COMPETITION_CANCELLED = "competition.cancelled", _("Konkurrensutsättningen avbröts")
    SHARED_ITEM_ADDED = "department_favourite.added", _("En artikel sattes på enhetens lista")
    SHARED_ITEM_REMOVED = "department_favourite.removed", _("En artikel togs bort från enhetens lista")
    SHARED_ITEM_MOVED = "department_favourite.moved", _("Ordningen på enhetens lista ändrades")
