"""A passkey, made and shown by a browser with an authenticator of its own."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.person import Person
from tests.faults.program import Program

pytestmark = [
    pytest.mark.browser,
    pytest.mark.processes,
    pytest.mark.timeout(300),
]

TELEPHONE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_passkey_is_made_and_signs_in_with_a_password_and_without_one(
    running: Program, browser: Browser
) -> None:
    # A passkey belongs to a name; an address of numbers has none.
    oskar = Person(browser, f"http://localhost:{running.port}", width=360, without_script=False)
    page, telephone = oskar.page, oskar.context.new_cdp_session(oskar.page)
    telephone.send("WebAuthn.enable")
    authenticator = telephone.send("WebAuthn.addVirtualAuthenticator", {"options": TELEPHONE})

    oskar.log_in("oskar.lindahl@gotland.example")
    oskar.open("/mitt-konto/tva-steg/losennyckel/")
    page.get_by_label("Vad ska nyckeln heta?").fill("Jobbtelefonen")
    oskar.press("Gör en lösennyckel")
    expect(page.get_by_role("heading", name="Spara dina återställningskoder")).to_be_visible()
    expect(page.locator(".codes code")).to_have_count(10)
    oskar.press("Jag har sparat koderna")
    expect(page.get_by_role("heading", name="Jobbtelefonen")).to_be_visible()

    oskar.context.clear_cookies()
    page.goto("/logga-in/?next=/korg/")
    oskar.press("Logga in med lösennyckel")
    expect(page).to_have_url(f"http://localhost:{running.port}/korg/")

    oskar.context.clear_cookies()
    oskar.log_in("oskar.lindahl@gotland.example")
    expect(page.get_by_role("heading", name="Ett steg till")).to_be_visible()
    oskar.press("Använd lösennyckel")
    expect(page).to_have_url(f"http://localhost:{running.port}/start/")

    # Somebody who has found the telephone and has neither finger nor PIN is not let in by it alone.
    oskar.context.clear_cookies()
    telephone.send(
        "WebAuthn.setUserVerified",
        {"authenticatorId": authenticator["authenticatorId"], "isUserVerified": False},
    )
    page.goto("/logga-in/")
    oskar.press("Logga in med lösennyckel")
    expect(page.get_by_text("Webbläsaren lämnade ingen lösennyckel")).to_be_visible()
    # Nor by an answer to the question that follows on a password, which would be content with the telephone.
    telephone.send(
        "WebAuthn.setUserVerified",
        {"authenticatorId": authenticator["authenticatorId"], "isUserVerified": True},
    )
    oskar.log_in("oskar.lindahl@gotland.example")
    page.evaluate("document.querySelector('[data-passkey]').action = '/logga-in/losennyckel/'")
    oskar.press("Använd lösennyckel")
    expect(page.get_by_text("Lösennyckeln gick inte att använda")).to_be_visible()
    # Nor is it a way round the directory for somebody who has no password here.
    running.query(
        "UPDATE organizations_user SET password = '!' WHERE email = 'oskar.lindahl@gotland.example'"
    )
    page.goto("/logga-in/")
    oskar.press("Logga in med lösennyckel")
    expect(page.get_by_text("Lösennyckeln gick inte att använda")).to_be_visible()
    assert oskar.complaints == []
    oskar.context.close()
