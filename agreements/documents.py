"""Who sees the documents of an agreement: whoever sees the agreement."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from agreements.models import Agreement, AgreementDocument
from attachments.owners import Owner
from organizations.models import User


def _shown_to(user: User, at: datetime) -> QuerySet[AgreementDocument]:
    agreements = Agreement.objects.visible_to(user, timezone.localdate(at))
    return AgreementDocument.objects.filter(agreement__in=agreements.values("pk"))


OWNERS = (Owner(shown_to=_shown_to),)
