"""The table of operations: what is so before, who acts, and how she says it at each door."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from procurement.models import (
    AnsweredLine,
    ChangeNotice,
    Consultation,
    NoticedLine,
    RequisitionLine,
    SupplierAnswer,
)
from procurement.operations import baskets
from tests import worlds
from tests.api.door_worlds import (
    approved,
    attested,
    cancelled_order,
    changed_order,
    costly,
    dearer,
    fallen_back,
    free_text_line,
    line_of,
    nothing,
    order,
    ordered,
    received_order,
    returned,
    sent_order,
    unaccepted,
    unsent_order,
    with_minimum,
    with_reason,
    with_retired,
    without_price,
)
from tests.api.doors import Act, Case
from tests.cast import NOW, Cast

ANSWERS = (SupplierAnswer, AnsweredLine, ChangeNotice, NoticedLine)


def answer_at_api(outcome: str) -> Callable[[Cast, Any], Act]:
    line = {"position": 1, "outcome": outcome, "comment": ""}
    return lambda cast, made: (
        f"orders/{made.pk}/answer/",
        {"key": str(KEY), "version": made.version, "lines": [line], "reference": "", "note": ""},
    )


def answer_at_web(outcome: str) -> Callable[[Cast, Any], Act]:
    said = {"key": str(KEY), "rad-1-outcome": outcome, "reference": "", "note": ""}
    return lambda cast, made: (f"/inkopsordrar/{made.number}/svar/", {"version": made.version, **said})


def settling_at_api(how: str, version: int = 2) -> Callable[[Cast, Any], Act]:
    return lambda cast, made: (f"orders/{made.pk}/settle/", {"version": version, how: [1]})


def settling_at_web(choice: str, version: int = 2) -> Callable[[Cast, Any], Act]:
    return lambda cast, made: (
        f"/inkopsordrar/{made.number}/andringar/",
        {"version": version, "rad-1": choice},
    )


KEY = UUID("6a1f4f0e-58c8-4b8e-9f0e-000000000001")


DAY = (NOW + timedelta(days=7)).date().isoformat()


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
        lambda cast, made: (f"/rader/{made.pk}/pris/", fields), refusal,
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
    return lambda cast, made: (f"baskets/{made.pk}/{verb}/", body(cast))


def at_line(verb: str, **body: Any) -> Callable[[Cast, Any], Act]:
    return lambda cast, made: (f"lines/{made.pk}/{verb}/", body)


def at_decision(**form: Any) -> Callable[[Cast, Any], Act]:
    return lambda cast, made: (f"/rader/{made.pk}/besluta/", form)


def at_account(cast: Cast, made: RequisitionLine) -> Act:
    return f"/rader/{made.pk}/konto/", {"account": cast.account.pk}


def handing_over(cast: Cast, made: RequisitionLine) -> Act:
    return f"/ko/lamna-over/?rader={made.pk}", {"to": cast.deputy.pk, "note": "Din sort"}


def receipt_at_api(quantity: str, deviation: str = "none", wrong: str = "0") -> Callable[[Cast, Any], Act]:
    def act(cast: Cast, made: RequisitionLine) -> Act:
        entry = {
            "allocation": made.allocations.get().pk, "quantity": quantity, "deviation": deviation,
            "deviation_quantity": wrong,
        }  # fmt: skip
        return "receipts/", {"key": str(KEY), "department": "2140", "entries": [entry]}

    return act


def receipt_at_web(quantity: str, deviation: str = "none", wrong: str = "0") -> Callable[[Cast, Any], Act]:
    def act(cast: Cast, made: RequisitionLine) -> Act:
        pk = made.allocations.get().pk
        return "/ta-emot/kvittera/", {
            "key": str(KEY), "allocation": [pk], f"{pk}-quantity": quantity, f"{pk}-deviation": deviation,
            f"{pk}-deviation_quantity": wrong, f"{pk}-comment": "",
        }  # fmt: skip

    return act


def report(through: str) -> Act:
    return "reports/", {"year": int(through[:4]), "through_date": through, "title": "Återrapport inköp"}


def report_form(through: str) -> Act:
    return "/rapporter/ny/", {"through_date": through, "title": "Återrapport inköp"}


CASES = [
    filling(
        "add_item", worlds.basket,
        at_basket("add-item", lambda cast: {"item": "104600", "quantity": "2"}),
        lambda cast, made: ("/korg/lagg-till/", {"item": "104600", "quantity": "2"}),
    ),
    filling(
        "add_item", with_retired,
        at_basket("add-item", lambda cast: {"item": "104412", "quantity": "2"}),
        lambda cast, made: ("/korg/lagg-till/", {"item": "104412", "quantity": "2"}),
        "item_not_orderable",
    ),
    filling(
        "add_free_text", worlds.basket,
        at_basket("add-free-text", lambda cast: {**need(), "category": "20"}),
        lambda cast, made: ("/behov/", {**need(), "category": cast.office.pk}),
    ),
    filling(
        "add_free_text", worlds.basket,
        at_basket("add-free-text", lambda cast: need("90000000")),
        lambda cast, made: ("/behov/", need("90000000")),
        "amount_out_of_range",
    ),
    filling(
        "add_service", worlds.basket,
        at_basket("add-service", lambda cast: {**assignment(), "category": "30"}),
        lambda cast, made: ("/tjanst/", {**assignment(), "category": cast.services.pk}),
    ),
    filling(
        "add_service", worlds.basket,
        at_basket("add-service", lambda cast: assignment("90000000")),
        lambda cast, made: ("/tjanst/", assignment("90000000")),
        "amount_out_of_range",
    ),
    filling(
        "set_quantity", worlds.basket,
        lambda cast, made: (f"lines/{line_of(made).pk}/set-quantity/", {"quantity": "7"}),
        lambda cast, made: (f"/korg/rader/{line_of(made).pk}/", {"quantity": "7"}),
    ),
    filling(
        "set_quantity to zero", worlds.basket,
        lambda cast, made: (f"lines/{line_of(made).pk}/set-quantity/", {"quantity": "0"}),
        lambda cast, made: (f"/korg/rader/{line_of(made).pk}/", {"quantity": "0"}),
    ),
    filling(
        "set_quantity", with_minimum,
        lambda cast, made: (f"lines/{line_of(made).pk}/set-quantity/", {"quantity": "4"}),
        lambda cast, made: (f"/korg/rader/{line_of(made).pk}/", {"quantity": "4"}),
        "below_minimum_quantity",
    ),
    filling(
        "save_details", worlds.basket,
        at_basket("save-details", details_at_api),
        lambda cast, made: ("/korg/uppgifter/", details_at_web(cast)),
    ),
    filling(
        "set_accounts", worlds.basket,
        lambda cast, made: (
            f"baskets/{made.pk}/set-accounts/",
            {"accounts": [{"line": line_of(made).pk, "account": "4610"}]},
        ),
        lambda cast, made: ("/korg/konto/", {f"line-{line_of(made).pk}": "4610"}),
    ),
    filling(
        "set_deliveries", worlds.basket,
        lambda cast, made: (
            f"baskets/{made.pk}/set-deliveries/",
            {
                "deliveries": [
                    {
                        "line": line_of(made).pk,
                        "charged_department": cast.home.cost_center,
                        "needed_by_date": "2021-06-01",
                    }
                ]
            },
        ),
        lambda cast, made: (
            "/korg/leveranser/",
            {
                f"ansvar-{line_of(made).pk}": cast.home.cost_center,
                f"place-{line_of(made).pk}": "",
                f"day-{line_of(made).pk}": "2021-06-01",
            },
        ),
    ),
    filling(
        "copy_lines", lambda cast: worlds.submitted(cast, (cast.gloves, 3), (cast.gown, 4)),
        lambda cast, made: (
            f"baskets/{baskets.open_basket(department=cast.ward, by=cast.requester, at=NOW).pk}/copy-lines/",
            {"requisition": made.pk},
        ),
        lambda cast, made: (f"/bestallningar/{made.number}/igen/", {}),
    ),
    filling(
        "submit", with_reason,
        at_basket("submit", lambda cast: {}),
        lambda cast, made: ("/korg/", details_at_web(cast)),
    ),
    filling(
        "submit", with_retired,
        at_basket("submit", lambda cast: {}),
        lambda cast, made: ("/korg/", details_at_web(cast)),
        "item_not_orderable",
    ),
    filling(
        "submit", with_reason,
        lambda cast, made: (
            f"baskets/{made.pk}/submit/", {"shown_prices": [{"line": line_of(made).pk, "unit_price": "57.99"}]}
        ),
        lambda cast, made: ("/korg/", details_at_web(cast) | {"shown": f"{line_of(made).pk}:57.9900"}),
        "prices_have_risen",
    ),
    Case("answer", returned, "requester", at_line("answer", text="Magsjuka"),
         lambda cast, made: (f"/rader/{made.pk}/svara/", {"text": "Magsjuka"})),
    Case("answer", worlds.line, "requester", at_line("answer", text="Magsjuka"),
         lambda cast, made: (f"/rader/{made.pk}/svara/", {"text": "Magsjuka"}), "line_not_open"),
    Case("write", worlds.line, "manager",
         lambda cast, made: (f"lines/{made.pk}/write/", {"text": "Hur?", "asked": [cast.stranger.pk], "key": str(KEY)}),
         lambda cast, made: (f"/rader/{made.pk}/samtal/",
                             {"text": "Hur?", "asked": cast.stranger.email, "key": str(KEY)}),
         also=[Consultation]),
    Case("write", worlds.line, "requester", at_line("write", text=" "),
         lambda cast, made: (f"/rader/{made.pk}/samtal/", {"text": " "}), "message_missing"),
    Case("write", worlds.line, "auditor", at_line("write", text="Hur?"),
         lambda cast, made: (f"/rader/{made.pk}/samtal/", {"text": "Hur?"}), "not_your_conversation"),
    Case("withdraw", worlds.line, "requester", at_line("withdraw"), lambda cast, made: (f"/rader/{made.pk}/dra-tillbaka/", {})),
    Case("withdraw", ordered, "requester", at_line("withdraw"),
         lambda cast, made: (f"/rader/{made.pk}/dra-tillbaka/", {}), "line_is_ordered"),
    Case("withdraw", worlds.line, "colleague", at_line("withdraw"),
         lambda cast, made: (f"/rader/{made.pk}/dra-tillbaka/", {}), "not_your_requisition"),
    Case("revise", worlds.line, "requester", at_line("revise", quantity="4", specification="Blå"),
         lambda cast, made: (f"/rader/{made.pk}/andra/", {"quantity": "4", "specification": "Blå"})),
    Case("revise what is approved", approved, "requester", at_line("revise", quantity="4"),
         lambda cast, made: (f"/rader/{made.pk}/andra/", {"quantity": "4"})),
    Case("revise", ordered, "requester", at_line("revise", quantity="4"),
         lambda cast, made: (f"/rader/{made.pk}/andra/", {"quantity": "4"}), "line_is_ordered"),
    Case("revise nothing", worlds.line, "requester", at_line("revise", quantity="10"),
         lambda cast, made: (f"/rader/{made.pk}/andra/", {"quantity": "10"}), "nothing_changed"),
    Case("approve", worlds.line, "manager", at_line("approve"), at_decision(decision="approve")),
    Case("approve", approved, "manager", at_line("approve"), at_decision(decision="approve"), "line_is_decided"),
    Case("approve", worlds.line, "requester", at_line("approve"), at_decision(decision="approve"), "own_request"),
    Case("approve", worlds.line, "colleague", at_line("approve"), at_decision(decision="approve"), "not_your_line"),
    Case("approve at a risen price", dearer, "manager", at_line("approve"), at_decision(decision="approve"),
         "price_rose"),
    Case("approve at a risen price", dearer, "manager", at_line("approve", unit_price="65.99"),
         at_decision(decision="approve", seen_price="65.99"), "price_rose"),
    Case("approve at a risen price", dearer, "manager", at_line("approve", unit_price="66"),
         at_decision(decision="approve", seen_price="66.0000")),
    Case("approve before her yes", unaccepted, "manager", at_line("approve", unit_price="66"),
         at_decision(decision="approve", seen_price="66.0000"), "price_not_accepted"),
    Case("revise before her yes", unaccepted, "requester", at_line("revise", quantity="4", specification="Blå"),
         lambda cast, made: (f"/rader/{made.pk}/andra/", {"quantity": "4", "specification": "Blå"}),
         "price_not_accepted"),
    price_answer(unaccepted, "requester", "66"),
    price_answer(unaccepted, "colleague", "66"),
    price_answer(unaccepted, "requester", "65.99", "price_rose_again"),
    price_answer(fallen_back, "requester", "66", "nothing_asked_about_price"),
    price_answer(worlds.line, "requester", "66", "nothing_asked_about_price"),
    price_answer(unaccepted, "requester", None),
    price_answer(worlds.line, "requester", None, "nothing_asked_about_price"),
    Case("adjust at a risen price", dearer, "manager", at_line("adjust", quantity="4", comment="Räcker"),
         at_decision(decision="adjust", quantity="4", adjust_comment="Räcker"), "price_rose"),
    Case("adjust at a risen price", dearer, "manager",
         at_line("adjust", quantity="4", comment="Räcker", unit_price="66"),
         at_decision(decision="adjust", quantity="4", adjust_comment="Räcker", seen_price="66.0000")),
    Case("approve in free text", free_text_line, "deputy",
         lambda cast, made: (f"lines/{made.pk}/approve/", {"supplier": cast.paper_supplier.pk, "unit_price": "95.5"}),
         lambda cast, made: (
             f"/rader/{made.pk}/besluta/",
             {"decision": "approve", "supplier": cast.paper_supplier.pk, "unit_price": "95,50"},
         )),
    Case("approve many", lambda cast: worlds.submitted(cast, (cast.gloves, 3), (cast.gown, 4)), "manager",
         lambda cast, made: ("lines/approve/", {"lines": [each.pk for each in made.lines.all()]}),
         lambda cast, made: ("/ko/beslut/", {"act": "approve", "line": [each.pk for each in made.lines.all()]})),
    Case("adjust", worlds.line, "manager", at_line("adjust", quantity="4", comment="Det räcker"),
         at_decision(decision="adjust", quantity="4", adjust_comment="Det räcker")),
    Case("adjust", worlds.line, "manager", at_line("adjust", quantity="40", comment="Mer"),
         at_decision(decision="adjust", quantity="40", adjust_comment="Mer"), "larger_than_asked"),
    Case("substitute", worlds.line, "manager", at_line("substitute", item="104600", quantity="4", comment="Likvärdig"),
         at_decision(decision="substitute", other_item="104600", substitute_quantity="4", substitute_comment="Likvärdig")),
    Case("substitute", without_price, "manager",
         at_line("substitute", item="104600", quantity="4", comment="Likvärdig"),
         at_decision(decision="substitute", other_item="104600", substitute_quantity="4", substitute_comment="Likvärdig"),
         "item_has_no_price"),
    Case("return", worlds.line, "manager", at_line("return", question="Varför?"),
         at_decision(decision="return", question="Varför?")),
    Case("return many", worlds.line, "manager",
         lambda cast, made: ("lines/return/", {"lines": [made.pk], "question": "Varför?"}),
         lambda cast, made: (f"/ko/fraga/?rader={made.pk}", {"question": "Varför?"})),
    Case("approve many at a risen price", dearer, "manager",
         lambda cast, made: ("lines/approve/",
                             {"lines": [made.pk], "unit_prices": [{"line": made.pk, "unit_price": "66"}]}),
         lambda cast, made: ("/ko/beslut/", {"act": "approve", "line": [made.pk], "seen": [f"{made.pk}:66.0000"]})),
    Case("return", approved, "manager", at_line("return", question="Varför?"),
         at_decision(decision="return", question="Varför?"), "line_is_decided"),
    Case("reject", worlds.line, "manager", at_line("reject", reason_code="in_stock", comment="Förråd 4"),
         lambda cast, made: (f"/ko/avsla/?rader={made.pk}", {"reason_code": "in_stock", "comment": "Förråd 4"})),
    Case("reject many", worlds.line, "manager",
         lambda cast, made: ("lines/reject/", {"lines": [made.pk], "reason_code": "in_stock"}),
         lambda cast, made: (f"/ko/avsla/?rader={made.pk}", {"reason_code": "in_stock"})),
    Case("reject", approved, "manager", at_line("reject", reason_code="in_stock"),
         lambda cast, made: (f"/ko/avsla/?rader={made.pk}", {"reason_code": "in_stock"}), "line_is_decided"),
    Case("undo", approved, "manager", at_line("undo"), lambda cast, made: (f"/ko/angra/?rader={made.pk}", {})),
    Case("undo many", approved, "manager", lambda cast, made: ("lines/undo/", {"lines": [made.pk]}),
         lambda cast, made: (f"/ko/angra/?rader={made.pk}", {})),
    Case("undo", ordered, "manager", at_line("undo"),
         lambda cast, made: (f"/ko/angra/?rader={made.pk}", {}), "line_is_ordered"),
    Case("hand over", worlds.line, "manager",
         lambda cast, made: (f"lines/{made.pk}/hand-over/", {"to": cast.deputy.pk, "note": "Din sort"}), handing_over),
    Case("hand over many", worlds.line, "manager",
         lambda cast, made: ("lines/hand-over/", {"lines": [made.pk], "to": cast.deputy.pk, "note": "Din sort"}),
         handing_over),
    Case("hand over", approved, "manager",
         lambda cast, made: (f"lines/{made.pk}/hand-over/", {"to": cast.deputy.pk}), handing_over, "line_is_decided"),
    Case("reassign", free_text_line, "deputy", at_line("reassign", category="30"),
         lambda cast, made: (f"/rader/{made.pk}/kategori/", {"category": cast.services.pk})),
    Case("reassign", worlds.line, "manager", at_line("reassign", category="30"),
         lambda cast, made: (f"/rader/{made.pk}/kategori/", {"category": cast.services.pk}), "category_follows_item"),
    Case("rebook", worlds.line, "manager", at_line("rebook", account="4610"), at_account),
    Case("rebook", worlds.line, "colleague", at_line("rebook", account="4610"), at_account, "not_your_line"),
    Case("rebook", approved, "manager", at_line("rebook", account="4610"), at_account, "line_is_decided"),
    Case("attest", costly, "budget_holder", lambda cast, made: (f"attests/{made.pk}/attest/", {}),
         lambda cast, made: (f"/attester/{made.pk}/attestera/", {})),
    Case("attest", attested, "budget_holder", lambda cast, made: (f"attests/{made.pk}/attest/", {}),
         lambda cast, made: (f"/attester/{made.pk}/attestera/", {}), "attest_is_decided"),
    Case("attest", costly, "requester", lambda cast, made: (f"attests/{made.pk}/attest/", {}),
         lambda cast, made: (f"/attester/{made.pk}/attestera/", {}), "own_request"),
    Case("refuse attest", costly, "budget_holder",
         lambda cast, made: (f"attests/{made.pk}/refuse/", {"comment": "För dyrt"}),
         lambda cast, made: (f"/attester/{made.pk}/neka/", {"comment": "För dyrt"})),
    Case("refuse attest", attested, "budget_holder",
         lambda cast, made: (f"attests/{made.pk}/refuse/", {"comment": "För dyrt"}),
         lambda cast, made: (f"/attester/{made.pk}/neka/", {"comment": "För dyrt"}), "attest_is_decided"),
    Case("consolidate", approved, "manager", lambda cast, made: ("orders/consolidate/", {}),
         lambda cast, made: ("/inkopsordrar/bestall/", {})),
    Case("consolidate", approved, "requester", lambda cast, made: ("orders/consolidate/", {}),
         lambda cast, made: ("/inkopsordrar/bestall/", {}), "not_permitted"),
    Case("cancel", order, "manager", lambda cast, made: (f"orders/{made.pk}/cancel/", {"reason": "Fel"}),
         lambda cast, made: (f"/inkopsordrar/{made.number}/makulera/", {"reason": "Fel"})),
    Case("cancel", received_order, "manager", lambda cast, made: (f"orders/{made.pk}/cancel/", {"reason": "Fel"}),
         lambda cast, made: (f"/inkopsordrar/{made.number}/makulera/", {"reason": "Fel"}), "something_has_come"),
    Case("cancel", cancelled_order, "manager", lambda cast, made: (f"orders/{made.pk}/cancel/", {"reason": "Fel"}),
         lambda cast, made: (f"/inkopsordrar/{made.number}/makulera/", {"reason": "Fel"}), "wrong_state"),
    Case("answer", sent_order, "manager", answer_at_api("refused"), answer_at_web("refused"), also=ANSWERS),
    Case("answer", sent_order, "auditor", answer_at_api("confirmed"), answer_at_web("confirmed"), "not_your_order"),
    Case("answer", order, "manager", answer_at_api("confirmed"), answer_at_web("confirmed"), "answered_order_is_not_sent"),
    Case("settle", changed_order, "manager", settling_at_api("agreed"), settling_at_web("ja"), also=ANSWERS),
    Case("settle", changed_order, "manager", settling_at_api("declined"), settling_at_web("nej"), also=ANSWERS),
    Case("settle", sent_order, "manager", settling_at_api("agreed", 2), settling_at_web("ja", 2), "order_has_changed"),
    Case("retry sending", unsent_order, "manager", lambda cast, made: (f"orders/{made.pk}/retry-sending/", {}),
         lambda cast, made: (f"/inkopsordrar/{made.number}/skicka-igen/", {})),
    Case("retry sending", order, "manager", lambda cast, made: (f"orders/{made.pk}/retry-sending/", {}),
         lambda cast, made: (f"/inkopsordrar/{made.number}/skicka-igen/", {}), "wrong_state"),
    Case("retry sending", unsent_order, "auditor", lambda cast, made: (f"orders/{made.pk}/retry-sending/", {}),
         lambda cast, made: (f"/inkopsordrar/{made.number}/skicka-igen/", {}), "not_your_order"),
    Case("confirm received", unsent_order, "manager", lambda cast, made: (f"orders/{made.pk}/confirm-received/", {}),
         lambda cast, made: (f"/inkopsordrar/{made.number}/framme/", {})),
    Case("confirm received", order, "manager", lambda cast, made: (f"orders/{made.pk}/confirm-received/", {}),
         lambda cast, made: (f"/inkopsordrar/{made.number}/framme/", {}), "wrong_state"),
    Case("receive", ordered, "colleague", receipt_at_api("4"), receipt_at_web("4")),
    Case("receive damaged", ordered, "colleague",
         receipt_at_api("8", "damaged", "2"), receipt_at_web("8", "damaged", "2")),
    Case("receive", ordered, "colleague", receipt_at_api("11"), receipt_at_web("11"), "more_than_ordered"),
    Case("receive", ordered, "colleague", receipt_at_api("0"), receipt_at_web("0"), "nothing_to_receive"),
    Case("report", nothing, "controller", lambda cast, made: report("2020-12-31"),
         lambda cast, made: report_form("2020-12-31")),
    Case("report", nothing, "controller", lambda cast, made: report("2021-05-19"),
         lambda cast, made: report_form("2021-05-19"), "report_period_not_possible"),
    Case("report", nothing, "requester", lambda cast, made: report("2020-12-31"),
         lambda cast, made: report_form("2020-12-31"), "reports_are_for_head_and_finance"),
    Case("compute savings", nothing, "controller", lambda cast, made: ("savings/compute/", {}),
         lambda cast, made: ("/besparingar/rakna/", {})),
    Case("compute savings", nothing, "requester", lambda cast, made: ("savings/compute/", {}),
         lambda cast, made: ("/besparingar/rakna/", {}), "finance_only"),
]  # fmt: skip
