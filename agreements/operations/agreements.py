"""What is decided of an agreement: it is activated, its options are used or let go, notice is given, and it ends."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from agreements.completeness import holes_of, in_words
from agreements.events import Event
from agreements.models import Agreement, AgreementOption, FormerPeriod
from agreements.operations.decided_news import tell_of_decision
from agreements.permissions import can_manage_agreement
from agreements.states import AgreementStatus, OptionDecision
from audit import trail
from core.errors import InvalidInput, Names, WrongState
from core.periods import add_months, first_day
from core.transactions import operation
from core.verdicts import require
from core.wakeups import wake
from organizations.models import User

LONGEST_REASON = 300
TELL = "agreements.tell_of_deadlines"
"""Tells of days that have moved, and puts away what was told of those that are acted upon."""


class AgreementLacks(WrongState):
    """Nothing activates without ceiling, last day or notice, owner, and what its category demands."""

    code = "agreement_lacks"
    sentence = _("Avtalet kan inte aktiveras. Det saknar %(missing)s.")


class AgreementIsOver(WrongState):
    """The agreement has ended, or notice of it has been given."""

    code = "agreement_is_over"
    sentence = _("Avtalet är inte längre gällande.")


class ReasonForAgreementMissing(InvalidInput):
    """What is decided of an agreement has a reason."""

    code = "agreement_reason_missing"
    sentence = _("Ange varför.")


class OptionIsDecided(WrongState):
    """What has been decided of an option stays."""

    code = "option_is_decided"
    sentence = _("Optionen är redan beslutad.")


class OptionHasPassed(WrongState):
    """The day to decide the option has gone by."""

    code = "option_has_passed"
    sentence = _("Optionen skulle ha beslutats senast %(day)s. Den går inte att utnyttja.")


class OptionComesLater(WrongState):
    """Options are decided in their order."""

    code = "option_comes_later"
    sentence = _("Besluta om option %(number)s först.")


class OptionHasLapsed(WrongState):
    """An option before it was not used, so there is nothing to prolong."""

    code = "option_has_lapsed"
    sentence = _("Option %(number)s utnyttjades inte, så den här har fallit.")


class NoticeTooShort(InvalidInput):
    """An agreement goes on for its period of notice."""

    code = "notice_too_short"
    sentence = _("Uppsägningstiden i månader är %(months)s, så avtalet kan sluta tidigast %(day)s.")


class NoticeBeforeItBegins(InvalidInput):
    """An agreement that has not begun is ended at once; notice gives it a last day among its own."""

    code = "notice_before_it_begins"
    sentence = _("Avtalet börjar gälla %(day)s och kan inte sluta före det.")


class NoticeHasPassed(WrongState):
    """The last day to give notice has gone by."""

    code = "notice_has_passed"
    sentence = _("Sista dagen att säga upp avtalet var %(day)s.")


class NoticePastTheEnd(InvalidInput):
    """Notice does not prolong an agreement."""

    code = "notice_past_the_end"
    sentence = _("Avtalet slutar redan %(day)s.")


class ProcurementHasStarted(WrongState):
    """It is noted already."""

    code = "procurement_has_started"
    sentence = _("Nästa upphandling är redan startad.")


@operation
def activate(*, agreement: Agreement, by: User, at: datetime) -> Agreement:
    """
    Let an agreement come into force on its days.

    :raises NotPermitted: she does not answer for it.
    :raises AgreementLacks: something that an active agreement must have is missing.
    :raises WrongState: it is active, or over.
    """
    agreement = _locked(agreement)
    require(can_manage_agreement(by, agreement, at=at))
    agreement.enter(AgreementStatus.ACTIVE)
    row: Any = Agreement.objects.with_missing().get(pk=agreement.pk)
    missing = holes_of(row.missing)
    if missing:
        raise AgreementLacks(missing=_names(missing))
    agreement.save(update_fields=["status"])
    trail.record(Event.AGREEMENT_ACTIVATED, subject=agreement, by=by, at=at)
    tell_of_decision(agreement, "activated", by=by, at=at)
    return agreement


@operation
def use_option(*, option: AgreementOption, reason: str, by: User, at: datetime) -> Agreement:
    """
    Prolong an agreement by an option, at once.

    :raises NotPermitted: she does not answer for the agreement.
    :raises WrongState: the agreement is over; the option is decided, its day has passed, or another comes first.
    :raises InvalidInput: no reason is given.
    """
    agreement, option = _locked_option(option, by=by, at=at)
    reason = _reason(reason)
    day = timezone.localdate(at)
    if option.decide_by_date < day:
        raise OptionHasPassed(day=option.decide_by_date)
    _keep_period(agreement, at)
    _decide([option], OptionDecision.USED, reason=reason, by=by, at=at)
    before = agreement.end_date
    first, after = agreement.valid_during.lower, agreement.valid_during.upper
    assert after is not None  # noqa: S101, what has no end has no option to decide
    agreement.valid_during = DateRange(first, add_months(after, option.months))
    if agreement.notice_by_date is not None:
        agreement.notice_by_date = add_months(agreement.notice_by_date, option.months)
    agreement.procurement_started_date = None
    agreement.save(update_fields=["valid_during", "notice_by_date", "procurement_started_date"])
    trail.record(
        Event.OPTION_USED,
        subject=agreement,
        by=by,
        at=at,
        option=option.number,
        reason=reason,
        before=str(before),
        through=str(agreement.end_date),
    )
    tell_of_decision(agreement, "option_used", by=by, at=at, reason=reason)
    wake(TELL)
    return agreement


@operation
def let_option_go(*, option: AgreementOption, reason: str, by: User, at: datetime) -> Agreement:
    """
    Decide not to use an option; those after it go with it.

    :raises NotPermitted: she does not answer for the agreement.
    :raises WrongState: the agreement is over; the option is decided, or another comes first.
    :raises InvalidInput: no reason is given.
    """
    agreement, option = _locked_option(option, by=by, at=at)
    reason = _reason(reason)
    _keep_period(agreement, at)
    options = agreement.options.open().filter(number__gte=option.number).in_order()
    _decide(list(options), OptionDecision.NOT_USED, reason=reason, by=by, at=at)
    trail.record(Event.OPTION_NOT_USED, subject=agreement, by=by, at=at, option=option.number, reason=reason)
    tell_of_decision(agreement, "option_not_used", by=by, at=at, reason=reason)
    wake(TELL)
    return agreement


@operation
def give_notice(*, agreement: Agreement, last_date: date, reason: str, by: User, at: datetime) -> Agreement:
    """
    Terminate an agreement; it goes on, and is ordered from, until its new last day.

    :raises NotPermitted: she does not answer for it.
    :raises NoticeHasPassed: the last day to give notice has gone by.
    :raises NoticeTooShort: the period of notice is longer than that.
    :raises WrongState: it is not in force.
    :raises InvalidInput: it would end later than it does or before it begins, or no reason is given.
    """
    agreement = _locked(agreement)
    require(can_manage_agreement(by, agreement, at=at))
    day, end = timezone.localdate(at), agreement.end_date
    _check_in_force(agreement, day)
    reason = _reason(reason)
    agreement.enter(AgreementStatus.TERMINATED)
    if agreement.notice_by_date is not None and agreement.notice_by_date < day:
        raise NoticeHasPassed(day=agreement.notice_by_date)
    earliest = add_months(day, agreement.notice_months)
    if end is not None and last_date > end:
        raise NoticePastTheEnd(day=end)
    if last_date < first_day(agreement.valid_during):
        raise NoticeBeforeItBegins(day=first_day(agreement.valid_during))
    if last_date < earliest:
        raise NoticeTooShort(months=agreement.notice_months, day=earliest)
    _close(agreement, last_date=last_date, reason=reason, by=by, at=at)
    trail.record(
        Event.AGREEMENT_TERMINATED,
        subject=agreement,
        by=by,
        at=at,
        reason=reason,
        through=last_date.isoformat(),
    )
    tell_of_decision(agreement, "terminated", by=by, at=at, reason=reason)
    wake(TELL)
    return agreement


@operation
def end(*, agreement: Agreement, reason: str, by: User, at: datetime) -> Agreement:
    """
    End an agreement at once; nothing more is ordered under it.

    What is approved under it and not ordered goes back to whoever answers for it when it is to be ordered.

    :raises NotPermitted: she does not answer for it.
    :raises WrongState: it is not in force.
    :raises InvalidInput: no reason is given.
    """
    agreement = _locked(agreement)
    require(can_manage_agreement(by, agreement, at=at))
    day = timezone.localdate(at)
    reason = _reason(reason)
    agreement.enter(AgreementStatus.ENDED)
    last = max(day, first_day(agreement.valid_during))
    if agreement.end_date is not None:
        last = min(last, agreement.end_date)
    _close(agreement, last_date=last, reason=reason, by=by, at=at)
    trail.record(Event.AGREEMENT_ENDED, subject=agreement, by=by, at=at, reason=reason)
    tell_of_decision(agreement, "ended", by=by, at=at, reason=reason)
    wake(TELL)
    return agreement


@operation
def start_procurement(*, agreement: Agreement, by: User, at: datetime) -> Agreement:
    """
    Note that the next procurement has started, so that nobody is reminded of it.

    :raises NotPermitted: she does not answer for the agreement.
    :raises ProcurementHasStarted: it is noted already.
    """
    agreement = _locked(agreement)
    require(can_manage_agreement(by, agreement, at=at))
    if agreement.procurement_started_date is not None:
        raise ProcurementHasStarted
    agreement.procurement_started_date = timezone.localdate(at)
    agreement.save(update_fields=["procurement_started_date"])
    trail.record(Event.PROCUREMENT_STARTED, subject=agreement, by=by, at=at)
    wake(TELL)
    return agreement


def _locked(agreement: Agreement) -> Agreement:
    return Agreement.objects.locked().select_related("category", "supplier", "owner").get(pk=agreement.pk)


def _locked_option(option: AgreementOption, *, by: User, at: datetime) -> tuple[Agreement, AgreementOption]:
    """Lock the agreement, and see to it that the option is the one to decide next."""
    agreement = _locked(option.agreement)
    require(can_manage_agreement(by, agreement, at=at))
    day = timezone.localdate(at)
    options = {each.pk: each for each in agreement.options.in_order()}
    option = options[option.pk]
    if not option.is_open:
        raise OptionIsDecided
    _check_in_force(agreement, day)
    if agreement.status != AgreementStatus.ACTIVE or agreement.end_date is None:
        raise AgreementIsOver
    for earlier in options.values():
        if earlier.number >= option.number:
            break
        if earlier.decision == OptionDecision.NOT_USED or earlier.has_passed(day):
            raise OptionHasLapsed(number=earlier.number)
        if earlier.is_open:
            raise OptionComesLater(number=earlier.number)
    return agreement, option


def _check_in_force(agreement: Agreement, day: date) -> None:
    """
    See to it that the agreement is signed and has not ended.

    :raises AgreementIsOver: it has ended, or was never activated.
    """
    end = agreement.end_date
    if not agreement.is_active or (end is not None and end < day):
        raise AgreementIsOver


def _decide(
    options: Sequence[AgreementOption],
    decision: OptionDecision,
    *,
    reason: str,
    by: User,
    at: datetime,
) -> None:
    AgreementOption.objects.filter(pk__in=[each.pk for each in options]).update(
        decision=decision, decided_by=by, decided_at=at, reason=reason
    )


def _keep_period(agreement: Agreement, at: datetime) -> None:
    """Keep the days that it has until now, for whoever asks how it stood."""
    FormerPeriod.objects.create(
        agreement=agreement,
        valid_during=agreement.valid_during,
        option_months=agreement.option_months,
        until_at=at,
    )


def _close(agreement: Agreement, *, last_date: date, reason: str, by: User, at: datetime) -> None:
    _keep_period(agreement, at)
    agreement.valid_during = DateRange(agreement.valid_during.lower, last_date + timedelta(days=1))
    agreement.until_further_notice = False
    agreement.closed_at, agreement.closed_by, agreement.closing_reason = at, by, reason
    agreement.save(
        update_fields=[
            "status",
            "valid_during",
            "until_further_notice",
            "closed_at",
            "closed_by",
            "closing_reason",
        ]
    )


def _reason(text: str) -> str:
    if not text.strip():
        raise ReasonForAgreementMissing
    return text.strip()[:LONGEST_REASON]


def _names(missing: Sequence[str]) -> Names:
    """What is missing, in both languages."""
    texts = []
    for language in ("sv", "en"):
        with translation.override(language):
            texts.append(", ".join(in_words(missing)))
    return Names(*texts)
