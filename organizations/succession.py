"""Who, and what, goes on in the place of somebody who has left and of what has been merged."""

from datetime import date

from organizations.models import Administration, Department, Departure, User
from organizations.states import PlanStatus


def department_going_on(department: Department, day: date) -> Department:
    """The department itself while it is open; else the one that it was merged into, however many times."""
    while not department.is_open_on(day) and department.merged_into is not None:
        department = department.merged_into
    return department


def administration_going_on(administration: Administration, day: date) -> Administration:
    """The administration itself while it is open; else the one that it was merged into, however many times."""
    while not administration.is_open_on(day) and administration.merged_into is not None:
        administration = administration.merged_into
    return administration


def person_going_on(person: User) -> User | None:
    """The person herself while her account is open; else whoever took over from her; None when nobody is left."""
    passed = {person.pk}
    while not person.is_active:
        departures = Departure.objects.filter(person=person, status=PlanStatus.DONE).select_related(
            "successor"
        )
        departure = departures.order_by("-done_at", "-pk").first()
        if departure is None or departure.successor_id in passed:
            return None
        person = departure.successor
        passed.add(person.pk)
    return person
