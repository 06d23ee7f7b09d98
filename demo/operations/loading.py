"""Load the demo region into an empty demo database, all or nothing."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from core.bulk import analyze_tables
from core.clock import start_of
from core.errors import InvalidInput, WrongState
from demo.models import Loading
from demo.operations.competitions import live_competitions
from demo.operations.governance import live_governance
from demo.operations.ledger import hand_in_ledger
from demo.operations.lists import live_lists
from demo.operations.present import live_present
from demo.operations.proposals import live_proposals
from demo.operations.purchases import hand_in_purchases
from demo.operations.region import hand_in_registers
from demo.operations.results import freeze_and_confirm
from notices.models import Notice
from organizations.models import Authority, User

FIRST_TODAY = date(2025, 1, 1)
"""The history's agreements run until autumn 2024; the present needs prices of its own."""


class NotADemo(WrongState):
    """The settings do not say that this is a demo."""

    code = "not_a_demo"
    sentence = _("Det här är inte en demo. Demoregionen läses bara in när miljön säger DEMO=1.")


class NotEmpty(WrongState):
    """There is something in the database that is not the demo region."""

    code = "not_empty"
    sentence = _(
        "Databasen är inte tom. Demoregionen läses bara in i en tom databas, så att inget riktigt blandas med påhittat."
    )


class AlreadyLoaded(WrongState):
    """The demo region is there."""

    code = "already_loaded"
    sentence = _("Demoregionen är redan inläst, räknad från %(today)s.")


class TooEarly(InvalidInput):
    """The present would overlap the history."""

    code = "too_early"
    sentence = _("Demoregionens nutid kan tidigast räknas från %(first)s.")


@transaction.atomic
def load_demo(*, today: date, at: datetime) -> Loading:
    """
    Load the demo region, with a present that is counted from ``today``.

    :raises NotADemo: settings.DEMO is not true.
    :raises AlreadyLoaded: it is there.
    :raises NotEmpty: something else is there.
    :raises TooEarly: the present would overlap the history.
    """
    if not settings.DEMO:
        raise NotADemo
    if today < FIRST_TODAY:
        raise TooEarly(first=FIRST_TODAY.isoformat())
    loading, is_first = Loading.objects.get_or_create(
        singleton=True, defaults={"today": today, "loaded_at": at}
    )
    if not is_first:
        raise AlreadyLoaded(today=loading.today.isoformat())
    if User.objects.exists() or Authority.objects.exists():
        raise NotEmpty
    registers = hand_in_registers(today=today, at=at)
    hand_in_purchases(registers, today=today, at=at)
    freeze_and_confirm(registers)
    live_governance(today=today)
    live_competitions(registers, today=today)
    live_present(registers, today=today, at=at)
    live_proposals(registers, today=today)
    live_lists(registers, today=today)
    hand_in_ledger(registers, today=today, at=at)
    _let_notices_rest(at=start_of(today))
    analyze_tables()
    return loading


def _let_notices_rest(*, at: datetime) -> None:
    """Of what people were told in the region's past, what is older than a day is read, and nothing of it is mailed."""
    Notice.objects.filter(made_at__lt=at - timedelta(days=1)).update(read_at=F("made_at"))
    Notice.objects.update(due_at=None)
