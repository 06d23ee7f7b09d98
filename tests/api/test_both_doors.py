"""
Each operation through both doors.

A person in a browser and a program with her key do the same thing: the same rows come of it, and when it is refused
both are told the same sentence.
"""

import re
from collections.abc import Iterator
from html import escape
from typing import Any

import pytest

from config.api import RESOURCES
from tests.api.assortment_cases import ASSORTMENT
from tests.api.award_cases import AWARDS
from tests.api.competition_cases import COMPETITIONS
from tests.api.day_cases import DAYS
from tests.api.door_cases import CASES
from tests.api.doors import Case, by_api, by_web, through
from tests.api.governance_cases import GOVERNANCE
from tests.api.initiative_cases import INITIATIVES
from tests.api.observation_cases import OBSERVATIONS
from tests.api.office_cases import OFFICE
from tests.api.receipt_cases import RECEIPTS
from tests.api.report_cases import REPORTS
from tests.api.spend_cases import SPEND
from tests.api.supplier_cases import SUPPLIERS
from tests.cast import Cast

EVERY = [
    *CASES,
    *ASSORTMENT,
    *OFFICE,
    *AWARDS,
    *RECEIPTS,
    *COMPETITIONS,
    *DAYS,
    *OBSERVATIONS,
    *SUPPLIERS,
    *REPORTS,
    *INITIATIVES,
    *GOVERNANCE,
    *SPEND,
]


@pytest.mark.parametrize("case", [case for case in EVERY if not case.refusal], ids=str)
def test_both_doors_make_the_same_rows(cast: Cast, case: Case) -> None:
    program, page = through((by_api, by_web), case, cast)
    assert 200 <= program.answer.status_code < 300, program.answer.data
    assert '"refused":[{' not in program.answer.content.decode()
    assert page.answer.status_code == 200
    assert program.after == page.after
    assert program.after != program.before


@pytest.mark.parametrize("case", [case for case in EVERY if case.refusal], ids=str)
def test_both_doors_say_the_same_sentence(cast: Cast, case: Case) -> None:
    program, page = through((by_api, by_web), case, cast)
    assert program.answer.data["code"] == case.refusal
    assert program.answer.status_code in (400, 403, 409)
    assert escape(program.answer.data["detail"]) in page.answer.content.decode()
    assert program.after == program.before
    assert page.after == page.before


def test_every_act_of_the_api_is_in_the_table(cast: Cast) -> None:
    addresses = (case.api(cast, Anything())[0] for case in EVERY)
    covered_addresses = {re.sub(r"/[0-9]+/", "/N/", address) for address in addresses}
    assert acts() - ELSEWHERE - covered_addresses == set()


ELSEWHERE = {
    "baskets/",  # the page opens the basket when something is put in it
    "requisitions/",  # for other systems; tests/api/test_place.py
    "favourites/",  # tests/api/test_favourites.py
    "favourites/remove/",
    "department-favourites/",  # tests/api/test_templates.py
    "department-favourites/move/",
    "department-favourites/remove/",
    "order-templates/",
    "order-templates/N/change/",
    "order-templates/N/fill/",
    "order-templates/N/keep/",
    "order-templates/N/remove/",
    "life-cycles/N/assess/",  # tests/api/test_life_cycle.py
    "life-cycles/N/start-trial/",
    "life-cycles/N/decide-standard/",
    "life-cycles/N/phase-out/",
    "life-cycles/N/retire/",
    "life-cycles/N/recall/",
    "life-cycles/N/lift/",
    "life-cycles/N/approve-substitution/",
    "recalls/N/acknowledge/",
    "agreements/N/activate/",  # tests/desk/test_agreement_acts.py
    "agreements/N/end/",
    "agreements/N/give-notice/",
    "agreements/N/let-option-go/",
    "agreements/N/start-procurement/",
    "agreements/N/use-option/",
    "price-proposals/",  # tests/api/test_price_proposals.py
    "price-proposals/N/approve/",
    "price-proposals/N/reject/",
    "price-proposals/N/withdraw/",
    "notices/N/read/",  # tests/api/test_notices.py
    "notices/read-all/",
    "notice-choices/",
    "absences/",  # tests/api/test_absences.py
    "absences/N/change/",
    "absences/N/withdraw/",
    "delegations/",
    "delegations/N/accept/",
    "delegations/N/decline/",
    "delegations/N/revoke/",
    "tokens/",  # tests/api/test_tokens.py
    "tokens/N/revoke/",
    "invitations/",  # tests/organizations/test_inviting.py
    "invitations/N/again/",
    "invitations/N/take-back/",
    "reports/N/retry/",  # tests/api/test_reporting.py
    "report-templates/",  # tests/reporting/test_report_templates.py
    "report-templates/use-own/",
    "registers/<slug:register>/",  # tests/registers/test_both_doors.py
    "registers/<slug:register>/N/preview/",  # tests/registers/test_api.py
    "registers/<slug:register>/preview/",  # tests/registers/test_api.py
    "category-mergers/preview/",  # tests/office/test_category_merging.py
    "department-mergers/preview/",  # tests/office/test_moving_pages.py
    "leavers/preview/",
    "register-imports/",  # tests/registers/test_imports_api.py and test_import_pages.py
    "register-imports/N/read-again/",
    "register-imports/N/leave-out/",
    "register-imports/N/apply/",
    "register-imports/N/take-back/",
}


class Anything:
    """Stands for whatever a case acts on, where only the address is asked for."""

    def __getattr__(self, name: str) -> "Anything":
        return self

    def __call__(self, *args: Any) -> "Anything":
        return self

    def __getitem__(self, place: int) -> "Anything":
        return self

    def __iter__(self) -> Iterator["Anything"]:
        return iter(())

    def __str__(self) -> str:
        return "1"


def acts() -> set[str]:
    """Every address of the API that takes a POST."""
    addresses = set()
    for prefix, resource, _name in RESOURCES:
        if hasattr(resource, "create"):
            addresses.add(f"{prefix}/")
        extras: list[Any] = resource.get_extra_actions()
        for extra in extras:
            if "post" in extra.mapping:
                addresses.add(
                    f"{prefix}/N/{extra.url_path}/" if extra.detail else f"{prefix}/{extra.url_path}/"
                )
    return addresses
