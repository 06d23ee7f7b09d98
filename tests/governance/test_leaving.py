"""What a person answers for to the board and the auditors goes on when she leaves."""

from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from audit.models import Entry
from governance.models import BoardAssignment, ImplementationPlan, PlannedActivity, Recommendation
from governance.notices import TAKEN_OVER
from notices.models import Notice
from organizations.models import Membership, Role
from procurement.operations.leaving import leave, leaving_of
from procurement.operations.succession import settle_people
from tests.cast import NOW, TODAY, Cast
from tests.governance import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(cast: Cast) -> tuple[BoardAssignment, Recommendation, PlannedActivity]:
    """An assignment, a measure and an activity that are Karin's, and what is done of each."""
    worlds.assignment(cast, paragraph="§ 230", status="reported", reported_date=TODAY, reported_by=cast.manager,
                      report_diary_number="RS 2020/1")  # fmt: skip
    days = (date(2021, 1, 1), date(2021, 6, 30))
    plan = ImplementationPlan.objects.create(code="I", title="Införandet", during=DateRange(*days))
    facts = {"plan": plan, "start_date": days[0], "end_date": days[1], "responsible": cast.manager}
    PlannedActivity.objects.create(number=1, text="Klart", done_date=TODAY, **facts)
    activity = PlannedActivity.objects.create(number=2, text="Kvar", **facts)
    return worlds.assignment(cast), worlds.planned(cast), activity


def responsible(cast: Cast) -> tuple[set[int], set[int], set[int]]:
    """Who answers for what is not done."""
    return (
        set(BoardAssignment.objects.open().values_list("responsible", flat=True)),
        set(Recommendation.objects.values_list("responsible", flat=True)),
        set(PlannedActivity.objects.filter(done_date=None).values_list("responsible", flat=True)),
    )


@pytest.mark.usefixtures("held")
def test_the_successor_answers_for_what_is_not_done(cast: Cast) -> None:
    assert leaving_of(cast.manager, day=TODAY).governance == 3
    leave(user=cast.manager, successor=cast.controller, by=cast.head, at=NOW)
    assert responsible(cast) == ({cast.controller.pk},) * 3
    notice = Notice.objects.get(recipient=cast.controller, kind="governance_taken_over")
    assert (notice.address, notice.facts) == ("/styrning/", {"count": 3, "person": cast.manager.full_name})
    assert TAKEN_OVER.sentence(notice.facts).title.startswith("Du ansvarar för 3 uppdrag och åtgärder efter")
    assert BoardAssignment.objects.get(status="reported").responsible == cast.manager, "history stays"
    assert PlannedActivity.objects.exclude(done_date=None).get().responsible == cast.manager
    assert Entry.objects.filter(event="governance.responsible_changed").count() == 3


@pytest.mark.usefixtures("held")
def test_the_head_answers_where_nobody_is_named(cast: Cast) -> None:
    cast.manager.is_active = False
    cast.manager.save()
    settle_people(cast.head, NOW)
    assert responsible(cast) == ({cast.head.pk},) * 3


@pytest.mark.usefixtures("held")
def test_the_name_stays_where_there_is_no_head(cast: Cast) -> None:
    Membership.objects.filter(role=Role.HEAD_OF_PROCUREMENT).delete()
    cast.manager.is_active = False
    cast.manager.save()
    settle_people(None, NOW)
    assert responsible(cast) == ({cast.manager.pk},) * 3
