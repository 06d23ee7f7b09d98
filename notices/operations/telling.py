"""Tell people, in the transaction of whatever has happened."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db import connection

from core.wakeups import wake
from notices.kinds import Kind
from notices.states import Delivery


class Actor(Protocol):
    """Whoever acts."""

    @property
    def pk(self) -> int | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class News:
    """One person to be told of one thing: ``facts`` are JSON, ``address`` is the very place in the program."""

    person_id: int
    kind: Kind
    address: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def tell(news: Iterable[News], *, by: Actor | None, at: datetime) -> None:
    """
    Write notices, inside the operation that gives the reason: one statement, and none when nobody is to be told.

    Not to the one who acts, and not to a closed account. The same thing to the same person in the same moment is one.
    Each goes by e-mail as the person has chosen for its kind, else for all kinds, else as the kind has it.
    """
    rows = [
        {
            "place": number,
            "recipient": each.person_id,
            "kind": each.kind.name,
            "address": each.address,
            "facts": each.facts,
            "usual": each.kind.delivery,
            "is_mailable": each.kind.is_mailable,
        }
        for number, each in enumerate(news)
        if by is None or each.person_id != by.pk
    ]
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notices_notice (recipient_id, kind, address, facts, made_at, delivery, due_at)"
            " SELECT person.id, news.kind, news.address, news.facts, %(at)s, chosen.delivery,"
            " CASE WHEN chosen.delivery = %(at_once)s THEN %(at)s::timestamptz END"
            " FROM jsonb_to_recordset(%(rows)s::jsonb)"
            " AS news (place int, recipient bigint, kind text, address text, facts jsonb, usual text, is_mailable boolean)"
            " JOIN organizations_user AS person ON person.id = news.recipient AND person.is_active"
            " LEFT JOIN notices_choice AS own ON own.person_id = person.id AND own.kind = news.kind"
            " LEFT JOIN notices_choice AS every ON every.person_id = person.id AND every.kind = ''"
            " CROSS JOIN LATERAL (SELECT CASE WHEN news.is_mailable"
            " THEN coalesce(own.delivery, every.delivery, news.usual) ELSE %(program)s END) AS chosen (delivery)"
            " ORDER BY news.place ON CONFLICT ON CONSTRAINT notice_once_in_a_moment DO NOTHING RETURNING delivery",
            {
                "rows": json.dumps(rows),
                "at": at,
                "at_once": Delivery.AT_ONCE.value,
                "program": Delivery.PROGRAM.value,
            },
        )
        is_hasty = (Delivery.AT_ONCE.value,) in cursor.fetchall()
    if is_hasty:
        wake("notices.send_due")
