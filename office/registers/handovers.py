"""Which events of the trail tell that work goes to somebody else when a file is applied."""

from django.utils.translation import ngettext

from procurement.events import Event
from registers.handovers import HANDOVERS


def _lines(count: int) -> str:
    text = ngettext(
        "%d rad som väntar får en annan ansvarig.", "%d rader som väntar får en annan ansvarig.", count
    )
    return text % count


def _attests(count: int) -> str:
    text = ngettext("%d attest går till någon annan.", "%d attester går till någon annan.", count)
    return text % count


HANDOVERS |= {Event.LINE_MOVED: _lines, Event.ATTEST_MOVED: _attests}
