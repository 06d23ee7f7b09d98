"""The directories that people sign in through, as SINGLE_SIGN_ON names them: JSON, or the path of a file with JSON."""

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

KINDS = ("openid_connect", "saml")
NEEDED = {"openid_connect": {"server_url", "client_id", "client_secret"}, "saml": {"idp"}}

SAML_DEFAULTS = {"want_assertion_signed": True, "allow_single_label_domains": True}


def providers(setting: str) -> dict[str, dict[str, Any]]:
    """
    The directories as django-allauth has them, by kind.

    Each is an object with ``id`` (in addresses), ``kind``, ``name`` (on the page) and what its kind needs.

    :raises ImproperlyConfigured: what is written is not that.
    """
    if not setting.strip():
        return {}
    directories = _read_directories(setting)
    ids = [each.get("id") for each in directories]
    if doubled := sorted({str(each) for each in ids if ids.count(each) > 1}):
        raise ImproperlyConfigured(f"SINGLE_SIGN_ON: two directories have the id {', '.join(doubled)}.")
    apps: dict[str, list[dict[str, Any]]] = {}
    for each in directories:
        kind = str(each.get("kind"))
        lacking = ({"id", "name"} | NEEDED.get(kind, set())) - set(each)
        if kind not in KINDS or lacking:
            raise ImproperlyConfigured(
                f"SINGLE_SIGN_ON: {each.get('id', '?')} lacks {', '.join(sorted(lacking)) or 'a kind'}."
            )
        apps.setdefault(kind, []).append(_app(each))
    return {kind: {"APPS": list(these), "OAUTH_PKCE_ENABLED": True} for kind, these in apps.items()}


def _read_directories(setting: str) -> list[dict[str, Any]]:
    """
    The objects that are written, or stand in the file that is named.

    :raises ImproperlyConfigured: they are no list of objects, or the file cannot be read.
    """
    try:
        text = setting if setting.lstrip().startswith(("[", "{")) else Path(setting).read_text("utf-8")
        directories = json.loads(text)
    except OSError as error:
        raise ImproperlyConfigured(f"SINGLE_SIGN_ON: {setting} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise ImproperlyConfigured(f"SINGLE_SIGN_ON is not JSON: {error}") from error
    if not isinstance(directories, list) or not all(isinstance(each, dict) for each in directories):
        raise ImproperlyConfigured("SINGLE_SIGN_ON is a list with an object for each directory.")
    return directories


def _app(each: dict[str, Any]) -> dict[str, Any]:
    if each["kind"] == "saml":
        each = {**each, "advanced": {**SAML_DEFAULTS, **each.get("advanced", {})}}
    main_keys = ("id", "kind", "name", "client_id", "client_secret")
    return {
        "provider_id": each["id"],
        "name": each["name"],
        "client_id": each.get("client_id", each["id"]),
        "secret": each.get("client_secret", ""),
        "settings": {name: value for name, value in each.items() if name not in main_keys},
    }
