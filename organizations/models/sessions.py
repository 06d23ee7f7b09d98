"""Sessions of browsers."""

import hashlib
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class Session(AbstractBaseSession):
    """A browser's session, with who is signed in there."""

    person = models.ForeignKey(
        "organizations.User", on_delete=models.CASCADE, null=True, related_name="sessions"
    )

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """What reads and writes it."""
        store: type[SessionBase] = import_module(settings.SESSION_ENGINE).SessionStore
        return store

    @property
    def name(self) -> str:
        """What the session is called in addresses, which its key never stands in."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:20]
