"""Models of organizations."""

from organizations.models.accounting import AccountingCode, Dimension
from organizations.models.attempts import FailedAttempts
from organizations.models.budgets import BudgetFrame, FrameConsequence
from organizations.models.directories import GroupRule
from organizations.models.former import FormerDepartment, FormerPerson
from organizations.models.links import Invitation, LinkKind, PasswordLink
from organizations.models.places import Administration, Authority, DeliveryPlace, Department
from organizations.models.plans import AdministrationChange, DepartmentChange, Departure, PlannedChange
from organizations.models.provisioning import (
    DirectoryAct,
    DirectoryKey,
    DirectoryMessage,
    ProvisionedGroup,
    ProvisionedMember,
    ProvisionedPerson,
)
from organizations.models.roles import Absence, Delegation, DelegationScope, Membership, Role
from organizations.models.sessions import Session
from organizations.models.tokens import ApiToken, KeyScope
from organizations.models.users import User

__all__ = [
    "Absence",
    "AccountingCode",
    "Administration",
    "AdministrationChange",
    "ApiToken",
    "Authority",
    "BudgetFrame",
    "Delegation",
    "DelegationScope",
    "DeliveryPlace",
    "Department",
    "DepartmentChange",
    "Departure",
    "Dimension",
    "DirectoryAct",
    "DirectoryKey",
    "DirectoryMessage",
    "FailedAttempts",
    "FormerDepartment",
    "FormerPerson",
    "FrameConsequence",
    "GroupRule",
    "Invitation",
    "KeyScope",
    "LinkKind",
    "Membership",
    "PasswordLink",
    "PlannedChange",
    "ProvisionedGroup",
    "ProvisionedMember",
    "ProvisionedPerson",
    "Role",
    "Session",
    "User",
]
