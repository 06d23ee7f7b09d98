"""How the price to compare with is found, and what kind of effect comes of it (DOMAIN 2.2, 2.7)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BaselineMethod(models.TextChoices):
    """How the price to compare with was found (DOMAIN 2.2). Printed beside every amount."""

    PREV_CONTRACT = "prev_contract", _("Förra avtalet")
    HIST_AVG = "hist_avg", _("Snitt 12 mån.")
    INDEXED = "indexed", _("Förra avtalet med index")
    AVG_BID = "avg_bid", _("Snitt av anbud")
    BUDGET = "budget", _("Budgeterat pris")
    NONE = "none", _("Baslinje saknas")

    @property
    def needs_old_agreement(self) -> bool:
        """Whether the price before is that of the agreement before."""
        return self in (BaselineMethod.PREV_CONTRACT, BaselineMethod.INDEXED)

    @property
    def gives_price_before(self) -> bool:
        """Whether there is a price that was paid or budgeted before, so that a lower one is money left over."""
        return self not in (BaselineMethod.AVG_BID, BaselineMethod.NONE)

    @property
    def gives_counterfactual(self) -> bool:
        """Whether there is a price that would have been, so that what was avoided can be told."""
        return self in (BaselineMethod.INDEXED, BaselineMethod.AVG_BID)


class SavingNature(models.TextChoices):
    """What kind of effect an initiative has; only the first is part of the budget effect, the others stand apart."""

    RECURRING = "recurring", _("Återkommande")
    ONE_OFF = "one_off", _("Engångs")
    CRISIS = "crisis", _("Krispriser")
