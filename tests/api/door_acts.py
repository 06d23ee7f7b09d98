"""How somebody says each operation at each door: an address and what is posted to it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from procurement.models import (
    AnsweredLine,
    ChangeNotice,
    NoticedLine,
    RequisitionLine,
    SupplierAnswer,
)
from tests.api.doors import Act, Case
from tests.cast import NOW, Cast

ANSWERS = (SupplierAnswer, AnsweredLine, ChangeNotice, NoticedLine)


def answer_at_api(outcome: str) -> Callable[[Cast, Any], Act]:
    line = {"position": 1, "outcome": outcome, "comment": ""}
    return lambda cast, order: (
        f"orders/{order.pk}/answer/",
        {"key": str(KEY), "version": order.version, "lines": [line], "reference": "", "note": ""},
    )


def answer_at_web(outcome: str) -> Callable[[Cast, Any], Act]:
    fields = {"key": str(KEY), "rad-1-outcome": outcome, "reference": "", "note": ""}
    return lambda cast, order: (f"/inkopsordrar/{order.number}/svar/", {"version": order.version, **fields})


def settling_at_api(how: str, version: int = 2) -> Callable[[Cast, Any], Act]:
    return lambda cast, order: (f"orders/{order.pk}/settle/", {"version": version, how: [1]})


def settling_at_web(choice: str, version: int = 2) -> Callable[[Cast, Any], Act]:
    return lambda cast, order: (
        f"/inkopsordrar/{order.number}/andringar/",
        {"version": version, "rad-1": choice},
    )


def reducing_at_api(coming: str, reason: str = "Räcker") -> Callable[[Cast, Any], Act]:
    return lambda cast, order: (
        f"orders/{order.pk}/reduce/",
        {
            "version": order.version,
            "coming": [{"allocation": order.lines.get().allocations.get().pk, "coming": coming}],
            "reason": reason,
        },
    )


def reducing_at_web(coming: str, reason: str = "Räcker") -> Callable[[Cast, Any], Act]:
    return lambda cast, order: (
        f"/inkopsordrar/{order.number}/minska/",
        {
            "version": order.version,
            f"rad-{order.lines.get().allocations.get().pk}-coming": coming,
            "reason": reason,
        },
    )


def another_day_at_api(day: str, reason: str = "Stängt") -> Callable[[Cast, Any], Act]:
    return lambda cast, order: (
        f"orders/{order.pk}/other-days/",
        {"version": order.version, "days": [{"position": 1, "day": day}], "reason": reason},
    )


def another_day_at_web(day: str, reason: str = "Stängt") -> Callable[[Cast, Any], Act]:
    return lambda cast, order: (
        f"/inkopsordrar/{order.number}/annan-dag/",
        {"version": order.version, "rad-1-day": day, "reason": reason},
    )


KEY = UUID("6a1f4f0e-58c8-4b8e-9f0e-000000000001")


DAY = (NOW + timedelta(days=7)).date().isoformat()
LATER_DAY = (NOW + timedelta(days=14)).date().isoformat()
PAST_DAY = (NOW - timedelta(days=1)).date().isoformat()


def details_at_api(cast: Cast) -> dict[str, Any]:
    return {
        "delivery_place": cast.place.pk, "charged_department": "2140", "activity": "512", "needed_by_date": DAY,
        "reason": "Magsjuka",
    }  # fmt: skip


def details_at_web(cast: Cast) -> dict[str, Any]:
    return {
        "delivery_place": cast.place.pk, "cost_center": "2140", "activity": "512", "project": "", "account": "",
        "needed_by_date": DAY, "reason": "Magsjuka",
    }  # fmt: skip


def price_answer(before: Callable[[Cast], Any], who: str, price: str | None, refusal: str = "") -> Case:
    """Yes to a price that has risen, or no when it is not named."""
    fields = {"answer": "nej", "unit_price": "66"} if price is None else {"answer": "ja", "unit_price": price}
    return Case(
        "decline a price" if price is None else "accept a price", before, who,
        at_line("decline-price") if price is None else at_line("accept-price", unit_price=price),
        lambda cast, line: (f"/rader/{line.pk}/pris/", fields), refusal,
    )  # fmt: skip


def need(price: str = "100") -> dict[str, Any]:
    return {
        "description": "Specialgungor", "specification": "Röda", "quantity": "2", "unit": "st",
        "estimated_unit_price": price, "suggested_supplier": "Gungor AB",
    }  # fmt: skip


def assignment(price: str = "900") -> dict[str, Any]:
    return {
        "description": "Utreda värmen", "specification": "", "place": "Visby", "start_date": "2021-06-01",
        "end_date": "2021-06-30", "hours": "40", "estimated_unit_price": price, "suggested_supplier": "",
    }  # fmt: skip


def filling(name: str, before: Callable[[Cast], Any], api: Any, web: Any, refusal: str = "") -> Case:
    return Case(name, before, "requester", api, web, refusal)


def at_basket(verb: str, body: Callable[[Cast], dict[str, Any]]) -> Callable[[Cast, Any], Act]:
    return lambda cast, basket: (f"baskets/{basket.pk}/{verb}/", body(cast))


def at_line(verb: str, **body: Any) -> Callable[[Cast, Any], Act]:
    return lambda cast, line: (f"lines/{line.pk}/{verb}/", body)


def at_decision(**form: Any) -> Callable[[Cast, Any], Act]:
    return lambda cast, line: (f"/rader/{line.pk}/besluta/", form)


def at_account(cast: Cast, made: RequisitionLine) -> Act:
    return f"/rader/{made.pk}/konto/", {"account": cast.account.pk}


def handing_over(cast: Cast, made: RequisitionLine) -> Act:
    return f"/ko/lamna-over/?rader={made.pk}", {"to": cast.deputy.pk, "note": "Din sort"}


def receipt_at_api(quantity: str, deviation: str = "none", wrong: str = "0") -> Callable[[Cast, Any], Act]:
    def act(cast: Cast, line: RequisitionLine) -> Act:
        entry = {
            "allocation": line.allocations.get().pk, "quantity": quantity, "deviation": deviation,
            "deviation_quantity": wrong,
        }  # fmt: skip
        return "receipts/", {"key": str(KEY), "department": "2140", "entries": [entry]}

    return act


def receipt_at_web(quantity: str, deviation: str = "none", wrong: str = "0") -> Callable[[Cast, Any], Act]:
    def act(cast: Cast, line: RequisitionLine) -> Act:
        pk = line.allocations.get().pk
        return "/ta-emot/kvittera/", {
            "key": str(KEY), "allocation": [pk], f"{pk}-quantity": quantity, f"{pk}-deviation": deviation,
            f"{pk}-deviation_quantity": wrong, f"{pk}-comment": "",
        }  # fmt: skip

    return act


def report(through: str) -> Act:
    return "reports/", {"year": int(through[:4]), "through_date": through, "title": "Återrapport inköp"}


def report_form(through: str) -> Act:
    return "/rapporter/ny/", {"through_date": through, "title": "Återrapport inköp"}
