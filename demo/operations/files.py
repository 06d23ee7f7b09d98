"""
What stands in the files of ``demo.data``, as the files that a region hands in.

Agreements get their days, counted from today, and prices their periods.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from catalog.states import ItemStatus
from core.money import to_amount
from core.periods import add_months
from demo import data
from demo.history import draw
from demo.operations.appointments import budget_frames, roles
from demo.operations.governance import governance_files
from demo.operations.index_clauses import index_clauses
from demo.operations.suppliers import suppliers
from reporting.models import BaselineMethod, InitiativeStage

Row = Mapping[str, object]

FIRST_DAY = date(2018, 11, 1)
BLOCKED_REASON = "Återkallad av tillverkaren. Använd inte det som finns i förrådet."
LEAD_DAYS = {"30": 5, "3030": 12, "40": 6, "50": 2, "60": 8, "1080": 4}
AUTHORITY = "212000-0803"
OPTION_MONTHS = 12
ORDERED_RARELY = Decimal(1)
"""Below so many a week and department there is no usual quantity to compare with."""


def files(today: date) -> dict[str, Sequence[Row]]:
    """The rows of each file by its register's name."""
    return {
        "accounting_codes": [
            {"dimension": row.dimension, "code": row.code, "name": row.name}
            for row in data.accounting_codes()
        ],
        "authorities": [{"org_number": AUTHORITY, "name": "Region Gotland"}],
        "administrations": [
            {"code": row.code, "name": row.name, "authority": AUTHORITY} for row in data.administrations()
        ],
        "departments": [
            {
                "cost_center": row.cost_center,
                "name": row.name,
                "administration": row.administration,
                "activity": row.activity,
            }
            for row in data.departments()
        ],
        "delivery_places": [
            {
                "cost_center": row.cost_center,
                "name": row.name,
                "street": row.street,
                "postcode": row.postcode,
                "city": row.city,
            }
            for row in data.delivery_places()
        ],
        "people": [
            {
                "email": row.email,
                "first_name": row.first_name,
                "last_name": row.last_name,
                "title": row.title,
                "is_active": "ja",
            }
            for row in data.people()
        ],
        "roles": roles(today),
        "budget_frames": budget_frames(today),
        "categories": [
            {
                "code": row.code,
                "parent": row.parent,
                "name": row.name,
                "name_en": row.name_en,
                "kind": row.kind,
                "cpv_code": row.cpv,
                "account": row.account,
                "is_risk": "ja" if row.is_risk else "nej",
                "lead_months": row.lead_months or "",
            }
            for row in data.categories()
        ],
        "posts": [
            {
                "category": row.code,
                "manager": row.manager_email,
                "deputy": row.deputy_email,
                "from_date": FIRST_DAY,
            }
            for row in data.categories()
        ],
        "policies": [
            {
                "category": row.code,
                "response_days": row.response_days,
                "standing_approval_limit": _number(row.standing_approval_limit),
                "set_by": row.manager_email,
                "from_date": FIRST_DAY,
            }
            for row in data.categories()
        ],
        "council_seats": [
            {"category": row.category, "email": row.email, "from_date": FIRST_DAY}
            for row in data.council_seats()
        ],
        "suppliers": suppliers(today),
        "agreements": [_agreement(row, today) for row in data.agreements()],
        "agreement_suppliers": [
            {
                "agreement": _number_by_agreement(today)[row.agreement],
                "supplier": row.supplier_org_number,
                "rank": row.rank,
                "share_percent": _number(row.share_percent),
            }
            for row in data.agreement_suppliers()
        ],
        "agreement_administrations": [
            {"agreement": _number_by_agreement(today)[row.agreement], "administration": row.administration}
            for row in data.agreement_administrations()
        ],
        "agreement_options": [
            option for row in data.agreements() for option in _options(row, today) if row.option_months
        ],
        "items": [{**row, **BEFORE.get(str(row["status"]), {})} for row in _items(today)],
        "substitutions": [
            {
                "from_item": row.number,
                "to_item": row.replacement,
                "factor": _number(row.replacement_factor or Decimal(1)),
                "from_date": today - timedelta(days=60),
            }
            for row in data.items()
            if row.replacement
        ],
        "trials": [
            {
                "item": row.item,
                "cost_center": row.cost_center,
                "from_date": today + timedelta(days=row.starts_in_days),
                "through_date": today + timedelta(days=row.ends_in_days),
            }
            for row in data.trials()
        ],
        "item_ceilings": [
            {
                "agreement": _number_by_agreement(today)[row.agreement],
                "item": row.item,
                "ceiling_quantity": row.ceiling_quantity,
                "committed_quantity": row.committed_quantity,
            }
            for row in data.item_ceilings()
        ],
        "synonyms": [{"term": row.term, "means": row.means} for row in data.synonyms()],
        "labels": [
            {"code": row.code, "name": row.name, "kind": row.kind, "issuer": row.issuer}
            for row in data.labels()
        ],
        "item_labels": [
            {
                "item": row.item,
                "label": row.label,
                "licence_number": row.licence_number,
                "valid_through_date": _date_from(today, row.valid_offset_days) or "",
            }
            for row in data.item_labels()
        ],
        "prices": list(_prices(today)),
        **data.terms(today),
        "initiatives": [
            {
                "code": row.code.format(year=today.year),
                "name": row.name,
                "category": row.category,
                "old_agreement": _number_by_agreement(today).get(row.old_agreement, ""),
                "new_agreement": _number_by_agreement(today).get(row.new_agreement, ""),
                "method": BaselineMethod[row.method].value,
                "stage": InitiativeStage[row.stage].value,
                "expected_amount": "" if row.expected_amount is None else _number(row.expected_amount),
                "index_series": row.index_series,
                "index_from": row.index_from,
                "index_to": row.index_to,
                "effective_date": row.effective_on(today),
            }
            for row in data.initiatives()
        ],
        "organisation_costs": [
            {
                "from_date": row.starts(today),
                "through_date": row.ends(today),
                "persons": _number(row.persons),
                "amount": _number(row.amount),
                "note": row.note,
            }
            for row in data.organisation_costs()
            if row.era != "between" or row.starts(today).year < today.year - 1
        ],
        "index_clauses": index_clauses(today),
        **governance_files(today),
    }


