"""Bilaga 1: pictures, indicators, initiatives, increases, what stands apart, agreements, deviations, and what the figures leave out. Pure."""

from decimal import Decimal
from typing import Any

from core import formatting
from reporting.models import Indicator
from reporting.report import annex_governance
from reporting.report.agreements import ENDING_MONTHS, NEAR_CEILING
from reporting.report.annex_apart import apart
from reporting.report.annex_indicators import WHY, indicator_table
from reporting.report.annex_pictures import pictures
from reporting.report.document import Block, Cell, Heading, Paragraph, Points, Row, RowKind, Section, Table
from reporting.report.known import months_without, realised_cell, unknown_note, why_unknown
from reporting.report.snapshot import Snapshot
from reporting.report.words import METHODS, count, day, few, holes, kronor, whole

HEADINGS = {
    "pictures": "Resultatet i bilder",
    "indicators": "Indikatorer",
    "initiatives": "Initiativ",
    "increases": "Kostnadsökningar",
    "apart": "Redovisas för sig",
    "agreements": "Avtal",
    "deviations": "Avvikelser",
    "recommendations": "Revisionens rekommendationer",
    "plan": "Genomförandeplan",
    "quality": "Vad siffrorna inte säger",
    "method": "Så är det räknat",
}
"""What each part is called where the region has said nothing else, in the order of the annex."""


def annex(snapshot: Snapshot) -> tuple[Section, ...]:
    """All parts of the annex, in order."""
    headings = HEADINGS | snapshot["headings"]
    blocks: dict[str, tuple[Block, ...]] = {
        "pictures": pictures(snapshot),
        "indicators": indicator_table(snapshot),
        "initiatives": _initiatives(snapshot),
        "increases": _increases(snapshot),
        "apart": apart(snapshot),
        "agreements": _agreements(snapshot),
        "deviations": _deviations(snapshot),
        "recommendations": annex_governance.recommendations(snapshot),
        "plan": annex_governance.plan(snapshot),
        "quality": _quality(snapshot),
        "method": _method(),
    }
    return tuple(Section(key, headings[key], blocks[key]) for key in HEADINGS)


def _initiatives(snapshot: Snapshot) -> tuple[Block, ...]:
    """Each initiative with its method; with none there is nothing to show."""
    rows = tuple(_initiative(each) for each in snapshot["initiatives"])
    if not rows:
        return (Paragraph("Inga initiativ räknas under perioden."),)
    note = unknown_note(snapshot["initiatives"])
    return (Table("Sänkta priser, kronor exklusive moms", _INITIATIVE_HEADINGS, rows, note),)


_INITIATIVE_HEADINGS = (
    Heading("Initiativ", is_number=False, share=5),
    Heading("Helårs\u00adeffekt"),
    Heading("Innevar\u00adande år"),
    Heading("Över\u00adhäng"),
    Heading("Hem\u00adtagen"),
)


def _initiative(row: dict[str, Any], kind: RowKind = "") -> Row:
    """An initiative with its method and its first day below its name."""
    since = row["effective"].replace("-", formatting.NB_HYPHEN)
    return Row(
        (
            Cell(row["name"], below=f"{METHODS[row['method']]}, gäller från {since}"),
            Cell(whole(row["full_year"]), row["plan_url"]),
            Cell(whole(row["in_year"]), row["plan_url"]),
            Cell(whole(row["overhang"]), row["plan_url"]),
            realised_cell(row),
        ),
        kind,
    )


def _increases(snapshot: Snapshot) -> tuple[Block, ...]:
    """What became dearer, by initiative."""
    rows = tuple(_initiative(each, "increase") for each in snapshot["increases"])
    if not rows:
        return (Paragraph("Inga priser har stigit i de initiativ som räknas."),)
    note = unknown_note(snapshot["increases"])
    return (Table("Höjda priser, kronor exklusive moms", _INITIATIVE_HEADINGS, rows, note),)


