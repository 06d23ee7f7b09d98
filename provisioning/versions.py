"""Which version of a person or a group a directory knows (ETag, RFC 7644 3.14)."""

import hashlib
import json
from datetime import UTC, datetime

from organizations.models import ProvisionedGroup, ProvisionedPerson


def version_of(row: ProvisionedPerson | ProvisionedGroup) -> str:
    """
    The version of what is shown (ETag): another one as soon as anything of it that a directory may change is another.

    It is weak, since the groups of a person are shown with her and are not of her version.
    """
    if isinstance(row, ProvisionedGroup):
        facts = [row.pk, row.name, row.external_id, moment(row.changed_at).isoformat()]
    else:
        user = row.user
        facts = [row.pk, row.user_name, row.external_id, row.display_name, row.emails]
        facts += [row.employee_number, row.department, row.is_active]
        facts += [user.first_name, user.last_name, user.title, user.email, user.is_active]
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    return f'W/"{digest[:20]}"'


def moment(at: datetime) -> datetime:
    """A moment as the database gives it back."""
    return at.astimezone(UTC)
