"""Change the Word templates that reports are made on; every version is kept, and a locked report stays on its own."""

import io
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from audit import trail
from core.errors import DomainError
from core.models import StoredFile
from core.transactions import operation
from core.verdicts import require
from organizations.models import User
from reporting import permissions
from reporting.events import Event
from reporting.models import ReportTemplate, TemplateKind
from reporting.report.template_check import CheckedTemplate


class OwnTemplateInUse(DomainError):
    """There is nothing to go back from."""

    code = "own_report_template_in_use"
    sentence = _("Programmets egen mall används redan.")


@operation
def set_template(*, template: CheckedTemplate, by: User, at: datetime) -> ReportTemplate:
    """
    Make reports on a template from now on; the same file again changes nothing.

    Files that are made keep what they were made on; those of a draft can be made anew.

    :raises NotPermitted: she is not head of procurement.
    """
    latest = _latest(template.kind)
    require(permissions.can_change_templates(by, at=at))
    if latest is not None and latest.file_id is not None and latest.content == template.content:
        return latest
    new_template = ReportTemplate.objects.create(
        kind=template.kind,
        version=latest.version + 1 if latest else 1,
        name=template.name,
        file=StoredFile.objects.keep(io.BytesIO(template.content)),
        by=by,
        at=at,
    )
    trail.record(
        Event.REPORT_TEMPLATE_CHANGED,
        subject=new_template,
        by=by,
        at=at,
        kind=str(template.kind.label),
        file=template.name,
        version=new_template.version,
    )
    return new_template


@operation
def use_own_template(*, kind: TemplateKind, by: User, at: datetime) -> ReportTemplate:
    """
    Make reports on the program's own template again.

    :raises NotPermitted: she is not head of procurement.
    :raises OwnTemplateInUse: they are.
    """
    latest = _latest(kind)
    require(permissions.can_change_templates(by, at=at))
    if latest is None or latest.file_id is None:
        raise OwnTemplateInUse
    new_template = ReportTemplate.objects.create(kind=kind, version=latest.version + 1, by=by, at=at)
    trail.record(
        Event.REPORT_TEMPLATE_REMOVED,
        subject=new_template,
        by=by,
        at=at,
        kind=str(kind.label),
        version=new_template.version,
    )
    return new_template


def _latest(kind: TemplateKind) -> ReportTemplate | None:
    """The last version of a kind; whoever changes one at the same moment waits, so that versions have neither gaps nor doubles."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('report template'))")
    return ReportTemplate.objects.filter(kind=kind).latest_first().first()
