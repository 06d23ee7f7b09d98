"""The declaration of every register, in the order in which a region needs them."""

from office.registers import organisation

__all__ = ["organisation"]
