"""From which address a request comes, when proxies stand between (pure)."""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any

UNKNOWN = "unknown"
IPV6_PREFIX = 64
"""Bits of an IPv6 address that belong to one subscriber, who has all addresses below."""


def client_address(meta: Mapping[str, Any], *, proxies: int) -> str:
    """
    Tell the address of the client.

    Each proxy adds the address that called it at the end of X-Forwarded-For, so that the client's stands as many
    places from the end as there are proxies of ours. What stands before it was written by the client herself and is
    not believed; nor is anything when fewer are there than our proxies write.

    :param meta: the request's variables, as WSGI names them.
    """
    forwarded = [part.strip() for part in str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    if proxies and len(forwarded) >= proxies:
        address = _address(forwarded[-proxies])
        if address:
            return address
    return _address(str(meta.get("REMOTE_ADDR", ""))) or UNKNOWN


def _address(text: str) -> str:
    """Read an address, with or without its port; nothing when it is none."""
    host, _colon, port = text.rpartition(":")
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif port.isdecimal() and host.count(".") == 3:
        text = host
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Address(int(address) >> (128 - IPV6_PREFIX) << (128 - IPV6_PREFIX)))
    return str(address)