def _agreements(snapshot: Snapshot) -> tuple[Block, ...]:
    agreements, through = snapshot["agreements"], day(snapshot["report"]["through"])
    blocks: list[Block] = [
        Paragraph(f"{count(agreements['active'], 'avtal', 'avtal')} gällde den {through}."),
    ]
    if agreements["ending"]:
        rows = tuple(_ending(each) for each in agreements["ending"])
        headings = (
            Heading("Avtal", is_number=False, share=6),
            Heading("Sista dag", is_number=False, share=2),
            Heading("Option, mån.", share=2),
        )
        blocks.append(Table(f"Löper ut inom {few(ENDING_MONTHS)} månader", headings, rows))
    if agreements["near_ceiling"]:
        rows = tuple(_near_ceiling(each) for each in agreements["near_ceiling"])
        headings = (
            Heading("Avtal", is_number=False, share=6),
            Heading("Takvolym, kr", share=3),
            Heading("Använt", share=2),
        )
        caption = f"Mer än {formatting.share(NEAR_CEILING)} av takvolymen använd"
        note = f"Använd volym är den som var bunden när siffrorna frystes, {snapshot['report']['frozen']}."
        blocks.append(Table(caption, headings, rows, note))
    return tuple(blocks)


def _ending(each: dict[str, Any]) -> Row:
    name = Cell(f"{each['number']} {each['title']}", each["url"], each["supplier"])
    return Row(
        (
            name,
            Cell(each["ends"]),
            Cell(str(each["option_months"] or formatting.NOTHING)),
        )
    )


def _near_ceiling(each: dict[str, Any]) -> Row:
    name = Cell(f"{each['number']} {each['title']}", each["url"], each["supplier"])
    used_percent = formatting.percent(Decimal(each["used_percent"]))
    return Row((name, Cell(whole(each["ceiling"])), Cell(used_percent)))


def _deviations(snapshot: Snapshot) -> tuple[Block, ...]:
    """What went otherwise than it should, by the last day; what is not known is said."""
    through = day(snapshot["report"]["through"])
    outturn_by_key = {each["key"]: each["now"] for each in snapshot["indicators"]}
    complaints, awards = outturn_by_key[Indicator.OPEN_COMPLAINTS], outturn_by_key[Indicator.AWARDS]
    documented = outturn_by_key[Indicator.AWARDS_DOCUMENTED]
    points = []
    if complaints["value"] is None:
        points.append(f"Reklamationer: uppgift saknas, eftersom {WHY[complaints['why']]}.")
    else:
        number = int(Decimal(complaints["value"]))
        points.append(f"{count(number, 'reklamation', 'reklamationer')} var öppna den {through}.")
    if awards["value"] is None:
        points.append(f"Direktupphandlingar: uppgift saknas, eftersom {WHY[awards['why']]}.")
    elif documented["value"] is None:
        points.append("Ingen direktupphandling under perioden skulle dokumenteras.")
    else:
        number = int(Decimal(awards["value"]))
        points.append(
            f"{count(number, 'direktupphandling', 'direktupphandlingar')} skulle dokumenteras, och "
            f"{formatting.share(Decimal(documented['value']) / 100)} av dem var det den {through}."
        )
    if snapshot["overdue"]:
        points.append(
            f"{count(snapshot['overdue'], 'rad', 'rader')} hade väntat på beslut längre än utlovat."
        )
    return (Points(tuple(points)),)


