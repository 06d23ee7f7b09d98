"""How somebody says each operation of docs/permissions.md at the two doors; a new operation is a row here."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from procurement.models import PurchaseOrder
from tests.api.door_acts import (
    DAY,
    KEY,
    another_day_at_api,
    another_day_at_web,
    answer_at_api,
    answer_at_web,
    details_at_api,
    need,
    reducing_at_api,
    reducing_at_web,
    settling_at_api,
    settling_at_web,
)
from tests.api.doors import Act
from tests.api.receipt_cases import (
    sent_at_api,
    sent_at_web,
    settled_at_api,
    settled_at_web,
    taken_at_api,
    taken_at_web,
)
from tests.api.supplier_cases import refused_at_api, refused_at_web
from tests.cast import TODAY, Cast
from tests.office import governing_doors
from tests.office.doors import Doors
from tests.office.permission_worlds import allocation_of, another_account
from tests.procurement.order_responses import response


def _line(verb: str, page: str, form: Mapping[str, Any], **body: Any) -> Doors:
    """An act on one line."""
    return Doors(
        lambda cast, line: (f"lines/{line.pk}/{verb}/", body),
        lambda cast, line: (page.format(pk=line.pk), dict(form)),
    )


def _decision(verb: str, choice: str, form: Mapping[str, Any], **body: Any) -> Doors:
    return _line(verb, "/rader/{pk}/besluta/", {"decision": choice, **form}, **body)


def _basket(verb: str, body: Callable[[Cast], dict[str, Any]]) -> Doors:
    """A page fills the basket of whoever looks at it, so only a program can name another's."""
    return Doors(lambda cast, basket: (f"baskets/{basket.pk}/{verb}/", body(cast)), None)


def _assignment() -> dict[str, Any]:
    return {
        "description": "Utreda värmen", "place": "Visby", "start_date": "2021-06-01", "end_date": "2021-06-30",
        "hours": "40", "estimated_unit_price": "900", "suggested_supplier": "", "specification": "", "category": "30",
    }  # fmt: skip


def _receipt_at_api(cast: Cast, line: Any) -> Act:
    entry = {
        "allocation": allocation_of(line),
        "quantity": "1",
        "deviation": "none",
        "deviation_quantity": "0",
    }
    return "receipts/", {"key": str(KEY), "department": "2140", "entries": [entry]}


def _receipt_at_web(cast: Cast, line: Any) -> Act:
    pk = allocation_of(line)
    return "/ta-emot/kvittera/", {
        "key": str(KEY), "allocation": [pk], f"{pk}-quantity": "1", f"{pk}-deviation": "none",
        f"{pk}-deviation_quantity": "0", f"{pk}-comment": "",
    }  # fmt: skip


def _answer_file(cast: Cast, order: PurchaseOrder) -> Act:
    file = SimpleUploadedFile("svar.xml", response(order, "AP"), "application/xml")
    return f"/inkopsordrar/{order.number}/svar/fil/", {"file": file}


def _first_line(basket: Any) -> int:
    return int(basket.lines.order_by("pk")[0].pk)


A_DAY = (TODAY + timedelta(days=40)).isoformat()

