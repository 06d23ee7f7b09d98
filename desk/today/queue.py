"""The queue by age and by risk: how many lines each of its filters shows, as links to them."""

from datetime import date

from core.clock import start_of
from core.components import Link
from desk.addresses import QueueAddress
from desk.queue import Filter, filter_counts
from desk.waiting import row_from_line, waiting_lines
from organizations.models import User


def queue_parts(user: User, day: date) -> list[Link]:
    """The filters that show something, with their numbers; one statement."""
    counts = filter_counts(row_from_line(each, day) for each in waiting_lines(user, day, start_of(day)))
    return [
        Link(str(each.label), QueueAddress(each).url, count=counts[each]) for each in Filter if counts[each]
    ]
