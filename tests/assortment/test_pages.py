"""The pages of proposals, and what other pages say of them."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from assortment.models import MissedSearch, Proposal
from assortment.operations import answers
from assortment.operations.mornings import proposals_in_the_morning
from assortment.response import responses
from categories.models import CategoryPolicy
from notices.models import Notice
from organizations.models import Absence, User
from procurement.operations.morning_notices import tell_morning
from tests.assortment import worlds
from tests.attachments.files import picture
from tests.cast import NOW, TODAY, Cast, person
from tests.pages import signed_in, text_of

pytestmark = pytest.mark.usefixtures("at_nine")

WISH = {"kind": "item", "title": "Mjukare handske", "number": "", "reason": "Eksem"}


def test_anybody_proposes_with_a_picture_and_follows_it(cast: Cast) -> None:
    new = signed_in(person("ny.anstalld", "Ny", "Anställd"))
    file = SimpleUploadedFile("handske.jpg", picture(), "image/jpeg")
    answer = new.post("/forslag/nytt/", {**WISH, "documents": [file]}, follow=True)
    proposal = Proposal.objects.get()
    page = text_of(answer)
    assert "Tack! Du får svar senast tis 1 juni." in page
    assert "svarar senast" in page
    attached = proposal.files.get().attachment
    address = reverse("attachments:attachment", args=[attached.key])
    assert address in page
    assert new.get(address).status_code == 200
    assert signed_in(cast.head).get(address).status_code == 200
    assert signed_in(cast.stranger).get(address).status_code == 404
    assert signed_in(cast.stranger).get(f"/forslag/{proposal.pk}/").status_code == 404
    assert "Mjukare handske" in text_of(new.get("/forslag/"))


def test_a_form_that_is_not_right_says_so(cast: Cast) -> None:
    client = signed_in(cast.requester)
    answer = client.post("/forslag/nytt/", {**WISH, "kind": "removal", "title": "", "number": "999"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Artikel 999 finns inte." in page
    assert "Skriv vilken artikel det gäller" in page
    page = text_of(client.post("/forslag/nytt/", {**WISH, "kind": "removal"}))
    assert "Ange vilken artikel det gäller." in page
    assert not Proposal.objects.exists()


def test_the_item_keeps_what_was_decided_about_it(cast: Cast, council: list[User]) -> None:
    worlds.decided(cast, council)
    page = text_of(signed_in(cast.stranger).get(f"/katalog/{cast.gloves.number}/"))
    assert "Vad har beslutats om den?" in page
    assert "Rådet är enigt." in page
    assert "Sortimentsrådet för Sjukvårdsmaterial röstade: 2 för, 0 emot, 0 avstod." in page
    assert "Beslutat 2021-05-18 av Karin Sundblad." in page
    other = text_of(signed_in(cast.stranger).get(f"/katalog/{cast.chair.number}/"))
    assert "Vad har beslutats om den?" not in other


def test_who_proposed_sees_how_the_votes_fell_and_not_who_voted(cast: Cast, council: list[User]) -> None:
    proposal = worlds.decided(cast, council)
    response = signed_in(cast.requester).get(f"/sortiment/forslag/{proposal.pk}/", follow=True)
    assert "2 för" in text_of(response)
    assert "Nora Hallin" not in text_of(response)
    assert "Nora Hallin" in text_of(signed_in(cast.manager).get(f"/sortiment/forslag/{proposal.pk}/"))


def test_today_has_what_waits_and_what_nobody_finds(cast: Cast) -> None:
    worlds.proposed(cast, at=NOW - timedelta(days=14))
    MissedSearch.objects.create(text="x", people=2, first_at=NOW, last_at=NOW, category=cast.medical)
    MissedSearch.objects.create(text="y", people=1, first_at=NOW, last_at=NOW, category=cast.medical)
    page = text_of(signed_in(cast.manager).get("/i-dag/"))
    assert "förslag väntar på ditt svar" in page
    assert "Nästa svarsdag är i morgon." in page
    assert page.count("sökord ger ingen träff") == 1
    assert "förslag väntar på ditt svar" not in text_of(signed_in(cast.deputy).get("/i-dag/"))


def told(user: User) -> list[tuple[str, int]]:
    notices = Notice.objects.filter(recipient=user, kind__startswith="proposals").order_by("pk")
    return [(notice.kind, notice.facts["count"]) for notice in notices]


def morning(day: date) -> datetime:
    return datetime.combine(day, time(7, 30), NOW.tzinfo)


def test_the_morning_tells_who_answers_and_once_that_the_day_has_passed(cast: Cast) -> None:
    CategoryPolicy.objects.update(proposal_response_days=1)
    worlds.proposed(cast)
    wednesday, thursday, friday = (TODAY + timedelta(days=days) for days in (1, 2, 3))
    for day in (TODAY, wednesday):
        assert tell_morning(at=morning(day), others=[proposals_in_the_morning])
    assert told(cast.manager) == [("proposals_waiting", 1)] * 2
    assert told(cast.deputy) == told(cast.head) == []
    tell_morning(at=morning(thursday), others=[proposals_in_the_morning])
    assert told(cast.manager)[2:] == [("proposals_waiting", 1), ("proposals_overdue", 1)]
    assert told(cast.deputy) == told(cast.head) == [("proposals_overdue", 1)]
    tell_morning(at=morning(friday), others=[proposals_in_the_morning])
    assert told(cast.manager)[4:] == [("proposals_waiting", 1)]
    assert told(cast.head) == [("proposals_overdue", 1)]


def test_the_morning_tells_the_deputy_of_one_who_is_away(cast: Cast) -> None:
    worlds.proposed(cast)
    Absence.objects.create(user=cast.manager, during=DateRange(TODAY, TODAY + timedelta(days=9)))
    tell_morning(at=morning(TODAY + timedelta(days=1)), others=[proposals_in_the_morning])
    assert (told(cast.manager), told(cast.deputy)) == ([], [("proposals_waiting", 1)])


def unread() -> list[tuple[str, str]]:
    rows = Notice.objects.unread().filter(kind__startswith="proposals").select_related("recipient")
    return sorted((each.recipient.first_name, each.kind.removeprefix("proposals_")) for each in rows)


def test_what_has_its_answer_is_told_no_more(cast: Cast) -> None:
    """Both who was told that it waits and who was told that it was late, whoever answers and by whatever door."""
    CategoryPolicy.objects.update(proposal_response_days=1)
    first, second = worlds.proposed(cast), worlds.proposed(cast)
    for days in (1, 2):
        tell_morning(at=morning(TODAY + timedelta(days=days)), others=[proposals_in_the_morning])
    waiting = [("Karin", "overdue"), ("Karin", "waiting"), ("Karin", "waiting")]
    late = {(cast.deputy.first_name, "overdue"), (cast.head.first_name, "overdue")}
    assert unread() == sorted([*waiting, *late])
    at = NOW + timedelta(days=2)
    answers.decide(proposal=first, is_yes=False, reason="Nej", by=cast.manager, at=at)
    assert unread() == sorted([*waiting, *late]), "one of them waits still"
    answers.decide(proposal=second, is_yes=False, reason="Nej", by=cast.manager, at=at)
    assert unread() == []


def test_the_response_time_is_measured_by_category(cast: Cast) -> None:
    CategoryPolicy.objects.update(proposal_response_days=3)
    for days in (1, 3, 7):
        proposal = worlds.proposed(cast)
        answers.decide(
            proposal=proposal, is_yes=False, reason="Nej", by=cast.manager, at=NOW + timedelta(days=days)
        )
    (gloves,) = responses(cast.manager, TODAY + timedelta(days=10))
    assert (gloves.category, gloves.count, gloves.median_days) == (cast.gloves_category, 3, Decimal(3))
    assert gloves.within == Decimal(2) / 3, "answered after 1, 3 and 5 working days; 3 were promised"
    assert responses(cast.manager, TODAY + timedelta(days=400)) == []
    assert "67 %" in text_of(signed_in(cast.manager).get("/sortiment/forslag/"))


def withdrawn(cast: Cast) -> None:
    cast.medical.assignments.update(manager=cast.office_deputy)


def away(cast: Cast) -> None:
    Absence.objects.create(user=cast.manager, during=DateRange(TODAY, None))


@pytest.mark.parametrize("happens", [withdrawn, away])
def test_who_no_longer_answers_is_refused_and_the_page_has_no_form(
    cast: Cast, happens: Callable[[Cast], None]
) -> None:
    proposal = worlds.proposed(cast)
    page = text_of(signed_in(cast.manager).get(f"/sortiment/forslag/{proposal.pk}/"))
    assert "Vad svarar du?" in page
    happens(cast)
    page = text_of(signed_in(cast.manager).get("/sortiment/forslag/"))
    assert "Vad väntar på ditt svar?" not in page


def test_what_moves_is_said_before_somebody_leaves(cast: Cast) -> None:
    worlds.proposed(cast)
    page = text_of(signed_in(cast.head).get(f"/personer/{cast.manager.pk}/avsluta/"))
    assert "Förslag som besvaras av den som ansvarar då" in page


def test_the_trail_tells_what_happened_in_words(cast: Cast, council: list[User]) -> None:
    worlds.decided(cast, council)
    page = text_of(signed_in(cast.auditor).get("/sparlogg/"))
    for sentence in (
        "Ett förslag lämnades",
        "Förslaget lämnades till sortimentsrådet",
        "En röst lades om förslaget",
        "Förslaget fick ja",
    ):
        assert sentence in page
