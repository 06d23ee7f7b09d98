"""The case document (tjänsteskrivelse, DOMAIN 4.4): a snapshot put into words and tables. Pure."""

from datetime import date
from decimal import Decimal
from typing import Any

from reporting.report.annex import annex
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
from reporting.report.snapshot import ENDING_MONTHS, Snapshot
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


def compose(snapshot: Snapshot, *, sha256: str) -> Document:
    """Put a snapshot into words and tables."""
    head = snapshot["report"]
    facts = (
        ("Ärende", head["diary_number"]),
        ("Datum", head["frozen"]),
        ("Handläggare", head["officer"]),
        ("Till", snapshot["texts"]["recipient"]),
    )
    return Document(
        sender=head["region"],
        sender_unit=snapshot["texts"]["sender"],
        facts=tuple((label, value) for label, value in facts if value),
        title=head["title"],
        sections=(
            _proposal(snapshot),
            _summary(snapshot),
            _background(snapshot),
            _written(
                snapshot, "assessment", "Bedömning", "Vad betyder resultatet, och vad bör göras härnäst?"
            ),
            _economy(snapshot),
            _written(
                snapshot,
                "children_perspective",
                "Barn- och genusperspektiv",
                "Hur påverkar inköpen barn, och kvinnor och män?",
            ),
            _written(
                snapshot,
                "rural_perspective",
                "Landsbygdsperspektiv",
                "Hur påverkar inköpen landsbygden och de lokala leverantörerna?",
            ),
            _basis(snapshot),
        ),
        annex_title="Bilaga 1. Indikatorer, initiativ och avtal",
        annex=annex(snapshot),
        footer=f"Version {head['version']}. Kontrollsumma {sha256[:16]}",
    )


def _proposal(snapshot: Snapshot) -> Section:
    """What the board is asked to decide: one act per point, as written by the officer, else the least possible."""
    points = tuple(line.strip() for line in snapshot["texts"]["proposal"].splitlines() if line.strip())
    return Section(
        "proposal",
        "Förslag till beslut",
        (Points(points or ("Regionstyrelsen godkänner återrapporten.",), is_numbered=True),),
        is_written_by_rauk=not points,
    )


def _written(snapshot: Snapshot, key: str, heading: str, ask: str) -> Section:
    """A section in a person's own words, paragraph by paragraph."""
    paragraphs = (part.strip() for part in snapshot["texts"][key].replace("\r\n", "\n").split("\n\n"))
    blocks = tuple(Paragraph(" ".join(part.split())) for part in paragraphs if part)
    return Section(key, heading, blocks, is_written_by_rauk=False, ask=ask)


def _summary(snapshot: Snapshot) -> Section:
    """The result in a few sentences, which become the text of the minutes."""
    sentences = [*_effect_sentences(snapshot), *_increase_sentences(snapshot)]
    blocks = [Paragraph(" ".join(sentences))]
    if snapshot["cost"]:
        blocks.append(Paragraph(" ".join(_cost_sentences(snapshot["cost"]))))
    return Section("summary", "Sammanfattning", tuple(blocks))


def _effect_sentences(snapshot: Snapshot) -> list[str]:
    head, net = snapshot["report"], snapshot["effects"]["net"]
    year, through = head["year"], day(head["through"])
    in_year = f"Effekten innevarande år är {kronor(net['in_year'])}"
    if Decimal(net["carried_in"]):
        in_year = f"{in_year}, varav {kronor(net['carried_in'])} är överhäng från {year - 1}"
    sentences = [
        f"De avtal som började gälla {year} ger en helårseffekt på {kronor(net['full_year'])}.",
        f"{in_year}.",
        f"Överhänget till {year + 1} är {kronor(net['overhang'])}.",
    ]
    plan, came = Decimal(net["plan_to_date"]), Decimal(net["realised"])
    realised = f"Till och med {through} har {kronor(net['realised'])} hämtats hem"
    if plan > 0:
        return [*sentences, f"{realised}, vilket är {percent(came, plan)} av planen till samma dag."]
    return [*sentences, f"{realised}."]


def _increase_sentences(snapshot: Snapshot) -> list[str]:
    """Say what became dearer in the same breath as what became cheaper."""
    increase, number = snapshot["effects"]["increase"], len(snapshot["increases"])
    if not number:
        return []
    full_year, came = Decimal(increase["full_year"]), Decimal(increase["realised"])
    return [
        (
            f"I {few(number)} initiativ har priser stigit, och det är avdraget i beloppen ovan: "
            f"{kronor(str(abs(full_year)))} på helår och {kronor(str(abs(came)))} av det som har levererats."
        )
    ]


def _cost_sentences(cost: dict[str, Any]) -> list[str]:
    """Say what the organisation cost, with its period; a net only where both periods are the same and named."""
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
    return sentences


def _background(snapshot: Snapshot) -> Section:
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
    return Section(
        "background", "Ärendebeskrivning", (Paragraph(" ".join(period)), Paragraph(" ".join(work)))
    )


def _economy(snapshot: Snapshot) -> Section:
    through = date.fromisoformat(snapshot["report"]["through"])
    blocks: list[Block] = [_effect_table(snapshot, through)]
    if snapshot["cost"]:
        blocks.append(_cost_table(snapshot["cost"]))
    return Section("economy", "Ekonomisk konsekvensanalys", tuple(blocks))


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
    rows = [Row((Cell(each["name"]), *_three(each))) for each in snapshot["categories"]]
    if snapshot["increases"]:
        rows.append(Row((Cell("Kostnadsökningar"), *_three(effects["increase"])), "increase"))
    rows.append(Row((Cell("Netto"), *_three(effects["net"])), "sum"))
    methods = sorted({method for each in snapshot["categories"] for method in each["methods"]})
    note = "Helårseffekten räknas det år som ett avtal börjar gälla. Hela kronor, summorna räknade på ören."
    if methods:
        note = f"Priset före är taget från: {methods_named(methods).lower()}. {note}"
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


def _three(amounts: dict[str, Any]) -> tuple[Cell, ...]:
    """The three measures; the plan opens to its baselines, what is realised to its lines."""
    return (
        Cell(whole(amounts["full_year"]), amounts["plan_url"]),
        Cell(whole(amounts["in_year"]), amounts["plan_url"]),
        Cell(whole(amounts["realised"]), amounts["url"]),
    )


def _basis(snapshot: Snapshot) -> Section:
    head = snapshot["report"]
    return Section(
        "basis",
        "Beslutsunderlag",
        (
            Points(
                (
                    f"Tjänsteskrivelse, {head['title']}, {head['frozen']}",
                    "Bilaga 1, indikatorer, initiativ och avtal, med orderraderna i en Excelfil",
                ),
                is_numbered=True,
            ),
        ),
    )
