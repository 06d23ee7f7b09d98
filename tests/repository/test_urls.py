"""A stranger gets no further than the login page."""

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern, RegexPattern, RoutePattern
from django.utils.regex_helper import normalize

from provisioning.entrance import ADDRESSES, scim

# What everybody may see, and why.
PUBLIC = {
    "healthz",  # for whoever watches over the program
    "readyz",  # likewise; a word for each thing, and how long the oldest work has waited
    "metrics",  # likewise; refuses whoever has neither its token nor its address
    "login",
    "second_step",  # only after a right password
    "passkey_sign_in",  # in place of a password
    "logout",  # leads to the login page
    "password_forgotten",  # whoever has forgotten it cannot sign in
    "password_link",  # likewise; the link itself is the right
    "password_new",  # likewise
    "agreement_feed",  # a calendar program has no session; the key in the address is the right, to its calendar alone
    "openid_connect_login",  # leads to the region's directory
    "openid_connect_callback",  # comes back from it
    "saml_login",  # leads to the region's directory
    "saml_acs",  # comes back from it
    "saml_finish_acs",  # likewise
    "saml_metadata",  # what the directory reads of the program
    "saml_sls",  # leads to the login page
    "core:gallery",  # there only while developing
    "core:help",
    "core:shortcuts",
    "core:accessibility",  # the law wants it public
    "core:privacy",
    "core:set_language",
}
SAMPLES = {"int": "1", "uuid": "00000000-0000-0000-0000-000000000001", "year": "2020"}


def sample(pattern: RoutePattern | RegexPattern | LocalePrefixPattern) -> str:
    """An address that fits one part of a pattern."""
    if isinstance(pattern, RoutePattern):
        return re.sub(r"<(?:(\w+):)?\w+>", lambda match: SAMPLES.get(match[1], "x"), str(pattern))
    expression = pattern.regex.pattern
    template, names = normalize(expression)[0]
    groups = dict(re.findall(r"\(\?P<(\w+)>((?:[^()\[\]]|\[[^]]*\])+)\)", expression))
    return str(template % {name: fitting(groups.get(name, ".*")) for name in names})


def fitting(expression: str) -> str:
    """A word that fits one group of a regular expression."""
    return next(word for word in ("1", "2020", "x", "pdf", "xlsx") if re.fullmatch(expression, word))


def addresses(
    resolver: URLResolver, before: str = "", spaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, URLPattern]]:
    """Every address of the program: its name, a sample, its pattern."""
    for pattern in resolver.url_patterns:
        address = before + sample(pattern.pattern)
        if isinstance(pattern, URLResolver):
            deeper = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from addresses(pattern, address, deeper)
        elif pattern.callback is scim:
            yield from addresses(get_resolver(ADDRESSES), "scim/", ("scim",))
        else:
            yield ":".join([*spaces, pattern.name or address]), address, pattern


def guarded() -> dict[str, str]:
    return {name: f"/{address}" for name, address, _ in addresses(get_resolver()) if name not in PUBLIC}


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_is_sent_to_login(method: str) -> None:
    client = Client(raise_request_exception=True)
    open_doors = []
    for name, address in guarded().items():
        response = getattr(client, method)(address)
        to_login = response.status_code == 302 and (
            response["Location"].startswith(resolve_url(settings.LOGIN_URL))
            or "/login/" in response["Location"]
        )
        if not to_login and response.status_code not in (401, 403):
            open_doors.append(f"{name} {address} {response.status_code}")
    assert open_doors == []


def test_public_addresses_exist() -> None:
    names = {name for name, _, _ in addresses(get_resolver())}
    assert PUBLIC - names == set()
