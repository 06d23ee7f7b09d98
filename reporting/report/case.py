"""The case document (tjänsteskrivelse, DOMAIN 4.4): a snapshot put into words and tables. Pure."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from core.diary import both_notations
from reporting.report.agreements import ENDING_MONTHS
from reporting.report.annex import annex
from reporting.report.annex_governance import assignments
from reporting.report.content import Content
from reporting.report.document import (
    Block,
    Cell,
    Document,
    Heading,
    Paragraph,
    Points,
    Row,
    RowKind,
    Section,
    Table,
)
from reporting.report.known import months_without, realised_cell, unknown_note, why_unknown
from reporting.report.snapshot import Snapshot
from reporting.report.words import (
    count,
    day,
    days,
    few,
    holes,
    kronor,
    methods_named,
    percent,
    so_far,
    whole,
)

HEADINGS = {
    "proposal": "Förslag till beslut",
    "summary": "Sammanfattning",
    "background": "Ärendebeskrivning",
    "assessment": "Bedömning",
    "economy": "Ekonomisk konsekvensanalys",
    "children_perspective": "Barn- och genusperspektiv",
    "rural_perspective": "Landsbygdsperspektiv",
    "basis": "Beslutsunderlag",
    "recipients": "Skickas till",
    "signature": "Underskrift",
    "annex": "Bilaga 1. Indikatorer, initiativ och avtal",
}
"""What each section is called where the region has said nothing else, in the order of the document."""

ASKS = {
    "proposal": "Vad ska regionstyrelsen besluta? En punkt per rad, skriven som om den redan var beslutad.",
    "assessment": "Vad betyder resultatet, och vad bör göras härnäst?",
    "children_perspective": "Hur påverkar inköpen barn, och kvinnor och män?",
    "rural_perspective": "Hur påverkar inköpen landsbygden och de lokala leverantörerna?",
    "recipients": "Vilka ska få beslutet? En mottagare per rad.",
    "signature": "Vem skriver under? Namn på en rad, titel på nästa.",
}
"""What is asked of whoever writes a section, where the region has said nothing else."""


DRAFT = "Utkast"


def compose(content: Content) -> Document:
    """Put figures and texts into the nine sections of a case document, its signature and its annex."""
    snapshot = content.figures
    head, headings = snapshot["report"], HEADINGS | snapshot["headings"]
    asks = questions_of(snapshot)
    facts = (
        ("Ärende", both_notations(content.diary_number)),
        ("Datum", head["frozen"]),
        ("Handläggare", head["officer"]),
        ("Till", snapshot["parties"]["recipient"]),
    )
    blocks: dict[str, tuple[Block, ...]] = {
        "proposal": _points(content.text("proposal"), is_numbered=True),
        "summary": _summary(snapshot),
        "background": (*assignments(snapshot, content.diary_number), *_background(snapshot)),
        "assessment": _paragraphs(content.text("assessment")),
        "economy": _economy(snapshot),
        "children_perspective": _paragraphs(content.text("children_perspective")),
        "rural_perspective": _paragraphs(content.text("rural_perspective")),
        "basis": _basis(snapshot, headings["annex"]),
        "recipients": _points(content.text("recipients")),
        "signature": tuple(map(Paragraph, _lines(content.text("signature")))),
    }
    mark = DRAFT if content.is_draft else ""
    return Document(
        sender=head["region"],
        sender_unit=snapshot["parties"]["sender"],
        facts=tuple((label, value) for label, value in facts if value),
        title=head["title"],
        sections=tuple(
            Section(
                key, headings[key], blocks[key], is_written_by_rauk=key not in asks, ask=asks.get(key, "")
            )
            for key in blocks
        ),
        annex_title=headings["annex"],
        annex=annex(snapshot),
        footer=f"{mark + '. ' if mark else ''}Version {head['version']}. Kontrollsumma {content.sha256[:16]}",
        diary_number=content.diary_number,
        mark=mark,
    )


def questions_of(snapshot: Snapshot | None) -> Mapping[str, str]:
    """What is asked in a report, by the keys of its sections; by the program's own sentences until its figures are frozen."""
    return ASKS | (snapshot["asks"] if snapshot else {})


def _lines(text: str) -> tuple[str, ...]:
    """What a person wrote, line by line; empty lines are none."""
    return tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())


def _points(text: str, *, is_numbered: bool = False) -> tuple[Block, ...]:
    """A list of what a person wrote, a point for each line."""
    points = _lines(text)
    return (Points(points, is_numbered=is_numbered),) if points else ()


def _paragraphs(text: str) -> tuple[Block, ...]:
    """A person's own words, paragraph by paragraph."""
    return tuple(Paragraph(" ".join(part.split())) for part in text.split("\n\n") if part.strip())


