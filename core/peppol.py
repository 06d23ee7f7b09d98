"""Addresses of Peppol: a scheme of ISO 6523, a colon, and a number in it (pure)."""

PEPPOL_ADDRESS = r"^[0-9]{4}:[A-Za-z0-9._~-]{1,50}$"

ORGANISATION = "0007"
"""The scheme of Swedish organisation numbers."""


def peppol_address(address: str, org_number: str) -> str:
    """The address that somebody has, by her organisation number when nothing else is said."""
    return address or f"{ORGANISATION}:{org_number.replace('-', '')}"
