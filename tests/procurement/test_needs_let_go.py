"""A need that waited for a competition and is let go: its requester is told, and her order's page says where it stands."""

import pytest

from catalog.models import RenewedCompetition
from core.formatting import NBSP, short_day
from notices.models import Notice
from office.rules import breaches
from procurement.models import RequisitionLine
from procurement.operations import competed, conversations, decisions
from tests.cast import NOW, TODAY, Cast
from tests.catalog.test_competitions import need
from tests.competing import started
from tests.pages import signed_in, text_of
from tests.procurement.test_competing import award, cancel
from tests.procurement.test_tied_needs import LATER, fresh, tied, untie

WAITS_NO_LONGER = f"Den väntar sedan {short_day(TODAY)} inte längre på att leverantörer tävlar.".replace(
    NBSP, " "
)

pytestmark = pytest.mark.django_db


def told(cast: Cast) -> list[str]:
    """What the requester has been told of competitions, the first first."""
    notices = Notice.objects.filter(recipient=cast.requester, kind="competed_order").order_by("pk")
    return [each.sentence.text for each in notices]


def page_of(cast: Cast, line: RequisitionLine) -> str:
    return text_of(signed_in(cast.requester).get(f"/bestallningar/{line.requisition.number}/"))


@pytest.mark.usefixtures("at_nine")
def test_whoever_asked_is_told_of_one_that_waits_no_longer(cast: Cast) -> None:
    line = untie(cast, tied(cast))
    _tied, let_go = told(cast)
    assert let_go.startswith(
        f"Karin Sundblad låter inte {line.description} vänta på konkurrensutsättningen om Handskar till hösten."
    )
    assert "Beslutet kommer senast" in let_go
    page = page_of(cast, line)
    assert WAITS_NO_LONGER in page
    assert "svarar senast" in page


def test_whoever_asked_is_told_of_one_that_is_moved(cast: Cast) -> None:
    line = decisions.reassign_category(line=tied(cast), category=cast.office, by=cast.manager, at=LATER)
    _tied, let_go = told(cast)
    assert "låter inte" in let_go
    assert line.response_due_date is not None
    (notice,) = Notice.objects.filter(facts__how="let_go")
    assert notice.facts["day"] == line.response_due_date.isoformat()


@pytest.mark.usefixtures("at_nine")
def test_whoever_asked_is_told_once_of_a_competition_that_nobody_won(cast: Cast) -> None:
    line = tied(cast)
    cancel(cast, RenewedCompetition.objects.get())
    assert "får strax en ny svarsdag" in page_of(cast, line)
    competed.follow_competitions(at=NOW)
    _tied, cancelled = told(cast)
    assert "avbröts" in cancelled
    assert WAITS_NO_LONGER in page_of(cast, line)
    assert "Låt raden inte vänta" not in text_of(signed_in(cast.manager).get(f"/rader/{line.pk}/"))


def test_one_that_is_let_go_in_the_moment_after_a_cancellation_is_told_of_once(cast: Cast) -> None:
    line = tied(cast)
    cancel(cast, RenewedCompetition.objects.get())
    untie(cast, fresh(line))
    assert len(told(cast)) == 2
    assert competed.follow_competitions(at=LATER) == 0


@pytest.mark.usefixtures("at_nine")
def test_her_page_says_who_won(cast: Cast) -> None:
    line = tied(cast)
    award(cast, RenewedCompetition.objects.get())
    competed.follow_competitions(at=NOW)
    assert f"Leverantörerna har tävlat, och {cast.supplier.name} vann." in page_of(cast, line)
    untie(cast, fresh(line))
    assert len(told(cast)) == 2, "she knows how it went"


def test_the_rules_find_a_need_that_is_tied_to_what_nobody_won(cast: Cast) -> None:
    line = tied(cast)
    cancel(cast, RenewedCompetition.objects.get())
    assert breaches(NOW) == [], "the clock lets it go within half a minute"
    RequisitionLine.objects.filter(pk=line.pk).update(awaits_competition=None, response_due_date=NOW.date())
    assert [each.rule.number for each in breaches(NOW)] == ["2g"]
    assert competed.follow_competitions(at=NOW) == 1
    assert breaches(NOW) == []


@pytest.mark.usefixtures("at_nine")
def test_who_is_asked_about_a_need_writes_to_whoever_decides_it(cast: Cast) -> None:
    line, competition = need(cast), started(cast)
    owner = cast.stranger
    type(cast.agreement).objects.filter(pk=cast.agreement.pk).update(owner=owner)
    place = f"/avtal/{cast.agreement.pk}/konkurrens/{competition.pk}/"
    client = signed_in(owner)
    assert line.description not in text_of(client.get(place))
    conversations.write(line=line, text="Hör den till er?", asked=[owner], by=cast.manager, at=NOW)
    page = client.get(place)
    assert "Skriv till Karin Sundblad" in text_of(page)
    assert f"/rader/{line.pk}/samtal/" in page.content.decode()
    assert "Låt vänta" not in text_of(page)
    assert client.get(f"/rader/{line.pk}/samtal/").status_code == 200
    assert "Skriv till" not in text_of(signed_in(cast.controller).get(place)), (
        "she has no part in the conversation"
    )
