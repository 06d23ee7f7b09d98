"""The directories that people sign in through, as SINGLE_SIGN_ON names them: JSON, or the path of a file with JSON."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

KINDS = ("openid_connect", "saml")
NEEDED = {"openid_connect": {"server_url", "client_id", "client_secret"}, "saml": {"idp"}}

SAML_DEFAULTS = {"want_assertion_signed": True, "allow_single_label_domains": True}


def providers(written: str) -> dict[str, dict[str, Any]]:
    """
    The directories as django-allauth has them, by kind.

    Each is an object with ``id`` (in addresses), ``kind``, ``name`` (on the page) and what its kind needs.

    :raises ImproperlyConfigured: what is written is not that.
    """
    if not written.strip():
        return {}
    text = written if written.lstrip().startswith("[") else Path(written).read_text(encoding="utf-8")
    try:
        directories = json.loads(text)
    except ValueError as error:
        raise ImproperlyConfigured(f"SINGLE_SIGN_ON is not JSON: {error}") from error
    apps: dict[str, list[dict[str, Any]]] = {}
    for each in directories:
        kind = each.get("kind")
        lacking = ({"id", "name"} | NEEDED.get(kind, set())) - set(each)
        if kind not in KINDS or lacking:
            raise ImproperlyConfigured(
                f"SINGLE_SIGN_ON: {each.get('id', '?')} lacks {', '.join(sorted(lacking)) or 'a kind'}."
            )
        apps.setdefault(kind, []).append(_app(each))
    return {kind: {"APPS": list(these), "OAUTH_PKCE_ENABLED": True} for kind, these in apps.items()}


def _app(each: dict[str, Any]) -> dict[str, Any]:
    if each["kind"] == "saml":
        each = {**each, "advanced": {**SAML_DEFAULTS, **each.get("advanced", {})}}
    own = ("id", "kind", "name", "client_id", "client_secret")
    return {
        "provider_id": each["id"],
        "name": each["name"],
        "client_id": each.get("client_id", each["id"]),
        "secret": each.get("client_secret", ""),
        "settings": {name: value for name, value in each.items() if name not in own},
    }
