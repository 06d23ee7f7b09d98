"""Where sessions are kept: in the database, so that each is read together with who is signed in, and her roles."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db.models import FilteredRelation, Q, QuerySet
from django.utils import timezone

from core.compiled import compiled_once
from organizations.models import Session, User
from organizations.permissions import HELD, memberships_on, remember_roles


class SessionStore(db.SessionStore):
    """The session of one browser."""

    person: User | None = None
    """Who is signed in there, once the session is read."""

    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        """The model with the person in it."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        """Write down who is signed in beside the rest."""
        instance: Any = super().create_model_instance(data)
        instance.person_id = data.get(SESSION_KEY)
        return instance  # type: ignore[no-any-return]

    def _get_session_from_db(self) -> Any:
        """Read the session, the person and her roles: one query, and one more for who is not signed in."""
        at = timezone.now()
        day = timezone.localdate(at)
        rows: list[Any] = _people(self.session_key or "", at, day)
        if not rows:
            return super()._get_session_from_db()  # type: ignore[misc]
        self.person = remember_roles(rows, day)
        return rows[0].session


@compiled_once
def _people(key: str, at: datetime, day: date) -> QuerySet[User]:
    """Who is signed in with the session, a row for each role that she ``held`` that day."""
    return (
        User.objects.annotate(
            session=FilteredRelation("sessions", condition=Q(sessions__session_key=key)),
            held=memberships_on(day),
        )
        .filter(session__session_key=key, session__expire_date__gt=at)
        .select_related("session", HELD)  # type: ignore[misc]
    )
