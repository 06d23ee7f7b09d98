"""By which rules lines find who answers for them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RoutingRule(models.TextChoices):
    """By which rule a line found its responsible person; the sentence is in procurement/routing.py."""

    MANAGER = "manager", _("Kategoriansvarig")
    MANAGER_ABOVE = "manager_above", _("Ansvarig för överordnad kategori")
    DEPUTY_AWAY = "deputy_away", _("Ersättare, ansvarig är ledig")
    DEPUTY_CONFLICT = "deputy_conflict", _("Ersättare, ansvarig är själv beställare")
    DEPUTY_LEFT = "deputy_left", _("Ersättare, ansvarig har slutat")
    HEAD = "head", _("Inköpschef, ingen annan finns")
    TRIAGE = "triage", _("Inköpschef fördelar, kategori saknas")
    DIRECT_AWARD = "direct_award", _("Inköpschef, direktupphandling över gränsen")
    HANDED_OVER = "handed_over", _("Lämnad över av den som hade raden")
    LATE_DEPUTY = "late_deputy", _("Ersättare, svarstiden har gått ut")
    LATE_HEAD = "late_head", _("Inköpschef, svarstiden har gått ut")
