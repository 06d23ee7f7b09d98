"""What every page of spend begins with: who may look, and at which source and period."""

from collections.abc import Sequence
from datetime import date

from django.http import Http404
from django.utils import timezone

from core.components import Link
from core.views import let_in
from organizations.models import User
from organizations.requests import PersonRequest
from reporting.selection import UnknownSelection, reach
from spend import permissions
from spend.selection import Selection, Source, selection_of, sources


def require_spend_visible(user: User) -> None:
    """
    Let those in who see what was bought beside the system.

    :raises PermissionDenied: with the reason.
    """
    let_in(permissions.can_see_spend(user, timezone.now()))


def chosen_of(request: PersonRequest) -> tuple[Selection | None, list[Source]]:
    """
    Read which source and period the address is about, with the sources that there are.

    :raises Http404: it names what does not exist.
    """
    all_sources = sources()
    try:
        return selection_of(
            request.GET, all_sources, reach=reach(request.user, timezone.localdate())
        ), all_sources
    except UnknownSelection as error:
        raise Http404(str(error)) from None


def source_links(all_sources: Sequence[Source], now: Selection) -> list[Link]:
    """The choice of source, where there are several: their rows may be of the same purchases, so they are never added."""
    return [
        Link(
            each.name,
            Selection(each.name, now.starts, now.ends).address(),
            is_current=each.name == now.source,
        )
        for each in all_sources
    ]


def year_links(all_sources: Sequence[Source], now: Selection) -> list[Link]:
    """The years in which the source has rows, the last five at most."""
    source = next(each for each in all_sources if each.name == now.source)
    years = range(max(source.first.year, source.last.year - 4), source.last.year + 1)
    return [
        Link(
            str(year),
            Selection(now.source, date(year, 1, 1), date(year, 12, 31)).address(),
            is_current=(now.starts.year, now.ends.year) == (year, year) and now.starts == date(year, 1, 1),
        )
        for year in years
    ]


def let_into_ledger(user: User) -> None:
    """
    Let those in who see the ledger's rows.

    :raises PermissionDenied: with the reason.
    """
    let_in(permissions.can_see_ledger(user, timezone.now()))
