"""What organizations does when somebody has asked for a link."""

from celery import shared_task
from django.utils import timezone

from core.delivery import deliver
from core.errors import stored
from core.wakeups import WakeUpTask
from organizations.models import PasswordLink
from organizations.operations.passwords import SEND, claim_link, mark_link
from organizations.signing_in.links import link_message


@shared_task(base=WakeUpTask, name=SEND)
def send_password_links() -> None:
    """Send each link that waits: claim, send, mark; a server that is away is asked again later."""
    for link in PasswordLink.objects.due(timezone.now()):
        claimed = claim_link(link=link, at=timezone.now())
        if claimed is None:
            continue
        failure = deliver(link_message(*claimed))
        reason = stored(failure.reason) if failure else ""
        mark_link(link=claimed[0], failure=reason, at=timezone.now())
        if failure and failure.server_is_away:
            break
