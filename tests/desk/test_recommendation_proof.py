"""The figure that is to prove a recommendation met stands beside it, as the board was last told of it."""

import pytest

from governance.models import Indicator as Proving
from reporting.models import IndicatorTarget
from reporting.operations.report_stages import lock_report
from reporting.report.annex_indicators import SHOWN
from reporting.report.proof import FIGURES, proof_of
from tests.cast import ALWAYS, NOW, Cast
from tests.governance import worlds
from tests.pages import signed_in, text_of
from tests.reporting import follow_ups


def test_the_auditor_sees_what_the_last_locked_report_says_of_it(cast: Cast) -> None:
    IndicatorTarget.objects.create(indicator="loyalty", direction="at_least", value=80, valid_during=ALWAYS)
    recommendation = worlds.carried_out(cast)
    recommendation.indicator = Proving.AGREEMENT_LOYALTY
    recommendation.save()
    address = f"/styrning/rekommendationer/{recommendation.pk}/"
    auditor = signed_in(cast.auditor)
    report = follow_ups.approved(cast)
    assert "Avtalstrohet, procent" not in text_of(auditor.get(address)), "what is not locked proves nothing"
    report = lock_report(report=report, diary_number="RS 2020/1154", by=cast.head, at=NOW)
    page = text_of(auditor.get(address))
    assert report.snapshot is not None
    (indicator,) = (each for each in report.snapshot["indicators"] if each["key"] == "loyalty")
    percent = (
        indicator["now"]["value"].replace(".", ",").removesuffix(",0")
        if indicator["now"]["value"]
        else "uppgift saknas"
    )
    assert f"Avtalstrohet, procent: <strong>{percent}</strong>" in page
    assert "målet är minst 80" in page
    assert f'href="/rapporter/{report.pk}/"' in page
    assert "Återrapporten till och med 2020-12-31" in page


def test_whoever_may_not_read_reports_is_not_told_of_one(cast: Cast) -> None:
    follow_ups.locked(cast)
    assert proof_of(Proving.REALISED, cast.requester) is None
    assert proof_of("", cast.auditor) is None


@pytest.mark.parametrize("proving", Proving)
def test_everything_that_proves_something_is_in_the_report(cast: Cast, proving: Proving) -> None:
    report = follow_ups.locked(cast)
    proof = proof_of(proving, cast.auditor)
    assert proof is not None
    assert proof.report == report
    assert len(proof.figures) == len(FIGURES[proving]) > 0
    assert set(FIGURES[proving]) <= set(SHOWN)
