"""Merge an administration into another, which gets its departments; what has been keeps the old one."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, AgreementAdministration
from audit import trail
from core.bulk import insert_rows
from core.errors import InvalidInput, WrongState
from core.transactions import operation
from core.verdicts import require
from organizations.events import Event
from organizations.models import Administration, Department, User
from organizations.permissions import can_arrange_organisation
from procurement.models import RequisitionLine
from procurement.operations.categories import not_over
from procurement.operations.rerouting import move_waiting


class AdministrationMergedIntoItself(InvalidInput):
    """An administration is merged into another one."""

    code = "administration_merged_into_itself"
    sentence = _("Välj en annan förvaltning att gå upp i.")


class OneAdministrationIsClosed(WrongState):
    """Only open administrations are merged."""

    code = "administration_to_merge_is_closed"
    sentence = _("%(administration)s är redan stängd.")


@dataclass(frozen=True, slots=True)
class MergingAdministrations:
    """What goes to another administration, in numbers."""

    departments: int
    waiting: int
    agreements: int
    """Those that this one may call off, and the other may not."""


def merging_of_administration(
    administration: Administration, into: Administration, *, day: date
) -> MergingAdministrations:
    """Say what would go to another administration, to be shown before it is done."""
    departments = Department.objects.open(day).filter(administration=administration)
    lines = RequisitionLine.objects.undecided()
    return MergingAdministrations(
        departments=departments.count(),
        waiting=lines.filter(requisition__department__in=departments).count(),
        agreements=_agreements_to_open(administration, into, day).count(),
    )


def _agreements_to_open(
    administration: Administration, into: Administration, day: date
) -> QuerySet[Agreement]:
    """Agreements with days left that the one may call off, among those named, and the other may not."""
    agreements = Agreement.objects.filter(administrations__administration=administration)
    own_agreements = AgreementAdministration.objects.filter(administration=into)
    return not_over(agreements, day).exclude(pk__in=own_agreements.values("agreement"))


@operation
def merge_administrations(
    *, administration: Administration, into: Administration, by: User | None, at: datetime
) -> Administration:
    """
    Let another administration have the departments of one, from today on, and close it.

    The agreements that the one may call off are open to the other too, so that the departments that come can go on. Departments
    that are closed stay where they were. What was received before keeps the administration of its day.

    :param by: None for the clock, which does what was planned by somebody who might.
    :raises NotPermitted: she is not the administrator.
    :raises InvalidInput: it is the same administration.
    :raises OneAdministrationIsClosed: one of them is closed.
    """
    day = timezone.localdate(at)
    ids = [administration.pk, into.pk]
    locked = Administration.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").in_bulk()
    if by is not None:
        require(can_arrange_organisation(by, at=at))
    if administration.pk == into.pk:
        raise AdministrationMergedIntoItself
    administration, into = locked[administration.pk], locked[into.pk]
    for each in (administration, into):
        if not each.is_open_on(day):
            raise OneAdministrationIsClosed(administration=each.name)
    departments = Department.objects.open(day).filter(administration=administration).order_by("pk")
    moved_departments = list(departments.select_for_update(no_key=True))
    Department.objects.filter(pk__in=[each.pk for each in moved_departments]).update(administration=into)
    agreements = list(_agreements_to_open(administration, into, day).order_by("pk"))
    insert_rows([AgreementAdministration(agreement=each, administration=into) for each in agreements])
    administration.closed_date, administration.merged_into = day, into
    administration.save(update_fields=["closed_date", "merged_into"])
    trail.record_many(
        Event.DEPARTMENT_MOVED,
        subjects=moved_departments,
        by=by,
        at=at,
        before=administration.name,
        to=into.name,
    )
    trail.record(
        Event.ADMINISTRATION_MERGED,
        subject=administration,
        by=by,
        at=at,
        to=into.name,
        departments=len(moved_departments),
        agreements=len(agreements),
    )
    move_waiting(by=by, at=at)
    return administration
