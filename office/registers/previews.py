"""What a change of a row moves, in sentences, said before it is made."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from assortment.answering import waiting_for
from categories.models import Category
from organizations.models import Administration, Department, User
from organizations.states import PlanStatus
from procurement.models import RequisitionLine
from procurement.operations.administrations import merging_of_administration
from procurement.operations.departments import Merging, merging_of
from procurement.operations.leaving import Leaving, leaving_of
from procurement.states import DELIVERABLE, UNDECIDED, LineStatus
from registers.register import Proposal


def of_person(proposal: Proposal) -> Sequence[str]:
    """What a person holds whose account is to be closed; what she has no longer when it is opened again."""
    person = User.objects.filter(pk=proposal.row_id or 0).first()
    becomes = {"true": True, "false": False}.get(proposal.after.get("is_active", ""))
    if person is None or becomes in (None, person.is_active):
        return []
    if becomes:
        return [gettext("Kontot öppnas utan de roller och det lösenord som det hade.")]
    return _closing_sentences(
        leaving_of(person, day=day_of(proposal)), len(waiting_for(person, day_of(proposal)))
    )


def of_people_in_file(ids: Sequence[int], at: datetime, *, is_taken_back: bool) -> Sequence[str]:
    """What people hold whose accounts a file closes; what they lack when it is taken back."""
    if is_taken_back:
        text = ngettext(
            "%d konto öppnas utan de roller och det lösenord som det hade.",
            "%d konton öppnas utan de roller och lösenord som de hade.",
            len(ids),
        )
        return [text % len(ids)]
    people = list(User.objects.filter(pk__in=ids, is_active=True))
    return _closing_sentences(leaving_of(*people, day=timezone.localdate(at))) if people else []


def _closing_sentences(impact: Leaving, proposals: int = 0) -> Sequence[str]:
    return _leaving_sentences(
        impact,
        proposals,
        posts=ngettext(
            "%d kategori går till ersättaren, eller till den som ansvarar ovanför.",
            "%d kategorier går till ersättaren, eller till den som ansvarar ovanför.",
            impact.posts,
        ),
        baskets=ngettext(
            "%d korg går till någon annan som beställer för enheten.",
            "%d korgar går till någon annan som beställer för enheten.",
            impact.baskets,
        ),
    )


def of_department(proposal: Proposal) -> Sequence[str]:
    """What a department holds that is to be closed, or has waiting when it changes administration."""
    department = Department.objects.filter(pk=proposal.row_id or 0).first()
    if department is None:
        return []
    impact = merging_of(department, day=day_of(proposal))
    if proposal.before.get("closed_date") != proposal.after.get("closed_date"):
        return _closing_of_departments(impact)
    if proposal.before.get("administration") != proposal.after.get("administration"):
        return sentences_for(
            (
                impact.waiting,
                ngettext(
                    "%d rad som väntar kan få en annan attestant.",
                    "%d rader som väntar kan få en annan attestant.",
                    impact.waiting,
                ),
            ),
        )
    return []


def of_departments_in_file(ids: Sequence[int], at: datetime, *, is_taken_back: bool) -> Sequence[str]:
    """What departments hold that a file closes; nothing is lost when it is taken back."""
    departments = [] if is_taken_back else list(Department.objects.filter(pk__in=ids, closed_date=None))
    return _closing_of_departments(merging_of(*departments, day=timezone.localdate(at)))


def _closing_of_departments(impact: Merging) -> Sequence[str]:
    return sentences_for(
        (
            impact.people,
            ngettext(
                "%d person kan inte beställa för enheten längre.",
                "%d personer kan inte beställa för enheten längre.",
                impact.people,
            ),
        ),
        (
            impact.baskets,
            ngettext("%d korg kan inte skickas.", "%d korgar kan inte skickas.", impact.baskets),
        ),
        (
            impact.waiting,
            ngettext(
                "%d rad som väntar på beslut går vidare.",
                "%d rader som väntar på beslut går vidare.",
                impact.waiting,
            ),
        ),
        (
            impact.on_the_way,
            ngettext(
                "%d rad på väg tas emot som vanligt.",
                "%d rader på väg tas emot som vanligt.",
                impact.on_the_way,
            ),
        ),
        _frames(impact),
    )


def _frames(merging: Merging) -> tuple[int, str]:
    text = ngettext(
        "%d budgetram har pengar kvar, som en ekonom flyttar.",
        "%d budgetramar har pengar kvar, som en ekonom flyttar.",
        merging.frames,
    )
    return merging.frames, text


def of_department_plan(proposal: Proposal) -> Sequence[str]:
    """What a planned change of a department would move, as things are today."""
    department = Department.objects.filter(cost_center=proposal.after.get("cost_center", "")).first()
    if department is None or not is_to_come(proposal):
        return []
    impact = merging_of(department, day=day_of(proposal))
    attests = (
        impact.waiting,
        ngettext(
            "%d rad som väntar kan få en annan attestant.",
            "%d rader som väntar kan få en annan attestant.",
            impact.waiting,
        ),
    )
    if not proposal.after.get("into"):
        return sentences_for(attests) if proposal.after.get("administration") else []
    return sentences_for(
        (
            impact.people,
            ngettext(
                "%d person får beställa eller attestera i båda enheterna.",
                "%d personer får beställa eller attestera i båda enheterna.",
                impact.people,
            ),
        ),
        (impact.baskets, ngettext("%d korg flyttas.", "%d korgar flyttas.", impact.baskets)),
        (
            impact.places,
            ngettext("%d leveransplats följer med.", "%d leveransplatser följer med.", impact.places),
        ),
        attests,
        (
            impact.on_the_way,
            ngettext(
                "%d rad på väg tas emot av båda enheternas personal.",
                "%d rader på väg tas emot av båda enheternas personal.",
                impact.on_the_way,
            ),
        ),
        _frames(impact),
    )


def of_administration_plan(proposal: Proposal) -> Sequence[str]:
    """What goes to another administration, as things are today."""
    by_code = {each.code: each for each in Administration.objects.all()}
    administration, into = (by_code.get(proposal.after.get(name, "")) for name in ("code", "into"))
    if administration is None or into is None or not is_to_come(proposal):
        return []
    impact = merging_of_administration(administration, into, day=day_of(proposal))
    return sentences_for(
        (impact.departments, ngettext("%d enhet flyttas.", "%d enheter flyttas.", impact.departments)),
        (
            impact.waiting,
            ngettext(
                "%d rad som väntar kan få en annan attestant.",
                "%d rader som väntar kan få en annan attestant.",
                impact.waiting,
            ),
        ),
        (
            impact.agreements,
            ngettext(
                "%d avtal öppnas för hela förvaltningen som går vidare.",
                "%d avtal öppnas för hela förvaltningen som går vidare.",
                impact.agreements,
            ),
        ),
    )


def of_departure(proposal: Proposal) -> Sequence[str]:
    """What goes to others when a person leaves, as things are today."""
    person = User.objects.filter(email=proposal.after.get("email", "")).first()
    if person is None or not is_to_come(proposal):
        return []
    impact = leaving_of(person, day=day_of(proposal))
    return _leaving_sentences(
        impact,
        len(waiting_for(person, day_of(proposal))),
        posts=ngettext(
            "%d kategori går till den som tar över.", "%d kategorier går till den som tar över.", impact.posts
        ),
        baskets=ngettext("%d korg flyttas.", "%d korgar flyttas.", impact.baskets),
    )


def _leaving_sentences(impact: Leaving, proposals: int, *, posts: str, baskets: str) -> Sequence[str]:
    last = [gettext("Ingen annan är systemadministratör.")] if impact.is_last_administrator else []
    sentences = sentences_for(
        (impact.posts, posts),
        (
            impact.agreements,
            ngettext("%d avtal byter ansvarig.", "%d avtal byter ansvarig.", impact.agreements),
        ),
        (
            impact.governance,
            ngettext(
                "%d uppdrag eller åtgärd byter ansvarig.",
                "%d uppdrag och åtgärder byter ansvarig.",
                impact.governance,
            ),
        ),
        (
            impact.waiting,
            ngettext(
                "%d rad flyttas till den som ansvarar då.",
                "%d rader flyttas till den som ansvarar då.",
                impact.waiting,
            ),
        ),
        (
            proposals,
            ngettext(
                "%d förslag besvaras av den som ansvarar då.",
                "%d förslag besvaras av den som ansvarar då.",
                proposals,
            ),
        ),
        (impact.attests, ngettext("%d attest flyttas.", "%d attester flyttas.", impact.attests)),
        (impact.baskets, baskets),
        (impact.roles, ngettext("%d roll upphör.", "%d roller upphör.", impact.roles)),
    )
    return [*last, *sentences]


def is_to_come(proposal: Proposal) -> bool:
    """Whether a plan is one that waits for its day."""
    return proposal.after.get("status") == PlanStatus.PLANNED


def of_place(proposal: Proposal) -> Sequence[str]:
    """What is to be delivered to a place that is to close."""
    if proposal.before.get("closed_date") == proposal.after.get("closed_date"):
        return []
    return _closing_of_places([proposal.row_id or 0])


def of_places_in_file(ids: Sequence[int], at: datetime, *, is_taken_back: bool) -> Sequence[str]:
    """What is to be delivered to places that a file closes; nothing is lost when it is taken back."""
    return [] if is_taken_back else _closing_of_places(ids)


def _closing_of_places(ids: Sequence[int]) -> Sequence[str]:
    lines = RequisitionLine.objects.filter(delivery_place__in=ids)
    waiting = lines.filter(status__in=[*UNDECIDED, LineStatus.APPROVED]).count()
    on_the_way = lines.filter(status__in=DELIVERABLE).count()
    return sentences_for(
        (
            waiting,
            ngettext(
                "%d rad som inte är beställd än behöver en annan leveransplats.",
                "%d rader som inte är beställda än behöver en annan leveransplats.",
                waiting,
            ),
        ),
        (
            on_the_way,
            ngettext(
                "%d rad är redan beställd dit. Hör av dig till leverantören.",
                "%d rader är redan beställda dit. Hör av dig till leverantören.",
                on_the_way,
            ),
        ),
    )


def of_code(proposal: Proposal) -> Sequence[str]:
    """What is booked on a code that is to be closed."""
    if proposal.before.get("closed_date") == proposal.after.get("closed_date"):
        return []
    return _closing_of_codes([proposal.row_id or 0], day_of(proposal))


def of_codes_in_file(ids: Sequence[int], at: datetime, *, is_taken_back: bool) -> Sequence[str]:
    """What is booked on codes that a file closes; nothing is lost when it is taken back."""
    return [] if is_taken_back else _closing_of_codes(ids, timezone.localdate(at))


def _closing_of_codes(ids: Sequence[int], day: date) -> Sequence[str]:
    booked = Q(account__in=ids) | Q(requisition__activity__in=ids) | Q(requisition__project__in=ids)
    lines = RequisitionLine.objects.undecided().filter(booked).count()
    categories = Category.objects.filter(account__in=ids).count()
    departments = Department.objects.open(day).filter(activity__in=ids).count()
    return sentences_for(
        (
            lines,
            ngettext(
                "%d rad som väntar behöver en annan kod.", "%d rader som väntar behöver en annan kod.", lines
            ),
        ),
        (
            categories,
            ngettext(
                "%d kategori behöver ett annat konto.", "%d kategorier behöver ett annat konto.", categories
            ),
        ),
        (
            departments,
            ngettext(
                "%d enhet behöver en annan verksamhet.",
                "%d enheter behöver en annan verksamhet.",
                departments,
            ),
        ),
    )


def day_of(proposal: Proposal) -> date:
    """The day on which it is proposed."""
    return timezone.localdate(proposal.at)


def sentences_for(*facts: tuple[int, str]) -> list[str]:
    """The sentences of what there is any of."""
    return [sentence % count for count, sentence in facts if count]