BEFORE: Mapping[str, Row] = {
    ItemStatus.TRIAL: {"status": ItemStatus.ASSESSED},
    ItemStatus.PHASING_OUT: {"status": ItemStatus.STANDARD, "last_order_date": ""},
}
"""What an item is until the register has who tries it, or what replaces it."""


def later_files(today: date) -> dict[str, Sequence[Row]]:
    """What is handed in when the first files are there: items on trial or leaving."""
    return {"items": [row for row in _items(today) if row["status"] in BEFORE]}


def _agreement(row: data.Agreement, today: date) -> Row:
    return {
        "number": row.number_on(today),
        "diary_number": row.diary_number_on(today),
        "title": row.title,
        "category": row.category,
        "supplier": row.supplier_org_number,
        "procedure": row.procedure,
        "call_off_method": row.call_off_method,
        "price_clause": row.price_clause,
        "from_date": row.starts(today),
        "through_date": row.ends(today) - timedelta(days=1),
        "notice_months": row.notice_months,
        "long_term_reason": row.long_term_reason,
        "code_of_conduct_level": row.code_of_conduct_level,
        "delivery_terms": row.delivery_terms,
        "notice_reference": row.notice_reference.format(year=row.starts(today).year),
        "estimated_amount": _number(row.estimated_amount),
        "ceiling_amount": _number(row.ceiling_amount),
        "committed_amount": _number(to_amount(row.ceiling_amount * row.committed_before_percent / 100)),
    }