def _quality(snapshot: Snapshot) -> tuple[Block, ...]:
    """What the figures leave out, said openly."""
    delivered, lines = snapshot["deliveries"][0], snapshot["lines"]
    if why := why_unknown(snapshot):
        notes = [f"Hemtaget är inte känt, eftersom {why}. Därför visas inget netto efter kostnad."]
    else:
        notes = [
            f"Hemtaget bygger på {count(lines['count'], 'levererad orderrad', 'levererade orderrader')}."
        ]
    if snapshot["report"]["frozen"] <= snapshot["report"]["through"]:
        notes.append(
            f"Siffrorna frystes den {day(snapshot['report']['frozen'])}, innan rapportens sista dag var slut. "
            "Det som kom senare den dagen ingår inte."
        )
    if delivered["count"] and (months := months_without(snapshot)):
        notes.append(f"Inga leveranser är kända för {months}. Planen gäller ändå hela perioden.")
    apart_only = delivered["count"] - delivered["without_baseline"] - lines["count"]
    if apart_only > 0:
        notes.append(
            f"{count(apart_only, 'levererad rad', 'levererade rader')} räknas bara i det som redovisas för sig."
        )
    if delivered["without_baseline"]:
        notes.append(
            f"{count(delivered['without_baseline'], 'levererad rad', 'levererade rader')} för "
            f"{kronor(delivered['without_baseline_amount'])} saknar baslinje och räknas som 0."
        )
    if delivered["without_item"]:
        notes.append(
            f"{count(delivered['without_item'], 'rad', 'rader')} gäller något som inte finns i sortimentet."
        )
    if delivered["without_category"]:
        notes.append(f"{count(delivered['without_category'], 'rad', 'rader')} saknar kategori.")
    if delivered["foreign_currency"]:
        notes.append(
            f"{count(delivered['foreign_currency'], 'rad', 'rader')} i annan valuta än kronor ingår inte i något belopp."
        )
    if snapshot["overdue"]:
        notes.append(
            f"{count(snapshot['overdue'], 'rad väntade', 'rader väntade')} på beslut den {day(snapshot['report']['through'])} "
            "fast svarsdagen hade gått. "
            "Tiderna till beslut gäller bara det som är beslutat."
        )
    waiting = snapshot["unconfirmed"]
    if waiting["count"]:
        notes.append(
            f"{count(waiting['count'], 'initiativ', 'initiativ')} med en helårseffekt på {kronor(waiting['full_year'])} "
            "väntar på att ekonomi bekräftar baslinjen och ingår inte."
        )
    cost = snapshot["cost"]
    if cost is None:
        notes.append(
            "Inköpsorganisationens kostnad är inte registrerad, därför visas inget netto efter kostnad."
        )
    else:
        if cost["period"]["holes"]:
            notes.append(
                f"Inköpsorganisationens kostnad är inte registrerad för {holes(cost['period']['holes'])}, "
                "därför visas inget netto efter kostnad."
            )
        if cost["whole"]["holes"]:
            notes.append(
                f"I kostnaden hittills saknas {holes(cost['whole']['holes'])}, som ingen kostnad är registrerad för."
            )
    return (Points(tuple(notes)),)


METHOD_TERMS: tuple[tuple[str, str], ...] = (
    (
        "Helårseffekt",
        (
            "Priset före minus det nya priset, gånger volymen under de tolv månaderna före. Gäller ett helt år. "
            "Ersätts baslinjen av en senare räknas bara tiden till dess."
        ),
    ),
    (
        "Effekt innevarande år",
        "Den del av helårseffekten som faller i året, räknad på dagar. Överhäng från förra årets initiativ ingår.",
    ),
    ("Överhäng", "Den del av helårseffekten som faller i nästa år."),
    (
        "Hemtagen",
        (
            "Priset före, räknat på samma förpackning, minus betalt pris, gånger levererat antal, avrundat till ören för "
            "varje orderrad. "
            "Räknas i högst tolv månader från att initiativet började gälla."
        ),
    ),
    ("Kostnadsökning", "Samma räkning där priset har stigit. Redovisas för sig och dras alltid av i nettot."),
    ("Pris före: förra avtalet", "Priset i det avtal som gällde närmast före."),
    ("Pris före: snitt tolv månader", "Betalt pris under de tolv månaderna före, vägt med antalet."),
    (
        "Pris före: förra avtalet med index",
        "Priset i det avtal som gällde närmast före, uppräknat med ett prisindex.",
    ),
    (
        "Pris före: snitt av anbud",
        "Medelvärdet av minst tre giltiga anbud. Det som undviks ingår inte i budgeteffekten.",
    ),
    ("Pris före: budgeterat pris", "Det pris som budgeten räknade med."),
    ("Belopp", "Alla belopp är i kronor exklusive moms."),
)


def _method() -> tuple[Block, ...]:
    return (Points(tuple(f"{term}. {words}" for term, words in METHOD_TERMS)),)
