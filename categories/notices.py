"""What categories tells people: that somebody asks them to act in her place, or has reported them absent."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formatting
from core.addresses import place
from core.languages import current_language
from core.periods import last_day
from notices.kinds import Kind, Sentence
from notices.operations.telling import News
from notices.states import Delivery
from organizations.models import Delegation, User


def _delegation(facts: Mapping[str, Any]) -> Sentence:
    titles = {
        "asked": _("Någon vill att du går in"),
        "accepted": _("Någon har tackat ja till att gå in för dig"),
        "declined": _("Någon går inte in för dig"),
        "revoked": _("Du behöver inte gå in längre"),
        "arranged": _("Någon har ordnat att du får en ersättare"),
        "ended": _("Ingen går in för dig längre"),
        "left": _("Du behöver inte gå in längre"),
    }
    texts = {
        "asked": _("%(who)s vill att du går in %(days)s. Svara under Frånvaro och ersättare."),
        "accepted": _("%(who)s går in för dig %(days)s."),
        "declined": _("%(who)s går inte in för dig %(days)s."),
        "revoked": _("%(who)s har tagit tillbaka delegationen %(days)s."),
        "arranged": _(
            "%(who)s vill att %(other)s går in för dig %(days)s. Det gäller när %(other)s har tackat ja."
        ),
        "ended": _("%(who)s har tagit tillbaka delegationen till %(other)s %(days)s."),
        "left": _("%(who)s har slutat, så delegationen %(days)s gäller inte längre."),
    }
    values = {"who": facts["who"], "other": facts.get("other", ""), "days": _days(facts)}
    return Sentence(titles[facts["how"]], texts[facts["how"]] % values)


def delegation_news(
    how: str, delegation: Delegation, *, who: User, to: User, other: User | None = None
) -> News:
    """
    What one of the two is told of a delegation.

    :param who: whose act it is.
    :param other: the other of the two, where it is the act of a third.
    """
    days = [delegation.valid_during.lower, last_day(delegation.valid_during)]
    facts = {"how": how, "who": who.full_name, "days": [day.isoformat() for day in days if day]}
    return News(to.pk, DELEGATION, place("absence"), facts | ({"other": other.full_name} if other else {}))


def _absence(facts: Mapping[str, Any]) -> Sentence:
    texts = {
        "absence.reported": _("%(who)s har anmält att du är borta %(days)s. Din ersättare går in."),
        "absence.changed": _("%(who)s har ändrat din frånvaro till %(days)s."),
        "absence.withdrawn": _("%(who)s har tagit tillbaka din frånvaro %(days)s."),
    }
    return Sentence(
        _("Din frånvaro har ändrats av någon annan"),
        texts[facts["how"]] % {"who": facts["who"], "days": _days(facts)},
    )


def _days(facts: Mapping[str, Any]) -> str:
    """The first and the last day; one of them when they are the same."""
    days = dict.fromkeys(date.fromisoformat(day) for day in facts["days"])
    return "–".join(formatting.weekday_day(day, language=current_language()) for day in days)


DELEGATION = Kind("delegation", gettext_lazy("Att gå in för någon annan"), Delivery.AT_ONCE, _delegation)
ABSENCE = Kind("absence", gettext_lazy("Att någon annan anmält dig frånvarande"), Delivery.AT_ONCE, _absence)
KINDS = [DELEGATION, ABSENCE]
