"""What procurement tells people: the kinds of notices, and the sentences that their facts make (pure)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import formatting
from core.errors import localized, telling
from core.languages import current_language
from notices.kinds import Kind, Sentence
from notices.states import Delivery
from procurement.models import MessageKind, RejectionReason, Severity
from procurement.wording import things

Facts = Mapping[str, Any]


def _quoted(text: object) -> str:
    return f" ”{text}”" if text else ""


def _day(text: str) -> str:
    """A day by its name and date; a notice may be read long after, so it never says today."""
    return formatting.weekday_day(date.fromisoformat(text), language=current_language())


def _question(facts: Facts) -> Sentence:
    text = _("%(who)s undrar om %(things)s:") % {"who": facts["who"], "things": things(facts)}
    return Sentence(_("Fråga om beställning %(number)s") % facts, text + _quoted(facts["text"]))


def _answer(facts: Facts) -> Sentence:
    text = _("%(who)s svarar om %(what)s:") % facts
    return Sentence(_("Svar om beställning %(number)s") % facts, text + _quoted(facts["text"]))


def _price_question(facts: Facts) -> Sentence:
    language = current_language()
    details = {
        **facts,
        "before": formatting.unit_price(Decimal(facts["before"]), language=language),
        "after": formatting.unit_price(Decimal(facts["after"]), language=language),
    }
    return Sentence(
        _("Priset har stigit i beställning %(number)s") % facts,
        _("%(what)s kostar nu %(after)s, förut %(before)s. Raden väntar tills du har svarat ja eller nej.")
        % details,
    )


def _price_answer(facts: Facts) -> Sentence:
    text = (
        _("%(who)s vill ha %(what)s till det nya priset.")
        if facts["is_accepted"]
        else _("%(who)s vill inte ha %(what)s till det nya priset. Raden är tillbakadragen.")
    )
    return Sentence(_("Svar om priset i beställning %(number)s") % facts, text % facts)


def _changed(facts: Facts) -> Sentence:
    details = {**facts, "things": things(facts)}
    titles = {
        "adjusted": _("Antalet är ändrat i beställning %(number)s"),
        "substituted": _("En artikel är utbytt i beställning %(number)s"),
        "rejected": _("Avslag i beställning %(number)s"),
        "attest_refused": _("Beställning %(number)s fick inte attest"),
        "order_cancelled": _("En inköpsorder för beställning %(number)s är makulerad"),
        "order_reduced": _("Färre kommer till beställning %(number)s"),
    }
    texts = {
        "adjusted": _("%(who)s godkände färre av %(things)s."),
        "substituted": _("%(who)s godkände en annan artikel än %(things)s."),
        "rejected": _("%(who)s avslog %(things)s."),
        "attest_refused": _("%(who)s nekade attest. Det som inte var beställt är annullerat: %(things)s."),
        "order_cancelled": _("%(who)s makulerade ordern. Annullerat: %(things)s. Du kan beställa igen."),
        "order_reduced": _("%(who)s avbeställde det som var kvar, eller en del av det: %(things)s."),
    }
    text = texts[facts["how"]] % details
    if facts.get("reason"):
        text += " " + _("Skäl: %(reason)s.") % {"reason": RejectionReason(facts["reason"]).label}
    text += _on_condition(facts)
    return Sentence(titles[facts["how"]] % facts, text + _quoted(facts["text"]))


def _taken_back(facts: Facts) -> Sentence:
    count = int(facts["count"])
    title = ngettext(
        "En godkänd rad har kommit tillbaka", "%(count)s godkända rader har kommit tillbaka", count
    )
    return Sentence(
        title % {"count": count},
        telling("%(things)s. %(why)s", things=things(facts), why=localized(facts["reason"])),
    )


def _waiting(facts: Facts) -> Sentence:
    count = int(facts["count"])
    title = ngettext("En rad väntar på ditt beslut", "%(count)s rader väntar på ditt beslut", count)
    text = _("Den tidigaste svarsdagen är %(day)s.") % {"day": _day(facts["day"])}
    return Sentence(title % {"count": count}, text)


def _attests(facts: Facts) -> Sentence:
    count = int(facts["count"])
    title = ngettext(
        "En beställning väntar på din attest", "%(count)s beställningar väntar på din attest", count
    )
    return Sentence(title % {"count": count})


def _frame(facts: Facts) -> Sentence:
    over = formatting.kr(Decimal(facts["over"]), language=current_language())
    text = (
        _("%(department)s hade inte ram för %(over)s av beställningen.")
        if facts["has_frame"]
        else _("%(department)s har ingen ram för perioden. Beställningen belastar enheten med %(over)s.")
    )
    return Sentence(
        _("Ramen räckte inte till beställning %(number)s") % facts, text % {**facts, "over": over}
    )


def _overdue(facts: Facts) -> Sentence:
    count = int(facts["count"])
    title = ngettext(
        "Svarsdagen har passerat för en rad", "Svarsdagen har passerat för %(count)s rader", count
    )
    return Sentence(title % {"count": count}, _("Den som har beställt väntar på ditt beslut."))


def _late(facts: Facts) -> Sentence:
    day = {"day": _day(facts["day"])}
    if facts["number"]:
        return Sentence(
            _("En leverans till beställning %(number)s är försenad") % facts,
            _("%(things)s skulle ha kommit %(day)s.") % {"things": things(facts), **day},
        )
    count = int(facts["count"])
    title = ngettext("En rad har inte levererats i tid", "%(count)s rader har inte levererats i tid", count)
    return Sentence(title % {"count": count}, _("Den äldsta skulle ha kommit %(day)s.") % day)


def _not_sent(facts: Facts) -> Sentence:
    titles = {
        MessageKind.ORDER: _("Inköpsorder %(number)s gick inte att skicka"),
        MessageKind.CANCELLATION: _("Makuleringen av inköpsorder %(number)s gick inte att skicka"),
        MessageKind.CHANGE: _("Beskedet om inköpsorder %(number)s gick inte att skicka"),
    }
    text = _("%(supplier)s vet inte vad som gäller förrän du har försökt igen.") % facts
    return Sentence(
        titles[MessageKind(facts["kind"])] % facts,
        telling("%(text)s %(why)s", text=text, why=localized(facts["reason"])),
    )


def _supplier_answer(facts: Facts) -> Sentence:
    titles = {
        "changed": _("%(supplier)s vill ändra i inköpsorder %(number)s"),
        "refused": _("%(supplier)s levererar inte allt i inköpsorder %(number)s"),
        "rest_refused": _("%(supplier)s levererar inte resten av inköpsorder %(number)s"),
        "not_taken": _("Ett svar från %(supplier)s om inköpsorder %(number)s gick inte att följa"),
    }
    texts = {
        "changed": _("%(what)s. Ta ställning, så får leverantören besked."),
        "refused": _(
            "%(what)s. Det som inte kommer har gått till nästa leverantör i rang eller ligger i kön igen."
        ),
        "rest_refused": _("%(what)s. Det som har kommit står kvar, och resten kommer inte."),
        "not_taken": "%(reason)s",
    }
    details = {**facts, "reason": localized(facts["reason"])}
    return Sentence(titles[facts["how"]] % details, telling(texts[facts["how"]], **details))


def _supplier_change(facts: Facts) -> Sentence:
    text = _("%(supplier)s har ändrat leveransen av %(things)s. På beställningen ser du vad som gäller nu.")
    return Sentence(
        _("Leveransen till beställning %(number)s är ändrad") % facts,
        text % {**facts, "things": things(facts)},
    )


def _handover(facts: Facts) -> Sentence:
    lines, attests = int(facts["lines"]), int(facts["attests"])
    parts = []
    if lines:
        parts.append(ngettext("En rad", "%(count)s rader", lines) % {"count": lines})
    if attests:
        parts.append(ngettext("en attest", "%(count)s attester", attests) % {"count": attests})
    text = _("%(what)s väntar nu på dig. Förut väntade det på %(before)s.") % {
        "what": _(" och ").join(parts).capitalize(),
        "before": ", ".join(facts["before"]),
    }
    return Sentence(_("Något som väntade på någon annan är nu ditt"), text + _quoted(facts.get("text")))


def _basket(facts: Facts) -> Sentence:
    title = _("Korgen för %(department)s är nu din") % facts
    if facts.get("how") == "moved":
        return Sentence(title, _("%(person)s, som hade den, beställer inte längre.") % facts)
    return Sentence(title, _("%(person)s, som hade den, har slutat.") % facts)


def _stranded(facts: Facts) -> Sentence:
    title = _("Korgen för %(department)s går inte att skicka") % facts
    if facts.get("how") == "moved":
        text = _(
            "Du beställer inte längre för enheten. Flytta det du vill ha till en annan enhet som du beställer för."
        )
        return Sentence(title, text)
    return Sentence(
        title, _("Enheten är stängd. Flytta det du vill ha till en annan enhet som du beställer för.")
    )


def _recall(facts: Facts) -> Sentence:
    if facts["how"] == "lifted":
        title = _("Spärren är hävd för %(what)s") % facts
        return Sentence(title, _("Den går att använda och beställa igen. %(reason)s") % facts)
    batch = " " + _("Det gäller parti %(batch)s.") % facts if facts["batch"] else ""
    texts = {
        Severity.REMOVE: _("Ta undan det ni har, och svara att ni har gjort det."),
        Severity.ASK_FIRST: _("Använd den inte utan att fråga, och svara att ni har sett det."),
        Severity.INFORM: _("Svara att ni har sett det."),
    }
    text = f"{facts['reason'].rstrip('. ')}.{batch} {texts[Severity(facts['severity'])]}"
    return Sentence(_("Återkallas: %(what)s, artikel %(number)s") % facts, text)


def _leaving(facts: Facts) -> Sentence:
    title = _("%(what)s utgår") % facts
    text = _("Den går att beställa till och med %(day)s.") % {"day": _day(facts["last"])}
    if facts["replacement"]:
        text += " " + _("Den ersätts av %(replacement)s.") % facts
    return Sentence(title, text + _on_condition(facts))


def _on_condition(facts: Facts) -> str:
    """On what condition an item replaces another, if on any."""
    return " " + _("Villkor: %(condition)s") % facts if facts.get("condition") else ""


def _template(facts: Facts) -> Sentence:
    text = _("%(name)s, för %(department)s, har sin dag %(day)s.") % {**facts, "day": _day(facts["day"])}
    return Sentence(_("Dags att beställa: %(name)s") % facts, text)


def _award(facts: Facts) -> Sentence:
    titles = {
        "new": _("En direktupphandling ska dokumenteras"),
        "soon": _("Dokumentationen av en direktupphandling ska snart vara klar"),
        "late": _("Dokumentationen av en direktupphandling är försenad"),
    }
    text = _("Inköpsorder %(number)s till %(supplier)s. Dokumentationen ska vara klar %(day)s.")
    return Sentence(titles[facts["how"]], text % {**facts, "day": _day(facts["day"])})


def _no_administrator(facts: Facts) -> Sentence:
    text = _(
        "Tills någon har rollen kan ingen ändra personer, enheter och leveransplatser. Den som driver Rauk ger den med"
        " kommandot create_administrator."
    )
    return Sentence(_("Ingen är systemadministratör längre"), text)


QUESTION = Kind("question", gettext_lazy("Frågor om det du har beställt"), Delivery.AT_ONCE, _question)
PRICE_QUESTION = Kind(
    "price_question",
    gettext_lazy("Priser som har stigit på det du har beställt"),
    Delivery.AT_ONCE,
    _price_question,
)
PRICE_ANSWER = Kind(
    "price_answer", gettext_lazy("Svar om priser som har stigit"), Delivery.DIGEST, _price_answer
)
CHANGED = Kind("decision", gettext_lazy("Beslut som ändrar det du har beställt"), Delivery.AT_ONCE, _changed)
LATE = Kind("late_delivery", gettext_lazy("Leveranser som är försenade"), Delivery.DIGEST, _late)
ANSWER = Kind("answer", gettext_lazy("Svar på dina frågor"), Delivery.DIGEST, _answer)
WAITING = Kind("waiting", gettext_lazy("Det som väntar på ditt beslut"), Delivery.DIGEST, _waiting)
ATTESTS = Kind("attest", gettext_lazy("Det som väntar på din attest"), Delivery.DIGEST, _attests)
FRAME = Kind("budget_frame", gettext_lazy("Budgetramar som inte räcker"), Delivery.DIGEST, _frame)
OVERDUE = Kind("overdue", gettext_lazy("Svarsdagar som har passerat"), Delivery.DIGEST, _overdue)
TAKEN_BACK = Kind(
    "taken_back", gettext_lazy("Godkända rader som har kommit tillbaka"), Delivery.DIGEST, _taken_back
)
NOT_SENT = Kind(
    "order_not_sent", gettext_lazy("Inköpsordrar som inte gick att skicka"), Delivery.DIGEST, _not_sent
)
SUPPLIER_ANSWER = Kind(
    "supplier_answer",
    gettext_lazy("Leverantörers svar på inköpsordrar"),
    Delivery.AT_ONCE,
    _supplier_answer,
)
SUPPLIER_CHANGE = Kind(
    "supplier_change",
    gettext_lazy("Leveranser som leverantören har ändrat"),
    Delivery.DIGEST,
    _supplier_change,
)
HANDOVER = Kind(
    "handover", gettext_lazy("Det som flyttas till dig från någon annan"), Delivery.DIGEST, _handover
)
BASKET = Kind("basket_inherited", gettext_lazy("Korgar som du tar över"), Delivery.DIGEST, _basket)
STRANDED = Kind(
    "basket_stranded", gettext_lazy("Korgar som inte går att skicka längre"), Delivery.DIGEST, _stranded
)
RECALL = Kind("recall", gettext_lazy("Återkallelser av det ni har tagit emot"), Delivery.AT_ONCE, _recall)
LEAVING = Kind(
    "leaving_item",
    gettext_lazy("Artiklar i din korg eller bland dina favoriter som utgår"),
    Delivery.DIGEST,
    _leaving,
)
TEMPLATE = Kind(
    "order_template", gettext_lazy("Mallar som har sin beställningsdag"), Delivery.DIGEST, _template
)
AWARD = Kind(
    "award_record", gettext_lazy("Direktupphandlingar som ska dokumenteras"), Delivery.DIGEST, _award
)
NO_ADMINISTRATOR = Kind(
    "no_administrator",
    gettext_lazy("När ingen är systemadministratör längre"),
    Delivery.AT_ONCE,
    _no_administrator,
)
KINDS = [
    RECALL,
    QUESTION,
    PRICE_QUESTION,
    PRICE_ANSWER,
    CHANGED,
    LATE,
    TEMPLATE,
    ANSWER,
    WAITING,
    ATTESTS,
    FRAME,
    OVERDUE,
    TAKEN_BACK,
    NOT_SENT,
    SUPPLIER_ANSWER,
    SUPPLIER_CHANGE,
    HANDOVER,
    BASKET,
    STRANDED,
    LEAVING,
    AWARD,
    NO_ADMINISTRATOR,
]