def _summary(snapshot: Snapshot) -> tuple[Block, ...]:
    """The result in a few sentences, which become the text of the minutes."""
    sentences = [*_effect_sentences(snapshot), *_increase_sentences(snapshot)]
    blocks: list[Block] = [Paragraph(" ".join(sentences))]
    if snapshot["cost"]:
        blocks.append(Paragraph(" ".join(_cost_sentences(snapshot["cost"], why_unknown(snapshot)))))
    return tuple(blocks)


def _effect_sentences(snapshot: Snapshot) -> list[str]:
    net, year = snapshot["effects"]["net"], snapshot["report"]["year"]
    rows = (*snapshot["initiatives"], *snapshot["increases"])
    has_begun = Decimal(net["full_year"]) or any(row["effective"].startswith(str(year)) for row in rows)
    in_year = f"Effekten innevarande år är {kronor(net['in_year'])}"
    if Decimal(net["carried_in"]):
        in_year = f"{in_year}, varav {kronor(net['carried_in'])} är överhäng från {year - 1}"
    sentences = [f"Inget initiativ med bekräftad baslinje började gälla {year}."]
    if has_begun:
        sentences = [
            f"De avtal som började gälla {year} ger en helårseffekt på {kronor(net['full_year'])}.",
            f"{in_year}.",
            f"Överhänget till {year + 1} är {kronor(net['overhang'])}.",
        ]
    elif Decimal(net["in_year"]):
        sentences.append(f"{in_year}.")
    return [*sentences, *_realised_sentences(snapshot)]


def _realised_sentences(snapshot: Snapshot) -> list[str]:
    """Say what came and how much of the plan that is; where nothing is known of it, that and why, and what lacks deliveries."""
    net, through = snapshot["effects"]["net"], day(snapshot["report"]["through"])
    if why := why_unknown(snapshot):
        return [f"Vad som har hämtats hem till och med {through} är inte känt, eftersom {why}."]
    plan, outturn = Decimal(net["plan_to_date"]), Decimal(net["realised"])
    realised = f"Till och med {through} har {kronor(net['realised'])} hämtats hem"
    if plan > 0:
        realised = f"{realised}, vilket är {percent(outturn, plan)} av planen till samma dag"
    months = months_without(snapshot)
    return [f"{realised}.", *([f"Inga leveranser är kända för {months}."] if months else ())]


def _increase_sentences(snapshot: Snapshot) -> list[str]:
    """Say what became dearer in the same breath as what became cheaper."""
    increase, number = snapshot["effects"]["increase"], len(snapshot["increases"])
    if not number:
        return []
    full_year, in_year, outturn = (Decimal(increase[name]) for name in ("full_year", "in_year", "realised"))
    deducted = [
        f"{kronor(str(abs(full_year)))} på helår"
        if full_year or not in_year
        else f"{kronor(str(abs(in_year)))} av effekten innevarande år"
    ]
    if increase["lines"]:
        deducted.append(f"{kronor(str(abs(outturn)))} av det som har levererats")
    return [
        f"I {few(number)} initiativ har priser stigit, och det är avdraget i beloppen ovan: {' och '.join(deducted)}."
    ]


def _cost_sentences(cost: dict[str, Any], why: str) -> list[str]:
    """
    Say what the organisation cost, with its period; a net only where both periods are the same and named.

    :param why: why nothing is known of what was realised; empty when it is.
    """
    whole_cost, period = cost["whole"], cost["period"]
    since = days(whole_cost["starts"], whole_cost["ends"])
    sentences = [f"Inköpsorganisationen har kostat {kronor(whole_cost['amount'])} sammanlagt under {since}."]
    if whole_cost["holes"]:
        sentences.append(f"Kostnaden för {holes(whole_cost['holes'])} är inte registrerad och ingår inte.")
    if cost["net"] is not None:
        when = days(period["starts"], period["ends"])
        sentences.append(
            f"Under {when} kostade den {kronor(period['amount'])} och {kronor(cost['realised']['amount'])} "
            f"hämtades hem. Nettot för {when} är {kronor(cost['net'])}."
        )
    elif period["is_complete"] and why:
        when = days(period["starts"], period["ends"])
        sentences.append(
            f"Under {when} kostade den {kronor(period['amount'])}. Något netto visas inte, eftersom {why}."
        )
    return sentences


