"""
Second factors: what a person shows beside her password.

Words: *factor* (andra steg), *app* (app med engångskoder: TOTP), *passkey* (lösennyckel: WebAuthn), *recovery codes*
(återställningskoder). django-allauth keeps them (``allauth.mfa``) and knows how each is checked; here stands who has to have one,
who may add and remove it, and what is written down and told. May import notices, organizations, audit and core.
See docs/adr/0036.
"""
