"""What somebody else decides of an agreement is told to whoever answers for it, and to nobody who decided it herself."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from agreements.models import Agreement, AgreementOption
from agreements.operations import agreements as operations
from agreements.states import AgreementStatus
from notices.models import Notice
from organizations.models import User
from tests.cast import NOW, TODAY, Cast

REASON = "Priserna står sig"


def option(cast: Cast) -> AgreementOption:
    """An option that may be used today."""
    Agreement.objects.filter(pk=cast.agreement.pk).update(long_term_reason="Inkörning i vården")
    return AgreementOption.objects.create(agreement=cast.agreement, number=1, months=12, decide_by_date=TODAY)


def activated(cast: Cast, by: User) -> None:
    """The agreement, which was a draft."""
    Agreement.objects.filter(pk=cast.agreement.pk).update(status=AgreementStatus.DRAFT)
    operations.activate(agreement=cast.agreement, by=by, at=NOW)


ACTS: dict[str, Callable[[Cast, User], object]] = {
    "är aktiverat": activated,
    "är förlängt": lambda cast, by: operations.use_option(option=option(cast), reason=REASON, by=by, at=NOW),
    "förlängs inte": lambda cast, by: operations.let_option_go(
        option=option(cast), reason=REASON, by=by, at=NOW
    ),
    "är uppsagt": lambda cast, by: operations.give_notice(
        agreement=cast.agreement, last_date=TODAY + timedelta(days=200), reason=REASON, by=by, at=NOW
    ),
    "är avslutat": lambda cast, by: operations.end(agreement=cast.agreement, reason=REASON, by=by, at=NOW),
}


@pytest.mark.parametrize("title", ACTS)
def test_whoever_answers_is_told_what_another_decided(cast: Cast, title: str) -> None:
    ACTS[title](cast, cast.head)
    sentence_by_person = {
        each.recipient: each.sentence for each in Notice.objects.filter(kind="agreement_decided")
    }
    assert set(sentence_by_person) == {cast.manager, cast.deputy}
    sentence = sentence_by_person[cast.manager]
    assert sentence.title == f"{cast.agreement.title} {title}"
    assert cast.head.full_name in sentence.text
    assert (f"”{REASON}”" in sentence.text) == (title != "är aktiverat")


def test_the_owner_is_told_and_the_one_who_decides_is_not(cast: Cast) -> None:
    Agreement.objects.filter(pk=cast.agreement.pk).update(owner=cast.office_deputy)
    operations.end(agreement=cast.agreement, reason=REASON, by=cast.manager, at=NOW)
    notices = Notice.objects.filter(kind="agreement_decided")
    assert {each.recipient for each in notices} == {cast.office_deputy, cast.deputy}