def _background(snapshot: Snapshot) -> tuple[Block, ...]:
    """Which time the report speaks of and what happened in it, from facts alone."""
    head, delivered = snapshot["report"], snapshot["deliveries"][0]
    lead, agreements = snapshot["lead_times"][0], snapshot["agreements"]
    amount = Decimal(delivered["amount"])
    period = [f"Återrapporten gäller {days(delivered['starts'], delivered['ends'])}."]
    if delivered["count"]:
        period.append(
            f"Under tiden levererades {count(delivered['count'], 'orderrad', 'orderrader')} för "
            f"{kronor(delivered['amount'])} exklusive moms."
        )
    if amount > 0:
        period.append(
            f"{percent(Decimal(delivered['agreed_amount']), amount).capitalize()} av värdet köptes under avtal."
        )
    work = [
        (
            f"Den {day(head['through'])} gällde {count(agreements['active'], 'avtal', 'avtal')}, och "
            f"{few(len(agreements['ending']))} av dem löper ut inom {few(ENDING_MONTHS)} månader."
        )
    ]
    if lead["decided"]:
        work.append(f"{count(lead['decided'], 'beställd rad', 'beställda rader')} beslutades under perioden.")
    if lead["by_people"]:
        work.append(
            f"{percent(Decimal(lead['in_time']), Decimal(lead['by_people']))} av dem som en kategoriansvarig prövade "
            "fick besked inom utlovad tid."
        )
    return Paragraph(" ".join(period)), Paragraph(" ".join(work))


def _economy(snapshot: Snapshot) -> tuple[Block, ...]:
    through = date.fromisoformat(snapshot["report"]["through"])
    blocks: list[Block] = [_effect_table(snapshot, through)]
    if snapshot["cost"]:
        blocks.append(_cost_table(snapshot["cost"]))
    return tuple(blocks)


def _cost_table(cost: dict[str, Any]) -> Table:
    """Cost with its period, and the net of one and the same period; never a net of two time bases (DOMAIN 2.6)."""
    whole_cost, period = cost["whole"], cost["period"]
    rows = [_period_row("Kostnad hittills", whole_cost)]
    if cost["net"] is not None:
        rows += [
            _period_row("Hemtaget, netto", cost["realised"]),
            _period_row("Kostnad under samma tid", period | {"amount": f"-{period['amount']}"}),
            _period_row("Netto efter kostnad", period | {"amount": cost["net"]}, "sum"),
        ]
    elif period["is_complete"]:
        rows.append(_period_row("Kostnad under perioden", period))
    return Table(
        "Inköpsorganisationens kostnad, kronor",
        (
            Heading("Post", is_number=False, share=3),
            Heading("Gäller", is_number=False, share=4),
            Heading("Belopp"),
        ),
        tuple(rows),
        "Helårseffekten avser ett år. Den ska inte dras från en kostnad som avser en annan tid.",
    )


def _period_row(name: str, period: dict[str, Any], kind: RowKind = "") -> Row:
    return Row(
        (Cell(name), Cell(days(period["starts"], period["ends"])), Cell(whole(period["amount"]))), kind
    )


def _effect_table(snapshot: Snapshot, through: date) -> Table:
    """Effects by category, increases on a row of their own, then the net."""
    effects = snapshot["effects"]
    rows = [Row((Cell(each["name"]), *_amount_cells(each))) for each in snapshot["categories"]]
    if snapshot["increases"]:
        rows.append(Row((Cell("Kostnadsökningar"), *_amount_cells(effects["increase"])), "increase"))
    rows.append(Row((Cell("Netto"), *_amount_cells(effects["net"])), "sum"))
    methods = sorted({method for each in snapshot["categories"] for method in each["methods"]})
    note = "Helårseffekten räknas det år som ett avtal börjar gälla. Hela kronor, summorna räknade på ören."
    if methods:
        note = f"Priset före är taget från: {methods_named(methods).lower().rstrip('.')}. {note}"
    rows_with_net = [*snapshot["categories"], effects["net"]]
    note = " ".join(filter(None, (note, unknown_note(rows_with_net))))
    return Table(
        "Effekt, kronor exklusive moms",
        (
            Heading("Kategori", is_number=False, share=3),
            Heading("Helårseffekt"),
            Heading("Innevarande år"),
            Heading(f"Hemtagen {so_far(through)}"),
        ),
        tuple(rows),
        note,
    )


def _amount_cells(amounts: dict[str, Any]) -> tuple[Cell, ...]:
    """The three measures; the plan opens to its baselines, what is realised to its lines."""
    return (
        Cell(whole(amounts["full_year"]), amounts["plan_url"]),
        Cell(whole(amounts["in_year"]), amounts["plan_url"]),
        realised_cell(amounts),
    )


def _basis(snapshot: Snapshot, annex_title: str) -> tuple[Block, ...]:
    """What the decision rests on: this document first, then its annex."""
    head = snapshot["report"]
    return (
        Points(
            (
                f"Tjänsteskrivelse, {head['title']}, {head['frozen']}",
                f"{annex_title}, {head['frozen']}, med orderraderna i en Excelfil",
            ),
            is_numbered=True,
        ),
    )
