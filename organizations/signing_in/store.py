"""Where sessions are kept: in the database, so that each is read together with the person who is signed in."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db.models import QuerySet
from django.utils import timezone

from core.compiled import compiled_once


class SessionStore(db.SessionStore):
    """The session of one browser."""

    person: Any = None
    """Who is signed in there, once the session is read."""

    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        """The model with the person in it."""
        return apps.get_model("organizations", "Session")

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """Write down who is signed in beside the rest."""
        made: Any = super().create_model_instance(data)
        made.person_id = data.get(SESSION_KEY)
        return made  # type: ignore[no-any-return]

    def _get_session_from_db(self) -> Any:
        """Read the session and the person: one query."""
        found = _open_sessions(self.session_key or "", timezone.now())
        if not found:
            self._session_key = None
            return None
        self.person = found[0].person
        return found[0]


@compiled_once
def _open_sessions(key: str, at: datetime) -> QuerySet[Any]:
    sessions: QuerySet[Any] = apps.get_model("organizations", "Session")._default_manager.all()
    return sessions.filter(session_key=key, expire_date__gt=at).select_related("person")
