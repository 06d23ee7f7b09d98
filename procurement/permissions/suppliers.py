"""Who examines suppliers that are proposed with a need."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotPermitted, WrongState
from core.verdicts import PERMITTED, Verdict, refused
from organizations.models import User
from organizations.permissions import roles_on
from procurement.models import SupplierProposal
from procurement.permissions.lines import acts_as


class SuppliersAreExaminedByTheHead(NotPermitted):
    """Whoever enters suppliers in the register examines those that are proposed: the head of procurement."""

    code = "suppliers_are_examined_by_the_head"
    sentence = _("Bara inköpschefen prövar leverantörer som har föreslagits.")


class OwnSupplierProposal(NotPermitted):
    """Nobody examines the supplier that she has proposed, nor that of somebody whose delegate she is (DESIGN, rule 1)."""

    code = "own_supplier_proposal"
    sentence = _(
        "Du eller någon som du har delegation från har föreslagit leverantören, så någon annan prövar den."
    )


class SupplierIsExamined(WrongState):
    """An examination is made once, and stays."""

    code = "supplier_is_examined"
    sentence = _("Leverantören är redan prövad.")


class NothingToExamine(WrongState):
    """A supplier that is in the register as examined is ordered from already."""

    code = "nothing_to_examine"
    sentence = _("Leverantören finns redan i registret, och behöver inte prövas.")


def can_examine(by: User, proposal: SupplierProposal, *, at: datetime) -> Verdict:
    """Whether the person may examine the proposed supplier now; it comes with its examination, if there is one."""
    if not by.is_active or not roles_on(by, timezone.localdate(at)).is_head:
        return refused(SuppliersAreExaminedByTheHead())
    if acts_as(by, proposal.proposed_by_id, at=at):
        return refused(OwnSupplierProposal())
    if proposal.outcome is not None:
        return refused(SupplierIsExamined())
    return refused(NothingToExamine()) if proposal.supplier_id else PERMITTED