DOORS: dict[str, Doors | str] = {
    "baskets.add_item": _basket("add-item", lambda cast: {"item": "104600", "quantity": "2"}),
    "baskets.add_free_text": _basket("add-free-text", lambda cast: {**need(), "category": "20"}),
    "baskets.add_service": _basket("add-service", lambda cast: _assignment()),
    "baskets.save_details": _basket("save-details", details_at_api),
    "baskets.set_quantity": Doors(
        lambda cast, basket: (f"lines/{_first_line(basket)}/set-quantity/", {"quantity": "7"}),
        lambda cast, basket: (f"/korg/rader/{_first_line(basket)}/", {"quantity": "7"}),
        is_in_the_trail=False,
    ),
    "accounts.set_accounts": Doors(
        lambda cast, basket: (
            f"baskets/{basket.pk}/set-accounts/",
            {"accounts": [{"line": _first_line(basket), "account": "4610"}]},
        ),
        None,
    ),
    "requisitions.submit": _basket("submit", lambda cast: {}),
    "filling.fill": "tests/shop/test_lists.py: fills the basket of whoever asks",
    "filling.scan": "tests/shop/test_scanning.py: fills the basket of whoever asks",
    "copying.copy_lines": "tests/procurement/test_copy.py: fills the basket of whoever asks",
    "moving_baskets.move_basket": "tests/procurement/test_moving_baskets.py",
    "baskets.open_basket": Doors(lambda cast, _thing: ("baskets/", {"department": "2140"}), None),
    "requisitions.place": "tests/api/test_place.py",
    "templates.make_template": "tests/api/test_templates.py",
    "templates.change_template": "tests/api/test_templates.py",
    "templates.remove_template": "tests/api/test_templates.py",
    "templates.keep_template": "tests/api/test_templates.py",
    "templates.fill_from_template": "tests/api/test_templates.py",
    "decisions.approve": _decision("approve", "approve", {}),
    "decisions.adjust": _decision(
        "adjust", "adjust", {"quantity": "4", "adjust_comment": "Räcker"}, quantity="4", comment="Räcker"
    ),
    "decisions.substitute": _decision(
        "substitute",
        "substitute",
        {"other_item": "104600", "substitute_quantity": "4", "substitute_comment": "Likvärdig"},
        item="104600",
        quantity="4",
        comment="Likvärdig",
    ),
    "decisions.return_with_question": _decision(
        "return", "return", {"question": "Varför?"}, question="Varför?"
    ),
    "decisions.reject": _line(
        "reject", "/ko/avsla/?rader={pk}", {"reason_code": "in_stock", "comment": ""}, reason_code="in_stock"
    ),
    "decisions.undo": _line("undo", "/ko/angra/?rader={pk}", {}),
    "decisions.reassign_category": Doors(
        lambda cast, line: (f"lines/{line.pk}/reassign/", {"category": "30"}),
        lambda cast, line: (f"/rader/{line.pk}/kategori/", {"category": cast.services.pk}),
        beyond=("category_follows_item",),
    ),
    "handing_over.hand_over": "tests/api/test_both_doors.py",
    "rank_refusals.register_rank_refusal": "tests/api/test_both_doors.py",
    "tying.tie_to_competition": "tests/api/test_both_doors.py",
    "tying.untie_from_competition": "tests/api/test_both_doors.py",
    "day_wishes.wish_for_day": Doors(
        lambda cast, line: (f"lines/{line.pk}/wish-for-day/", {"day": A_DAY, "reason": "Stängt"}),
        lambda cast, line: (f"/rader/{line.pk}/annan-dag/", {"day": A_DAY, "reason": "Stängt"}),
        beyond=("nothing_is_on_its_way",),
    ),
    "day_wishes.decline_day": Doors(
        lambda cast, line: (f"lines/{line.pk}/decline-day/", {"reason": "Går inte"}),
        lambda cast, line: (f"/rader/{line.pk}/annan-dag/nej/", {"reason": "Går inte"}),
        beyond=("no_day_is_wished",),
    ),
    "accounts.rebook": Doors(
        lambda cast, line: (f"lines/{line.pk}/rebook/", {"account": another_account().code}),
        lambda cast, line: (f"/rader/{line.pk}/konto/", {"account": another_account().pk}),
    ),
    "amendments.answer": _line("answer", "/rader/{pk}/svara/", {"text": "Ja"}, text="Ja"),
    "amendments.revise_line": _line("revise", "/rader/{pk}/andra/", {"quantity": "4"}, quantity="4"),
    "amendments.withdraw_line": _line("withdraw", "/rader/{pk}/dra-tillbaka/", {}),
    "amendments.accept_price": _line(
        "accept-price", "/rader/{pk}/pris/", {"answer": "ja", "unit_price": "66"}, unit_price="66"
    ),
    "amendments.decline_price": _line(
        "decline-price", "/rader/{pk}/pris/", {"answer": "nej", "unit_price": "66"}
    ),
    "conversations.write": _line(
        "write", "/rader/{pk}/samtal/", {"text": "Hur?", "key": str(KEY)}, text="Hur?", key=str(KEY)
    ),
    "receipts.receive": Doors(_receipt_at_api, _receipt_at_web),
    "returning.take_back": Doors(taken_at_api, taken_at_web),
    "returning.send_back": Doors(sent_at_api("2"), sent_at_web("2")),
    "complaints.settle_complaint": Doors(settled_at_api("done", "K 17"), settled_at_web("done", "K 17")),
    "attests.attest": Doors(
        lambda cast, attest: (f"attests/{attest.pk}/attest/", {}),
        lambda cast, attest: (f"/attester/{attest.pk}/attestera/", {}),
    ),
    "attests.refuse_attest": Doors(
        lambda cast, attest: (f"attests/{attest.pk}/refuse/", {"comment": "Dyrt"}),
        lambda cast, attest: (f"/attester/{attest.pk}/neka/", {"comment": "Dyrt"}),
    ),
    "examining.examine": Doors(refused_at_api(), refused_at_web()),
    "orders.consolidate": Doors(
        lambda cast, _thing: ("orders/consolidate/", {}),
        lambda cast, _thing: ("/inkopsordrar/bestall/", {}),
        beyond=("nothing of hers to order",),
    ),
    "orders.cancel_order": Doors(
        lambda cast, order: (f"orders/{order.pk}/cancel/", {"reason": "Fel"}),
        lambda cast, order: (f"/inkopsordrar/{order.number}/makulera/", {"reason": "Fel"}),
    ),
    "reducing.reduce_order": Doors(
        reducing_at_api("0.5"), reducing_at_web("0,5"), beyond=("unit_not_divisible",)
    ),
    "other_days.ask_for_other_days": Doors(
        another_day_at_api(DAY), another_day_at_web(DAY), beyond=("no_other_day",)
    ),
    "resending.retry_sending": Doors(
        lambda cast, order: (f"orders/{order.pk}/retry-sending/", {}),
        lambda cast, order: (f"/inkopsordrar/{order.number}/skicka-igen/", {}),
    ),
    "resending.confirm_received_by_supplier": Doors(
        lambda cast, order: (f"orders/{order.pk}/confirm-received/", {}),
        lambda cast, order: (f"/inkopsordrar/{order.number}/framme/", {}),
    ),
    "answers.register_answer": Doors(
        answer_at_api("confirmed"),
        answer_at_web("confirmed"),
        beyond=("answered_order_is_not_sent", "answered_order_is_cancelled"),
    ),
    "answers.take_in_answer": Doors(None, _answer_file),
    "settling.settle_changes": Doors(settling_at_api("agreed"), settling_at_web("ja")),
    **governing_doors.DOORS,
}
"""Or the test that tries an operation, and why it is not tried here."""

BY_PERMISSION: dict[str, Doors] = {
    "can_ask_in": Doors(
        lambda cast, line: (f"lines/{line.pk}/write/", {"text": "Hur?", "asked": [cast.stranger.pk]}),
        lambda cast, line: (f"/rader/{line.pk}/samtal/", {"text": "Hur?", "asked": cast.stranger.email}),
    ),
}
"""How an operation is said so that it asks one permission more, by the name of that."""
