"""What the register of suppliers refuses of the terms on which they take orders."""

from django.utils.translation import gettext_lazy as _

from core.errors import InvalidInput


class FreeFreightHasNoFee(InvalidInput):
    """What is free from an amount on costs something below it."""

    code = "supplier_free_freight_has_no_fee"
    sentence = _("Ange vad frakten kostar, när den är fri först från ett belopp.")


class OrderAmountNotPositive(InvalidInput):
    """The smallest order, the freight and what it is free from are above zero, or not said."""

    code = "supplier_order_amount_not_positive"
    sentence = _("Ange ett belopp över noll, eller lämna fältet tomt.")
