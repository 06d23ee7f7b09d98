"""Model fields whose precision is decided once: unit price, quantity, amount."""

from typing import Any

from django.db import models

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""The years of days that people and programs may send."""


class UnitPriceField(models.DecimalField[Any, Any]):
    """Price per unit excluding VAT, 4 decimals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"max_digits": 16, "decimal_places": 4} | kwargs))


class QuantityField(models.DecimalField[Any, Any]):
    """Quantity in the unit that stands beside it, 3 decimals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"max_digits": 15, "decimal_places": 3} | kwargs))


class AmountField(models.DecimalField[Any, Any]):
    """Amount excluding VAT, 2 decimals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"max_digits": 16, "decimal_places": 2} | kwargs))