def _options(row: data.Agreement, today: date) -> Iterator[Row]:
    """A year at a time, decided as long before as notice is given, or a month before the end when that day has passed."""
    last = row.ends(today) - timedelta(days=1)
    decide_by = add_months(last, -row.notice_months)
    if decide_by < today:
        decide_by = add_months(last, -1)
    for number in range(row.option_months // OPTION_MONTHS):
        yield {
            "agreement": row.number_on(today),
            "number": number + 1,
            "months": OPTION_MONTHS,
            "decide_by_date": add_months(decide_by, number * OPTION_MONTHS),
        }


def _items(today: date) -> Iterator[Row]:
    buyers: dict[str, int] = {}
    for buyer in data.buyers():
        buyers[buyer.category] = buyers.get(buyer.category, 0) + 1
    for row in data.items():
        weekly_quantity = row.normal_weekly_quantity / buyers[row.category]
        yield {
            "number": row.number,
            "name": row.name,
            "name_en": row.name_en,
            "description": row.description,
            "family": row.family,
            "size": row.size,
            "category": row.category,
            "kind": row.kind,
            "base_unit": row.base_unit,
            "order_unit": row.order_unit,
            "units_per_order_unit": _number(row.units_per_order_unit),
            "gtin": row.gtin,
            "criteria_level": row.criteria_level,
            "picture": row.picture,
            "status": row.status,
            "blocked_reason": BLOCKED_REASON if row.status == "blocked" else "",
            "last_order_date": _date_from(today, row.last_order_offset_days) or "",
            "usual_weekly_quantity": weekly_quantity.quantize(Decimal(1))
            if weekly_quantity >= ORDERED_RARELY
            else "",
        }


def _date_from(today: date, offset: int | None) -> date | None:
    return None if offset is None else today + timedelta(days=offset)


def _number(value: Decimal | None) -> str:
    """A number as a Swede writes it in a file."""
    return "" if value is None else f"{value:f}".replace(".", ",")


def _number_by_agreement(today: date) -> dict[str, str]:
    """The agreements' numbers today, by the numbers that the files have."""
    return {row.number: row.number_on(today) for row in data.agreements()}


def _prices(today: date) -> Iterator[Row]:
    present = {row.item: row for row in data.present_items()}
    for row in data.items():
        yield from _item_prices(row, today, present.get(row.number))
    yield from _breaks(today)
    initiatives = {initiative.code: initiative for initiative in data.initiatives()}
    for history in data.history_items():
        if history.initiative:
            yield from _history_prices(history, initiatives[history.initiative], today)


def _item_prices(row: data.Item, today: date, changed: data.PresentItem | None) -> Iterator[Row]:
    """The price today, and what it was before: under the agreement before, or before the last indexation."""
    lead = LEAD_DAYS.get(row.category) or LEAD_DAYS.get(row.category[:2], 3)
    if not row.agreement_present:
        yield {
            "item": row.number,
            "agreement": "",
            "supplier": row.supplier_org_number,
            "unit_price": _number(row.price),
            "lead_days": lead,
            "from_date": today - timedelta(days=400),
            "through_date": "",
        }
        return
    terms = _agreement_by_number()[row.agreement_present]
    start, end = terms.starts(today), terms.ends(today)
    if changed is not None:
        initiative = next(each for each in data.initiatives() if each.code == changed.initiative)
        old = _agreement_by_number()[initiative.old_agreement]
        yield _price(row.number, old, changed.old_price, old.starts(today), old.ends(today), today, lead)
        yield _price(row.number, terms, row.price, start, end, today, lead)
        return
    change = data.month_start(today, -4)
    if terms.price_clause == "index" and start < change - timedelta(days=90):
        yield _price(row.number, terms, _before_index(row), start, change, today, lead)
        start = change
    yield _price(row.number, terms, row.price, start, end, today, lead)


def _breaks(today: date) -> Iterator[Row]:
    """Prices of more, or of larger units, beside those of one, for as long as the agreement lasts."""
    items = {row.number: row for row in data.items()}
    for row in data.price_breaks():
        terms = _agreement_by_number()[items[row.item].agreement_present]
        start = max(terms.starts(today), data.month_start(today, -4))
        yield {
            **_price(row.item, terms, row.unit_price, start, terms.ends(today), today, ""),
            "order_unit": row.order_unit,
            "units_per_order_unit": _number(row.units_per_order_unit),
            "minimum_quantity": _number(row.minimum_quantity),
        }


def _history_prices(row: data.HistoryItem, initiative: data.Initiative, today: date) -> Iterator[Row]:
    pairs = [(initiative.new_agreement, row.new_price)]
    if initiative.old_agreement and row.old_price is not None:
        pairs.append((initiative.old_agreement, row.old_price))
    for number, price in pairs:
        terms = _agreement_by_number()[number]
        yield _price(row.item, terms, price, terms.starts(today), terms.ends(today), today, "")


def _price(
    item: str, terms: data.Agreement, amount: Decimal, start: date, end: date, today: date, lead: int | str
) -> Row:
    return {
        "item": item,
        "agreement": terms.number_on(today),
        "supplier": terms.supplier_org_number,
        "unit_price": _number(amount),
        "lead_days": lead,
        "from_date": start,
        "through_date": end - timedelta(days=1),
    }


def _agreement_by_number() -> dict[str, data.Agreement]:
    return {row.number: row for row in data.agreements()}


def _before_index(row: data.Item) -> Decimal:
    """The price before the last indexation, one to eight per cent from today's; the same for a whole family."""
    if row.previous_price is not None:
        return row.previous_price
    percent = draw(f"index {row.family or row.number}", 13) - 4
    changed = row.price * (100 - (percent or 3)) / 100
    step = Decimal("0.10") if row.price < 100 else Decimal("0.50")
    return (changed / step).quantize(Decimal(1)) * step
