"""How secrets of factors are kept in the database: encrypted, so that a copy of it opens nobody's account."""

import base64

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


class Unreadable(ValueError):
    """The secret was kept under a key that the program no longer has."""


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What django-allauth asks of the program."""

    def encrypt(self, text: str) -> str:
        """Lock a secret with the newest of the program's keys."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """
        Open a secret with whichever key it was locked with.

        :raises Unreadable: none of them fits.
        """
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            raise Unreadable from error


def _cipher() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in keys])


def _key(secret: str) -> bytes:
    digest = salted_hmac("factors.keeping", "", secret=secret, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)
