"""The language that a person has chosen, in the browser that she signs in with."""

from django.conf import settings
from django.http import HttpResponse

AGE_SECONDS = 365 * 24 * 3600


def speak(response: HttpResponse, language: str) -> None:
    """Let pages be in this language from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=AGE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
