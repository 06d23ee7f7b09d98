"""Roles with dates and limits, delegations and absences."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.fields import AmountField

if TYPE_CHECKING:
    from organizations.models.users import User


class Role(models.TextChoices):
    """What a person may be, beside category manager and deputy, which are assignments."""

    REQUESTER = "requester", _("Beställare")
    BUDGET_HOLDER = "budget_holder", _("Budgetansvarig")
    CONTROLLER = "controller", _("Ekonom")
    HEAD_OF_PROCUREMENT = "head_of_procurement", _("Inköpschef")
    AUDITOR = "auditor", _("Revisor")
    ADMINISTRATOR = "administrator", _("Systemadministratör")
    CLINICAL_REVIEWER = "clinical_reviewer", _("Klinisk granskare")
    GOODS_RECEIVER = "goods_receiver", _("Godsmottagare")


SEES_REGION = [Role.CONTROLLER, Role.HEAD_OF_PROCUREMENT, Role.AUDITOR]
DEPARTMENT_ROLES = [Role.REQUESTER, Role.BUDGET_HOLDER, Role.GOODS_RECEIVER]
DELEGABLE = [Role.BUDGET_HOLDER, Role.HEAD_OF_PROCUREMENT]
"""Roles whose decisions can be delegated; the posts of a category can too."""


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Questions about memberships."""

    def on(self, day: date) -> Self:
        """Valid that day."""
        return self.filter(valid_during__contains=day)

    def departments_of(self, user: "User", day: date) -> models.QuerySet["Membership", Any]:
        """Ids of the departments where the person orders or answers for the budget that day."""
        return self.on(day).filter(user=user, department__isnull=False).values("department")

    def holders(self, roles: Collection[Role], day: date) -> set[int]:
        """Ids of the people with an open account who have any of the roles that day."""
        memberships = self.on(day).filter(role__in=roles, user__is_active=True)
        return set(memberships.values_list("user_id", flat=True))

    def opens_region_to(self, user: "User", day: date) -> models.Exists:
        """Whether the person's role opens the whole region to her (finance, head of procurement, auditor)."""
        return models.Exists(self.on(day).filter(user=user, role__in=SEES_REGION))


class Membership(models.Model):
    """
    A person's role: where, up to which amount, when, and by whose decision. An empty amount limit means no limit.

    The board (nämnd) appoints budget holders for each ansvar, and substitutes who attest when those do not.
    ``directory`` names the directory whose groups gave it; such a role ends when they no longer do.
    """

    user = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    department = models.ForeignKey(
        "organizations.Department",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
    )
    amount_limit = AmountField(null=True, blank=True)
    valid_during = DateRangeField()
    is_substitute = models.BooleanField(default=False, db_default=False)
    decision = models.CharField(max_length=100, blank=True, default="", db_default="")
    """The decision by which she was appointed, such as "RSK 2026/12 § 4"."""
    directory = models.CharField(max_length=40, blank=True, default="", db_default="")

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role"),
            models.CheckConstraint(
                condition=models.Q(role__in=DEPARTMENT_ROLES, department__isnull=False)
                | (~models.Q(role__in=DEPARTMENT_ROLES) & models.Q(department__isnull=True)),
                name="membership_department_when_needed",
            ),
            models.CheckConstraint(
                condition=models.Q(is_substitute=False) | models.Q(role=Role.BUDGET_HOLDER),
                name="membership_substitute_attests",
            ),
            ExclusionConstraint(
                name="membership_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (models.functions.Coalesce("department", 0), RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"


class DelegationScope(models.TextChoices):
    """What of the delegator's rights a delegation carries."""

    ALL = "all", _("Beslut och attester")
    DECISIONS = "decisions", _("Bara beslut")
    ATTESTS = "attests", _("Bara attester")


COVERING = {
    scope: (DelegationScope.ALL, scope) for scope in (DelegationScope.DECISIONS, DelegationScope.ATTESTS)
}
"""The scopes that carry each of the two rights."""

ROLES_OF_SCOPE = {
    DelegationScope.ALL: DELEGABLE,
    DelegationScope.DECISIONS: [Role.HEAD_OF_PROCUREMENT],
    DelegationScope.ATTESTS: [Role.BUDGET_HOLDER, Role.HEAD_OF_PROCUREMENT],
}
"""Whose rights each scope carries, category posts apart, which are of decisions."""


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Questions about delegations."""

    def visible_to(self, user: "User") -> Self:
        """Those that the person has given or received."""
        return self.filter(models.Q(delegator=user) | models.Q(delegate=user))

    def standing(self) -> Self:
        """Neither declined nor taken back."""
        return self.filter(revoked_at=None)

    def not_over(self, day: date) -> Self:
        """Of that day or later days."""
        return self.filter(models.Q(valid_during__endswith__gt=day) | models.Q(valid_during__upper_inf=True))

    def carrying(self, right: DelegationScope) -> Self:
        """That carry the right: to decide, to attest, or either."""
        return self.filter(scope__in=COVERING[right]) if right in COVERING else self

    def to_answer(self, user: "User", day: date) -> Self:
        """Those that the person is asked to accept."""
        return self.standing().not_over(day).filter(delegate=user, accepted_at=None)

    def accepted(self) -> Self:
        """Accepted by the delegate, and standing."""
        return self.standing().filter(accepted_at__isnull=False)

    def in_force(self, day: date) -> Self:
        """Accepted, of that day, between people whose accounts are open."""
        return self.accepted().filter(
            valid_during__contains=day, delegator__is_active=True, delegate__is_active=True
        )


class Delegation(models.Model):
    """
    A person lets another act in her place for a period, from when the other accepts it until it is taken back.

    It carries the delegator's own rights only, of its scope; each right to one person at a time. A trigger refuses whoever gives and receives one on the same days, so
    nothing is delegated onward and there are no cycles.
    """

    delegator = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="delegations_given"
    )
    delegate = models.ForeignKey(
        "organizations.User", on_delete=models.PROTECT, related_name="delegations_received"
    )
    scope = models.CharField(max_length=9, choices=DelegationScope, default=DelegationScope.ALL)
    valid_during = DateRangeField()
    reason = models.CharField(max_length=200)
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(delegator=models.F("delegate")), name="delegation_to_another"
            ),
            models.CheckConstraint(
                condition=models.Q(scope__in=DelegationScope.values), name="delegation_scope"
            ),
            *(
                ExclusionConstraint(
                    name=f"delegation_of_{right}_no_overlap",
                    expressions=[
                        ("delegator", RangeOperators.EQUAL),
                        ("valid_during", RangeOperators.OVERLAPS),
                    ],
                    condition=models.Q(revoked_at=None, scope__in=scopes),
                )
                for right, scopes in COVERING.items()
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegator} → {self.delegate}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Questions about absences."""

    def visible_to(self, user: "User") -> Self:
        """A person's own."""
        return self.filter(user=user)

    def on(self, day: date) -> Self:
        """Of that day."""
        return self.filter(during__contains=day)

    def not_over(self, day: date) -> Self:
        """Under way or to come, the earliest first."""
        is_left = models.Q(during__endswith__gt=day) | models.Q(during__upper_inf=True)
        return self.filter(is_left).order_by("during", "pk")


class Absence(models.Model):
    """Days on which a person does not decide; the deputy does (frånvaro)."""

    user = models.ForeignKey("organizations.User", on_delete=models.PROTECT, related_name="absences")
    during = DateRangeField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="absence_no_overlap",
                expressions=[("user", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.during}"
