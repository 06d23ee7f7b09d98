"""Forget what is old."""

from datetime import datetime, timedelta

from django.db.models import Q

from core.transactions import operation
from notices.models import Letter, Notice
from notices.states import LetterStatus

READ_FOR = timedelta(days=90)
"""How long a notice that has been read is kept."""
KEPT_FOR = timedelta(days=365)
"""How long any notice or letter is kept."""


@operation
def forget_old(*, at: datetime) -> int:
    """Remove notices read three months ago, and those a year old; and the letters that are as old. Returns how many."""
    old = Notice.objects.filter(Q(read_at__lt=at - READ_FOR) | Q(made_at__lt=at - KEPT_FOR))
    count, _by_model = old.delete()
    letters = Letter.objects.exclude(status=LetterStatus.READY)
    letters.filter(made_at__lt=at - READ_FOR, notices=None).delete()
    return count
