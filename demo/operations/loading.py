"""Load the demo region into an empty demo database, all or nothing."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.bulk import tell_the_planner
from core.errors import InvalidInput, WrongState
from demo.models import Loading
from demo.operations.present import live_present
from demo.operations.purchases import write_purchases
from demo.operations.region import hand_in_registers
from demo.operations.results import freeze_and_confirm
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
    write_purchases(registers, today=today)
    freeze_and_confirm(registers)
    live_present(registers, today=today)
    tell_the_planner()
    return loading
