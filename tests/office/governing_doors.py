"""How somebody says each operation of governance and reporting at the two doors, as ``permission_doors`` has the chain's."""

from typing import Any

from tests.api import governance_cases as governance
from tests.api import initiative_cases as initiatives
from tests.api import report_cases as reports
from tests.api.governance_cases import advised, planned, written
from tests.cast import Cast
from tests.office.doors import Doors

UNSEEN = ("governance_is_for_the_region",)
WRONG = ("wrong_state",)
COST = {"starts": "2020-01-01", "ends": "2020-12-31", "persons": "4", "amount": "2 640 000", "note": ""}


def _advice(said: tuple[Any, Any], *beyond: str) -> Doors:
    return Doors(*said, beyond=beyond, unseen=UNSEEN)


def _draft(verb: str, page: str, body: dict[str, Any]) -> Doors:
    return Doors(*written(verb, page, body))


def _request_at_api(cast: Cast, report: Any) -> Any:
    return "reports/", {"year": 2020, "through_date": "2020-11-30", "title": "Återrapport"}


def _request_at_web(cast: Cast, report: Any) -> Any:
    return "/rapporter/ny/", {"through_date": "2020-11-30", "title": "Återrapport"}


DOORS: dict[str, Doors | str] = {
    "governance.guidelines.begin_guideline": Doors(*governance.BEGUN, beyond=("guideline_draft_exists",)),
    "governance.guidelines.rename_guideline": _draft("rename", "namn", {"title": "Annat"}),
    "governance.guidelines.write_paragraph": _draft("write-paragraph", "paragraf", governance.PARAGRAPH),
    "governance.guidelines.remove_paragraph": Doors(*governance.REMOVED),
    "governance.guidelines.discard_guideline": _draft("discard", "kasta", {}),
    "governance.guidelines.adopt_guideline": _draft("adopt", "anta", governance.ADOPTED),
    "governance.recommendations.answer_recommendation": _advice(advised("answer", "svara")),
    "governance.recommendations.plan_recommendation": _advice(planned(), *WRONG),
    "governance.recommendations.replace_recommendation": _advice(advised("replace", "ersatt"), *WRONG),
    "governance.recommendations.carry_out_recommendation": _advice(
        advised("carry-out", "genomford", evidence="x")
    ),
    "governance.recommendations.verify_recommendation": _advice(advised("verify", "verifiera", evidence="x")),
    "governance.recommendations.send_back_recommendation": _advice(advised("send-back", "racker-inte")),
    "governance.assignments.report_assignment": _advice(governance.REPORT),
    "governance.assignments.close_assignment": _advice(governance.CLOSE),
    "governance.plans.finish_activity": _advice(governance.FINISH),
    "governance.plans.finish_onboarding": _advice(governance.TAKE_IN),
    "reporting.baselines.freeze_baselines": Doors(initiatives.at_api("freeze"), initiatives.at_web("frys")),
    "reporting.baselines.revise_baselines": Doors(
        initiatives.at_api("revise", version=1, reason="Fel pris"),
        initiatives.at_web("frys-om", version=1, reason="Fel pris"),
        beyond=("baselines_not_frozen",),
    ),
    "reporting.baselines.confirm_baselines": Doors(
        initiatives.at_api("confirm", version=1), initiatives.at_web("bekrafta", version=1)
    ),
    "reporting.savings.request_savings_run": Doors(
        lambda cast, _thing: ("savings/compute/", {}), lambda cast, _thing: ("/besparingar/rakna/", {})
    ),
    "reporting.costs.register_cost": Doors(None, lambda cast, _thing: ("/besparingar/kostnader/", COST)),
    "reporting.reports.request_report": Doors(_request_at_api, _request_at_web),
    "reporting.reports.retry_report": Doors(reports.at_api("retry"), reports.at_web("igen"), beyond=WRONG),
    "reporting.report_files.renew_files": Doors(
        reports.at_api("renew-files"), reports.at_web("handlingar"), beyond=("report_files_are_up_to_date",)
    ),
    "reporting.report_texts.write_text": Doors(
        reports.writing_at_api("Ett.", 1), reports.writing_at_web("Ett.", 1)
    ),
    "reporting.report_stages.review_report": Doors(
        reports.shown_at_api("review"), reports.shown_at_web("granska")
    ),
    "reporting.report_stages.approve_report": Doors(
        reports.shown_at_api("approve"), reports.shown_at_web("godkann")
    ),
    "reporting.report_stages.send_back_report": Doors(
        reports.at_api("send-back", words="Mer."), reports.at_web("tillbaka", words="Mer.")
    ),
    "reporting.report_stages.lock_report": Doors(
        reports.at_api("lock", diary_number="RS 1154-2020"),
        reports.at_web("las", diary_number="RS 1154-2020"),
    ),
    "reporting.report_stages.hand_over_report": Doors(
        reports.at_api("hand-over", **reports.MEETING), reports.at_web("lamna-over", **reports.MEETING)
    ),
    "reporting.report_templates.set_template": "tests/reporting/test_report_templates.py: a file is handed in",
    "reporting.report_templates.use_own_template": Doors(
        lambda cast, _thing: ("report-templates/use-own/", {"kind": "case"}),
        lambda cast, _thing: ("/rapporter/mallar/case/egen/", {}),
    ),
}
"""Or the test that tries an operation, and why it is not tried here."""
