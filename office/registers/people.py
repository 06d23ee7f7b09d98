"""People, and what each may do where."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import Model, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from categories.permissions import can_arrange_absence_of
from core.addresses import place
from core.components import Link
from core.errors import InvalidInput
from factors.holdings import has_factor
from factors.permissions import can_remove_factors_of
from office.permissions import can_see_registers, is_administrator
from office.plans import notes_of
from office.registers import previews
from organizations.events import Event
from organizations.models import GroupRule, Membership, User
from organizations.permissions import can_arrange_accounts, can_invite
from procurement.operations.group_rules import settle_group_rules
from procurement.operations.succession import settle_people, settle_roles
from registers.columns import Column
from registers.kinds import First, Last, Reference
from registers.register import Group, Register, Rule


def _others(by: User, day: date) -> Q:
    """Nobody closes her own account."""
    return ~Q(pk=by.pk)


def _actions(by: User, person: Model, at: datetime) -> list[Link]:
    """What is done to a person beside changing her row: she is invited, away, leaves, or lost her second factor."""
    assert isinstance(person, User)  # noqa: S101, for the types
    if not person.is_active:
        return []
    links = []
    if (
        settings.PASSWORDS
        and can_invite(by, at=at)
        and User.objects.without_way_in().filter(pk=person.pk).exists()
    ):
        links.append(Link(gettext("Bjud in"), f"{reverse('organizations:invitations')}?person={person.pk}"))
    if can_arrange_accounts(by, person, at=at):
        links.append(Link(gettext("Avsluta"), reverse("office:leaving", args=[person.pk])))
    if person.pk != by.pk and can_arrange_absence_of(by, person, at=at):
        links.append(Link(gettext("Anmäl frånvaro"), place("absence_of", person.pk)))
    if can_remove_factors_of(by, person, at=at) and has_factor(person):
        links.append(Link(gettext("Ta bort andra steg"), reverse("office:remove_factors", args=[person.pk])))
    return links


def _all(by: User, at: datetime) -> list[Link]:
    """Those who cannot sign in yet are invited on a page of their own, and those who lack a second factor shown on another."""
    links = []
    if settings.PASSWORDS and can_invite(by, at=at):
        links.append(
            Link(gettext("Bjud in dem som inte kan logga in än"), reverse("organizations:invitations"))
        )
    if settings.SECOND_FACTOR_ROLES and is_administrator(by, at):
        links.append(Link(gettext("De som saknar andra steg"), reverse("office:lacking_factors")))
    return links


def _to_come(person: Model, day: date) -> Sequence[Link]:
    assert isinstance(person, User)  # noqa: S101, for the types
    return notes_of("departures", person.departures.select_related("successor"))


def _roles_of_others(by: User, day: date) -> Q:
    """Nobody gives herself a role, or takes one."""
    return ~Q(user=by)


class AccountIsClosed(InvalidInput):
    """Roles of a closed account end with it, so that it is given none."""

    code = "role_of_closed_account"
    sentence = _("Kontot är stängt. Öppna det innan personen får en roll.")


def _is_over_or_hers(day: date) -> Q:
    """A role that goes on is of somebody with an open account."""
    return Q(user__is_active=True) | Q(valid_during__endswith__lte=day)


ADDRESS = ("E-post", "UPN", "Användarnamn")
"""What a person's e-mail address is called in files of other systems."""

PEOPLE = Register(
    name="people",
    group=Group.PEOPLE,
    title=_("Personer"),
    one=_("person"),
    model=User,
    columns=[
        Column("email", _("E-postadress"), is_key=True, others=ADDRESS),
        Column("first_name", _("Förnamn"), is_required=True),
        Column("last_name", _("Efternamn"), is_required=True),
        Column("title", _("Titel"), others=("Befattning",)),
        Column("is_active", _("Öppet konto")),
    ],
    may_see=can_see_registers,
    may_change=is_administrator,
    reach=_others,
    ends="is_active",
    constants={"password": lambda: make_password(None)},
    settle=settle_people,
    preview=previews.of_person,
    preview_file=previews.of_people_in_file,
    actions=_actions,
    links=_all,
    notes=_to_come,
    is_ended_by_action=True,
    acts=[
        Event.ACCOUNT_CLOSED,
        Event.ACCOUNT_OPENED,
        Event.NAME_CHANGED,
        Event.PERSON_ENTERED_BY_DIRECTORY,
        Event.PERSON_CHANGED_BY_DIRECTORY,
        Event.PERSON_LINKED,
    ],
    searched=["email", "first_name", "last_name", "title"],
    filtered=["is_active"],
)

ROLES = Register(
    name="roles",
    group=Group.PEOPLE,
    title=_("Roller"),
    one=_("roll"),
    model=Membership,
    columns=[
        Column(
            "email", _("E-postadress"), field="user", kind=Reference(by="email"), is_key=True, others=ADDRESS
        ),
        Column("role", _("Roll"), is_key=True),
        Column(
            "cost_center",
            _("Ansvar"),
            others=("Kostnadsställe",),
            field="department",
            kind=Reference(by="cost_center"),
            is_key=True,
            is_required=False,
        ),
        Column("amount_limit", _("Beloppsgräns")),
        Column("is_substitute", _("Ersättare")),
        Column("decision", _("Beslut"), others=("Beslutsreferens", "Förordnande")),
        Column("from_date", _("Från och med"), field="valid_during", kind=First()),
        Column("through_date", _("Till och med"), field="valid_during", kind=Last()),
    ],
    may_see=can_see_registers,
    may_change=is_administrator,
    reach=_roles_of_others,
    rules=[Rule(_is_over_or_hers, AccountIsClosed, "email")],
    ends="through_date",
    is_of_periods=True,
    settle=settle_roles,
    acts=[Event.MEMBERSHIP_GIVEN, Event.MEMBERSHIP_ENDED],
    searched=["email", "cost_center"],
    filtered=["role", "cost_center"],
)

GROUP_RULES = Register(
    name="group_rules",
    group=Group.PEOPLE,
    title=_("Gruppregler"),
    one=_("gruppregel"),
    model=GroupRule,
    columns=[
        Column("directory", _("Inloggningskatalog"), is_key=True),
        Column("group", _("Grupp"), is_key=True),
        Column("role", _("Roll"), is_key=True),
        Column(
            "cost_center",
            _("Ansvar"),
            others=("Kostnadsställe",),
            field="department",
            kind=Reference(by="cost_center"),
            is_key=True,
            is_required=False,
        ),
        Column("amount_limit", _("Beloppsgräns")),
    ],
    may_see=can_see_registers,
    may_change=is_administrator,
    settle=settle_group_rules,
    searched=["group", "cost_center"],
    filtered=["directory", "role"],
)
