"""What agreements tell people: the days that an agreement's owner has to act before (pure)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.models import Deadline
from core import formatting
from core.languages import current_language
from notices.kinds import Kind, Sentence
from notices.states import Delivery


def _deadline(facts: Mapping[str, Any]) -> Sentence:
    day = formatting.weekday_day(date.fromisoformat(facts["day"]), language=current_language())
    titles = {
        Deadline.OPTION: _("Besluta om optionen för %(title)s"),
        Deadline.NOTICE: _("Snart går det inte att säga upp %(title)s"),
        Deadline.PRICES: _("Begär nya priser efter index för %(title)s"),
        Deadline.START: _("Starta nästa upphandling av %(title)s"),
        Deadline.END: _("Avtalet %(title)s slutar snart"),
    }
    texts = {
        Deadline.OPTION: _("Sista dagen är %(day)s. Därefter går optionen inte att utnyttja."),
        Deadline.NOTICE: _("Sista dagen för uppsägning är %(day)s."),
        Deadline.PRICES: _(
            "Sista dagen är %(day)s, för leverantören vid en höjning och för regionen vid en sänkning."
        ),
        Deadline.START: _("Den behöver starta senast %(day)s för att ett nytt avtal ska finnas i tid."),
        Deadline.END: _("Sista dagen är %(day)s. Därefter stoppas nya rader."),
    }
    kind = Deadline(facts["deadline"])
    return Sentence(titles[kind] % facts, texts[kind] % {"day": day})


def _decided(facts: Mapping[str, Any]) -> Sentence:
    titles = {
        "activated": _("%(title)s är aktiverat"),
        "option_used": _("%(title)s är förlängt"),
        "option_not_used": _("%(title)s förlängs inte"),
        "terminated": _("%(title)s är uppsagt"),
        "ended": _("%(title)s är avslutat"),
    }
    texts = {
        "activated": _("%(who)s har aktiverat det."),
        "option_used": _("%(who)s har utnyttjat optionen. Avtalet gäller till och med %(day)s."),
        "option_not_used": _("%(who)s har avstått från optionen. Avtalet gäller till och med %(day)s."),
        "terminated": _("%(who)s har sagt upp det. Det går att beställa från till och med %(day)s."),
        "ended": _("%(who)s har avslutat det. Inget mer beställs från det."),
    }
    through = facts["day"]
    day = formatting.weekday_day(date.fromisoformat(through), language=current_language()) if through else ""
    quoted_reason = f" ”{facts['reason']}”" if facts["reason"] else ""
    text = texts[facts["how"]] % {**facts, "day": day}
    return Sentence(titles[facts["how"]] % facts, text + quoted_reason)


AGREEMENT_DECIDED = Kind("agreement_decided", gettext_lazy("Beslut om dina avtal"), Delivery.DIGEST, _decided)
AGREEMENT_DAYS = Kind(
    "agreement_days", gettext_lazy("Dagar att hålla för dina avtal"), Delivery.DIGEST, _deadline
)
KINDS = [AGREEMENT_DAYS, AGREEMENT_DECIDED]
