"""What the ledger means, at both doors."""

from typing import Any

from spend.models import AccountMeaning, Meaning, SupplierMatch
from spend.operations.matches import match_supplier
from tests.api.doors import Case
from tests.cast import NOW, Cast
from tests.spend.ledgers import SOURCE, brought_in, table

KEY = "qvxzzy jkw"
ACCOUNT = {"first_account": "4010", "last_account": "4099"}
BACKWARDS = {"first_account": "4099", "last_account": "4010"}
NAMED = {"source_name": SOURCE, "supplier_key": KEY}


def booked(cast: Cast) -> None:
    brought_in(table({"Leverantör": "Qvxzzy Jkw"}), cast.controller)


def matched(cast: Cast) -> None:
    booked(cast)
    match_supplier(source=SOURCE, key=KEY, supplier=cast.supplier, by=cast.controller, at=NOW)


def decided(accounts: dict[str, str], meaning: Meaning, *, has_category: bool) -> tuple[Any, Any]:
    """What accounts mean, as each door says it."""

    def api(cast: Cast, world: Any) -> tuple[str, dict[str, Any]]:
        fields = {"source_name": SOURCE, **accounts, "meaning": meaning.value}
        return "account-meanings/", fields | ({"category": cast.medical.code} if has_category else {})

    def web(cast: Cast, world: Any) -> tuple[str, dict[str, Any]]:
        fields = {**accounts, "meaning": meaning.value}
        return "/reskontra/konton/", fields | ({"category": cast.medical.pk} if has_category else {})

    return api, web


MATCH = (
    lambda cast, made: ("ledger-suppliers/", NAMED | {"supplier": cast.supplier.org_number}),
    lambda cast, made: (
        "/reskontra/leverantorer/koppla/",
        {"key": KEY, "supplier": cast.supplier.org_number},
    ),
)
NONE = (
    lambda cast, made: ("ledger-suppliers/", NAMED | {"supplier": None}),
    lambda cast, made: ("/reskontra/leverantorer/koppla/", {"key": KEY, "none": "1"}),
)
STRANGER = (
    lambda cast, made: ("ledger-suppliers/", NAMED | {"supplier_key": "x", "supplier": None}),
    lambda cast, made: ("/reskontra/leverantorer/koppla/", {"key": "x", "none": "1"}),
)
UNDO = (
    lambda cast, made: ("ledger-suppliers/undo/", NAMED),
    lambda cast, made: ("/reskontra/leverantorer/angra/", {"key": KEY}),
)
MEANS = (AccountMeaning,)
MATCHES = (SupplierMatch,)
CATEGORY, OTHER = Meaning.CATEGORY, Meaning.OTHER

SPEND = [
    Case("mean", booked, "controller", *decided(ACCOUNT, CATEGORY, has_category=True), also=MEANS),
    Case("mean", booked, "auditor", *decided(ACCOUNT, CATEGORY, has_category=True), "finance_only", MEANS),
    Case("mean", booked, "controller", *decided(BACKWARDS, OTHER, has_category=False), "account_span_unclear", MEANS),
    Case(
        "mean", booked, "controller", *decided(ACCOUNT, CATEGORY, has_category=False),
        "account_meaning_category_needed", MEANS,
    ),
    Case("match", booked, "controller", *MATCH, also=MATCHES),
    Case("match none", booked, "controller", *NONE, also=MATCHES),
    Case("match", booked, "auditor", *MATCH, "finance_only", MATCHES),
    Case("match", matched, "controller", *MATCH, "ledger_supplier_matched_already", MATCHES),
    Case("match", booked, "controller", *STRANGER, "ledger_supplier_unknown", MATCHES),
    Case("undo", matched, "controller", *UNDO, also=MATCHES),
    Case("undo", matched, "auditor", *UNDO, "finance_only", MATCHES),
    Case("undo", booked, "controller", *UNDO, "ledger_supplier_not_matched", MATCHES),
]  # fmt: skip
