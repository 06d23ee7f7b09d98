"""A line that one may see but not decide: the pages for a question or a refusal say so at once, and so does the act."""

import pytest
from django.urls import reverse

from procurement.models import RequisitionLine
from procurement.operations import decisions
from procurement.states import LineStatus
from tests import worlds
from tests.cast import NOW, Cast
from tests.pages import signed_in

pytestmark = pytest.mark.usefixtures("at_nine")

PAGES = ("desk:queue_ask", "desk:queue_reject")
FILLED_IN = {"question": "Varför?", "reason_code": "not_needed", "comment": "Nej."}


@pytest.mark.parametrize("page", PAGES)
def test_own_line_is_refused_before_the_form(cast: Cast, page: str) -> None:
    line = worlds.line(cast)
    url = f"{reverse(page)}?rader={line.pk}"
    client = signed_in(cast.requester)
    assert client.get(url).status_code == 403
    assert client.post(url, FILLED_IN).status_code == 403
    assert RequisitionLine.objects.get().status == LineStatus.AWAITING


@pytest.mark.parametrize("page", PAGES)
def test_unseen_line_is_not_there(cast: Cast, page: str) -> None:
    line = worlds.line(cast)
    client = signed_in(cast.stranger)
    assert client.get(f"{reverse(page)}?rader={line.pk}").status_code == 404
    assert client.get(f"{reverse(page)}?rader=99999999999999999999").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_decided_line_is_said_to_be_decided(cast: Cast, page: str) -> None:
    line = worlds.line(cast)
    decisions.approve(lines=[line], by=cast.manager, at=NOW)
    answer = signed_in(cast.manager).get(f"{reverse(page)}?rader={line.pk}")
    assert answer.status_code == 409
    assert "Raden är redan beslutad." in answer.content.decode()


def test_approving_what_is_not_hers_is_forbidden(cast: Cast) -> None:
    line = worlds.line(cast)
    answer = signed_in(cast.requester).post(reverse("desk:queue_act"), {"approve": line.pk})
    assert answer.status_code == 403
    assert RequisitionLine.objects.get().status == LineStatus.AWAITING
