"""What a change of a category, or of who answers for it, moves: in sentences, said before it is made."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import ngettext

from agreements.models import Agreement
from assortment.models import Proposal as AssortmentProposal
from categories.models import Category
from office.operations.mergers import moving_of_category
from office.registers.previews import day_of, is_to_come, sentences_for
from procurement.models import RequisitionLine
from registers.register import Proposal
from reporting.models import SavingInitiative


def of_post(proposal: Proposal) -> Sequence[str]:
    """What goes to whoever is to answer for a category."""
    before, after = proposal.before.get("manager", ""), proposal.after.get("manager", "")
    category = Category.objects.filter(
        code=proposal.after.get("category") or proposal.before.get("category")
    ).first()
    if category is None or before == after:
        return []
    return _category_sentences(category, day_of(proposal), responsible=before)


def of_category(proposal: Proposal) -> Sequence[str]:
    """What goes along when a category is put under another."""
    category = Category.objects.filter(pk=proposal.row_id or 0).first()
    if category is None or proposal.before.get("parent") == proposal.after.get("parent"):
        return []
    return _category_sentences(category, day_of(proposal))


def of_category_plan(proposal: Proposal) -> Sequence[str]:
    """What a planned change of a category would move, as things are today."""
    category = Category.objects.filter(code=proposal.after.get("category", "")).first()
    if category is None or not is_to_come(proposal):
        return []
    if not proposal.after.get("into"):
        return _category_sentences(category, day_of(proposal)) if proposal.after.get("parent") else []
    impact = moving_of_category(category, day=day_of(proposal))
    return sentences_for(
        (impact.items, ngettext("%d artikel följer med.", "%d artiklar följer med.", impact.items)),
        (impact.agreements, ngettext("%d avtal följer med.", "%d avtal följer med.", impact.agreements)),
        (
            impact.lines,
            ngettext(
                "%d rad som inte är klar följer med.", "%d rader som inte är klara följer med.", impact.lines
            ),
        ),
        (impact.proposals, ngettext("%d förslag följer med.", "%d förslag följer med.", impact.proposals)),
        (
            impact.searches,
            ngettext(
                "%d sökning eller standardiseringskandidat följer med.",
                "%d sökningar och standardiseringskandidater följer med.",
                impact.searches,
            ),
        ),
        (
            impact.initiatives,
            ngettext(
                "%d besparingsinitiativ följer med.", "%d besparingsinitiativ följer med.", impact.initiatives
            ),
        ),
        (
            impact.children,
            ngettext(
                "%d kategori läggs under den andra.", "%d kategorier läggs under den andra.", impact.children
            ),
        ),
        (
            impact.members,
            ngettext(
                "%d plats i sortimentsrådet följer med.",
                "%d platser i sortimentsrådet följer med.",
                impact.members,
            ),
        ),
        (impact.posts, ngettext("%d ansvar upphör.", "%d ansvar upphör.", impact.posts)),
        (impact.policies, ngettext("%d policy upphör.", "%d policyer upphör.", impact.policies)),
    )


def _category_sentences(category: Category, day: date, *, responsible: str = "") -> Sequence[str]:
    under = Category.objects.under(category).values("pk")
    waiting = RequisitionLine.objects.undecided().filter(category__in=under)
    if responsible:
        waiting = waiting.filter(responsible__email=responsible)
    lines = waiting.count()
    agreements = Agreement.objects.valid_on(day).filter(category__in=under).count()
    initiatives = SavingInitiative.objects.filter(category__in=under, effective_date__gte=day).count()
    proposals = AssortmentProposal.objects.with_manager().filter(category__in=under).count()
    return sentences_for(
        (
            lines,
            ngettext(
                "%d rad som väntar flyttas till den som ansvarar då.",
                "%d rader som väntar flyttas till den som ansvarar då.",
                lines,
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
        (agreements, ngettext("%d avtal byter ansvarig.", "%d avtal byter ansvarig.", agreements)),
        (
            initiatives,
            ngettext(
                "%d besparingsinitiativ byter ansvarig.",
                "%d besparingsinitiativ byter ansvarig.",
                initiatives,
            ),
        ),
    )
