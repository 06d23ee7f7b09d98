"""
How much the register says of an agreement: what is missing, in words, and in per cent.

What is missing is asked of the database (``agreement_missing``), which also refuses to activate an agreement with a hole, so the list,
the page, the activation and the database say the same. This is what the audit of 2016 asked for.
"""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HOLES: Mapping[str, Promise] = {
    "ceiling": _("takvolym"),
    "end": _("sista dag, eller tills vidare med uppsägningstid"),
    "owner": _("någon som ansvarar"),
    "long_term_reason": _("skäl för den långa avtalstiden"),
    "risk": _("krav på uppförandekod, eftersom kategorin är en riskkategori"),
    "shares": _("leverantörer med rang 1, 2, 3 utan luckor, eller andelar som tillsammans är 100 procent"),
}
"""Without these it is not activated."""

WANTED: Mapping[str, Promise] = {
    "diary_number": _("diarienummer"),
    "estimated_amount": _("uppskattat värde"),
    "notice_reference": _("annons"),
    "delivery_terms": _("leveransvillkor"),
    "code_of_conduct_level": _("krav på uppförandekod"),
    "suppliers": _("fler leverantörer, efter avropsformen"),
    "index_clause": _("indexklausulens villkor"),
    "documents": _("avtalet som dokument"),
}
"""What a complete register says besides."""


def in_words(codes: Iterable[str]) -> list[str]:
    """What is missing, as people say it, the gravest first."""
    labels = {**HOLES, **WANTED}
    return [str(labels[code]) for code in labels if code in set(codes)]


def holes_of(codes: Iterable[str]) -> list[str]:
    """Those of what is missing that stop the activation."""
    return [code for code in HOLES if code in set(codes)]
